"""Which disputes an expert's filter lets through."""

from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import Why
from multilabelfy.refinement.image_filter import EVERY_CASE, CaseFilter, fits

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
CAT, DOG, FOX = 1, 2, 3


def said(annotator: int, *yes: int, outcome: Outcome | None = None) -> Annotation:
    """One annotator's answer on a screen with all three labels."""
    screen = Screen(tuple(Candidate(label, "m", label) for label in (CAT, DOG, FOX)), 5, (NOW,))
    votes = dict.fromkeys(yes, Vote.YES)
    return Annotation(f"id-{annotator}", ImageId(1), AnnotatorId(annotator), outcome or Outcome.LABELLED, votes, screen, NOW)


@pytest.mark.parametrize(
    ("wanted", "is_in"),
    [
        (EVERY_CASE, True),
        (CaseFilter(label=CAT), True),
        (CaseFilter(label=FOX), False),
        (CaseFilter(label=DOG, other=CAT), True),  # 7 chose the one, 8 the other instead
        (CaseFilter(label=DOG, other=FOX), False),
        (CaseFilter(annotators=frozenset({AnnotatorId(8)})), True),
        (CaseFilter(annotators=frozenset({AnnotatorId(9)})), False),
        (CaseFilter(why=Why.SETS_DIFFER), True),
        (CaseFilter(why=Why.UNFIT), False),
        (CaseFilter(label=CAT, why=Why.UNFIT), False),
    ],
)
def test_a_filter_asks_for_all_that_it_names(wanted: CaseFilter, is_in: bool) -> None:
    assert fits(wanted, [said(7, CAT), said(8, DOG)]) is is_in


def test_one_label_found_and_another_missed_is_no_confusion_of_the_two() -> None:
    assert not fits(CaseFilter(label=CAT, other=DOG), [said(7, CAT, DOG), said(8, CAT)])
