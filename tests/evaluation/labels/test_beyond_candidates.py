"""What two annotators found by search, and the least that neither found."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.labels.beyond_candidates import beyond_candidates

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)


def answer(
    who: int, found: Iterable[int] = (), *, outcome: Outcome = Outcome.LABELLED, surplus: bool = False, maybe: int = -1
) -> Annotation:
    """`who` said yes to label 0, which was shown, and to what was found by search; later people answer later."""
    unprompted = tuple(found)
    screen = Screen((Candidate(0, "m", 1),), 5, (NOW,), search_used=bool(unprompted))
    votes = {0: Vote.YES, **dict.fromkeys(unprompted, Vote.YES), **({maybe: Vote.MAYBE} if maybe >= 0 else {})}
    return Annotation(
        client_id=f"{who}",
        image=ImageId(1),
        annotator=AnnotatorId(who),
        outcome=outcome,
        answers=votes if outcome is Outcome.LABELLED else {},
        screen=screen,
        submitted_at=NOW + timedelta(minutes=who),
        unprompted=unprompted if maybe < 0 else (maybe,),
        surplus=surplus,
    )


def test_labels_found_by_one_and_by_both_give_the_least_that_neither_found() -> None:
    images = [[answer(1, [5, 6]), answer(2, [5, 7])], [answer(1, [8]), answer(2)], [answer(1), answer(2)]]
    found = beyond_candidates(images, seed=0)
    assert found is not None
    assert (found.n_images, found.n_searched, found.n_found_once, found.n_found_twice) == (3, 3, 3, 1)
    assert found.n_unseen_at_least == 3 * 2 / (4 * 2)


def test_only_the_first_two_answers_that_judge_the_labels_are_compared() -> None:
    third, surplus, unsure = answer(3, [9]), answer(0, [9], surplus=True), answer(0, outcome=Outcome.CANNOT_TELL)
    found = beyond_candidates([[surplus, unsure, third, answer(2, [5]), answer(1, [5])]], seed=0)
    assert found is not None
    assert (found.n_found_once, found.n_found_twice) == (0, 1)


def test_a_maybe_is_not_found_and_an_image_with_one_answer_says_nothing() -> None:
    found = beyond_candidates([[answer(1, maybe=5), answer(2, [5])], [answer(1, [4])]], seed=0)
    assert found is not None
    assert (found.n_images, found.n_found_once) == (1, 1)
    assert beyond_candidates([[answer(1, [5])]], seed=0) is None


def test_the_interval_holds_the_bound_and_is_the_same_again() -> None:
    images = [[answer(1, [5, 6]), answer(2, [5])], [answer(1), answer(2, [7])]] * 40
    found = beyond_candidates(images, seed=3)
    assert found is not None
    assert found.interval is not None
    assert found.interval.low < found.n_unseen_at_least == 80 * 79 / (4 * 41) < found.interval.high
    assert beyond_candidates(images, seed=3) == found
