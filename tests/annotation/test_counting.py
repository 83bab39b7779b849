"""Which answers stand, and which count."""

from dataclasses import replace
from datetime import UTC, datetime

from multilabelfy.annotation.counting import counting, standing
from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Screen
from multilabelfy.dataset.model import ImageId

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def said(who: int, image: int = 1, revision: int = 1, *, surplus: bool = False) -> Annotation:
    """One revision of one annotator's answer."""
    empty = Annotation(f"c{who}-{image}-{revision}", ImageId(image), AnnotatorId(who), Outcome.NONE, {}, Screen((), 5, ()), NOW)
    return replace(empty, revision=revision, surplus=surplus)


def test_of_one_annotator_the_newest_revision_stands() -> None:
    assert standing([said(1), said(2), said(1, revision=2)]) == [said(1, revision=2), said(2)]


def test_an_answer_to_another_image_stands_beside_it() -> None:
    assert standing([said(1), said(1, image=2)]) == [said(1), said(1, image=2)]


def test_a_surplus_answer_stands_and_does_not_count() -> None:
    late = said(3, surplus=True)
    assert standing([said(1), late]) == [said(1), late]
    assert counting([late, said(2), said(1)]) == [said(2), said(1)]


def test_nothing_counts_where_nobody_holds_a_place() -> None:
    assert counting([said(1, surplus=True)]) == []
