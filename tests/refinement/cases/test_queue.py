"""What an expert is shown, and who may be that expert."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import Disagreement, compare
from multilabelfy.refinement.cases.queue import Tally, labels_to_show, may_refine, start_from, tallies

NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAT, LYNX, DOG = range(3)
CANDIDATES = tuple(Candidate(label, "model", label + 1) for label in (CAT, LYNX, DOG))


def said(who: int, yes: Iterable[int] = (), maybe: Iterable[int] = (), outcome: Outcome | None = None) -> Annotation:
    """One annotator's answer to the three labels."""
    answers = {**dict.fromkeys(yes, Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}
    ending = outcome or (Outcome.LABELLED if answers else Outcome.NONE)
    return Annotation(f"c{who}", ImageId(1), AnnotatorId(who), ending, answers, Screen(CANDIDATES, 5, (NOW,)), NOW)


def test_the_open_style_shows_disputed_labels_first_and_starts_from_the_union() -> None:
    annotations = [said(1, [CAT]), said(2, [CAT, DOG])]
    assert labels_to_show(compare(annotations), CANDIDATES, RefinementStyle.OPEN, (1, 1, 1)) == (DOG, CAT)
    assert start_from(annotations, RefinementStyle.OPEN) == (CAT, DOG)


def test_the_blind_style_starts_from_nothing() -> None:
    assert start_from([said(1, [CAT]), said(2, [DOG])], RefinementStyle.BLIND) == ()


@given(st.sets(st.integers(0, 50), min_size=2, max_size=12), st.integers(0, 9))
def test_the_blind_order_is_a_shuffle_that_tells_nothing_and_stays(named: set[int], expert: int) -> None:
    labels = sorted(named)
    one_way = Disagreement(agreed=tuple(labels[:1]), disputed=tuple(labels[1:]), why=())
    other_way = Disagreement(agreed=tuple(labels[1:]), disputed=tuple(labels[:1]), why=())
    shown = labels_to_show(one_way, (), RefinementStyle.BLIND, (1, 2, expert))
    assert sorted(shown) == labels
    assert shown == labels_to_show(other_way, (), RefinementStyle.BLIND, (1, 2, expert))


def test_experts_see_different_orders() -> None:
    many = Disagreement(agreed=(), disputed=tuple(range(12)), why=())
    orders = {labels_to_show(many, (), RefinementStyle.BLIND, (1, 2, expert)) for expert in range(10)}
    assert len(orders) > 1


def test_where_nobody_named_a_label_the_candidates_are_shown() -> None:
    annotations = [said(1), said(2)]
    assert labels_to_show(compare(annotations), CANDIDATES, RefinementStyle.OPEN, (1, 1, 1)) == (CAT, LYNX, DOG)


def test_tallies_split_the_answers_without_names() -> None:
    annotations = [said(1, [CAT]), said(2, [DOG], maybe=[CAT]), said(3, outcome=Outcome.CANNOT_TELL)]
    assert tallies(annotations, [CAT, DOG]) == {CAT: Tally(CAT, 1, 1, 0, 1), DOG: Tally(DOG, 1, 0, 1, 1)}


def test_nobody_decides_on_their_own_answer() -> None:
    annotations = [said(1, [CAT]), said(2, [DOG])]
    assert may_refine(AnnotatorId(3), annotations)
    assert not may_refine(AnnotatorId(2), annotations)
