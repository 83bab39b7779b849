"""Whether a label's place on the page changes the answer: only orders drawn at random say so, and ranks are taken out."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.annotation.page import as_drawn
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.answer_quality.position import Positions, positions
from multilabelfy.report.about_people.position import position_finding
from multilabelfy.report.findings import Subject

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SEED, N_LABELS, FIVE = 7, 10, 5


def answered(image: int, person: int, says_yes: Callable[[int, int], bool], *, is_drawn: bool = True, opened: int = 2) -> Annotation:
    """An answer by a rule of (place, rank), both from 0, on a screen drawn at random or in the models' order."""
    ranked = tuple(Candidate(label, "model", label) for label in range(N_LABELS))
    shown = as_drawn(ranked, seed=SEED, image=ImageId(image), annotator=AnnotatorId(person)) if is_drawn else ranked
    screen = Screen(shown, FIVE, tuple(NOW if group < opened else None for group in range(N_LABELS // FIVE)))
    yes = {candidate.label: Vote.YES for place, candidate in enumerate(shown[: opened * FIVE]) if says_yes(place, candidate.rank or 0)}
    outcome = Outcome.LABELLED if yes else Outcome.NONE
    return Annotation(f"{image}-{person}", ImageId(image), AnnotatorId(person), outcome, yes, screen, NOW)


def by(says_yes: Callable[[int, int], bool], n_images: int = 200) -> Positions:
    found = positions([[answered(image, person, says_yes) for person in (1, 2)] for image in range(n_images)], seed=SEED)
    assert found is not None
    return found


def test_people_who_tick_what_stands_first_are_found_out() -> None:
    found = by(lambda place, _rank: place < 2)
    assert [share.share for share in found.places] == [1.0, 1.0, *[0.0] * 8]
    assert [(share.first, share.last, share.share) for share in found.groups] == [(1, 5, 0.4), (6, 10, 0.0)]
    assert found.slope_interval is not None
    assert found.slope_interval.high < 0
    assert position_finding(found, Subject("toys")).title.startswith("Labels further down the page get fewer yes answers: −")


def test_people_who_look_at_the_label_alone_are_not_accused() -> None:
    found = by(lambda _place, rank: rank < 2)
    assert found.slope == pytest.approx(0, abs=1e-12)
    title = position_finding(found, Subject("toys")).title
    assert title.startswith("A label’s place on the page does not reliably change the answer")


def test_ranks_that_differ_between_places_by_chance_are_taken_out() -> None:
    """Who says yes to the two best ranks alone has by each place a share that chance moves; adjusted, it is 20% everywhere."""
    found = by(lambda _place, rank: rank < 2, n_images=20)
    assert len({share.share for share in found.places}) > 1
    assert [share.adjusted for share in found.places] == pytest.approx([0.2] * N_LABELS)


def test_an_order_by_rank_says_nothing_about_places() -> None:
    assert positions([[answered(0, 1, lambda place, _rank: place == 0, is_drawn=False)]], seed=SEED) is None


def test_what_was_not_opened_was_not_answered() -> None:
    found = positions([[answered(image, 1, lambda _place, _rank: False, opened=1)] for image in range(20)], seed=SEED)
    assert found is not None
    assert [(share.last, share.n) for share in found.groups] == [(5, 100)]


def test_the_finding_has_the_groups_and_every_place_with_intervals() -> None:
    rows = position_finding(by(lambda place, rank: (place + rank) % 3 == 0), Subject("toys")).table.records()
    assert [row["where"] for row in rows][:3] == ["places 1–5", "places 6–10", "place 1"]
    assert len(rows) == 2 + N_LABELS
    assert all(row["adjusted_low"] < row["adjusted_high"] for row in rows)  # type: ignore[operator]
