"""Which labels are mixed up, and which image comes first."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import compare
from multilabelfy.disagreement.confusion import LabelDispute, labels_disputed, pairs_confused
from multilabelfy.disagreement.triage import bits, uncertainty

NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAT, LYNX, DOG = range(3)


def said(who: int, yes: Iterable[int] = (), maybe: Iterable[int] = (), outcome: Outcome | None = None) -> Annotation:
    """One annotator's answer to the three labels."""
    answers = {**dict.fromkeys(yes, Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}
    screen = Screen(tuple(Candidate(label, "model", label + 1) for label in (CAT, LYNX, DOG)), 5, (NOW,))
    ending = outcome or (Outcome.LABELLED if answers else Outcome.NONE)
    return Annotation(f"c{who}", ImageId(1), AnnotatorId(who), ending, answers, screen, NOW)


def test_a_pair_is_confused_when_one_is_chosen_instead_of_the_other() -> None:
    assert pairs_confused([said(1, [LYNX]), said(2, [CAT])]) == {(CAT, LYNX)}


def test_a_superset_confuses_no_pair() -> None:
    assert pairs_confused([said(1, [CAT]), said(2, [CAT, LYNX, DOG])]) == frozenset()


def test_labels_are_listed_by_how_often_they_are_disputed() -> None:
    images = [[said(1, [CAT]), said(2, [CAT])], [said(1, [CAT]), said(2, [CAT, LYNX])], [said(1, [LYNX]), said(2, [CAT])]]
    assert labels_disputed(compare(annotations) for annotations in images) == [
        LabelDispute(LYNX, n_named=2, n_disputed=2),
        LabelDispute(CAT, n_named=3, n_disputed=1),
    ]


def test_an_even_split_is_one_bit() -> None:
    assert bits([Vote.YES, Vote.NO]) == pytest.approx(1)
    assert bits([Vote.MAYBE, Vote.MAYBE]) == pytest.approx(1)


def test_the_least_certain_image_comes_first() -> None:
    agreed = uncertainty([said(1, [CAT]), said(2, [CAT])])
    superset = uncertainty([said(1, [CAT]), said(2, [CAT, LYNX])])
    different = uncertainty([said(1, [CAT]), said(2, [LYNX])])
    helpless = uncertainty([said(1, outcome=Outcome.CANNOT_TELL), said(2, outcome=Outcome.CANNOT_TELL)])
    assert agreed < superset < different
    assert helpless > agreed


def test_nobody_naming_a_label_is_quite_certain() -> None:
    assert uncertainty([said(1), said(2)]) == pytest.approx(bits([Vote.NO, Vote.NO]))
