"""Whose labels stand as final in which state."""

from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.image_states import FinalBy, ImageState
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.refinement.model import FinalLabels, LabelSource, Refinement

NOW = datetime(2024, 1, 1, tzinfo=UTC)
IMAGE, CAT, LYNX, DOG = ImageId(1), 0, 1, 2
SCREEN = Screen(tuple(Candidate(label, "model", label + 1) for label in (CAT, LYNX, DOG)), 5, (NOW,))
ANSWERS = [Annotation(f"c{who}", IMAGE, AnnotatorId(who), Outcome.LABELLED, {CAT: Vote.YES}, SCREEN, NOW) for who in (1, 2)]
DECISION = Refinement("r1", IMAGE, AnnotatorId(9), (CAT,), (CAT, LYNX), None, {CAT: Vote.NO, LYNX: Vote.YES}, NOW)
IMPORTED = FinalLabels(IMAGE, (DOG,), LabelSource.IMPORTED)
FINAL = {FinalBy.ANNOTATORS: (CAT,), FinalBy.EXPERTS: (LYNX,), FinalBy.IMPORT: (DOG,), FinalBy.NOBODY: None}


@pytest.mark.parametrize("state", ImageState)
def test_the_state_says_whose_labels_are_final(state: ImageState) -> None:
    final = final_labels(state, ANSWERS, [DECISION], IMPORTED)
    assert (None if final is None else final.labels) == FINAL[state.meaning.final_by]


@pytest.mark.parametrize("state", ImageState)
def test_nothing_is_final_where_nobody_said_anything(state: ImageState) -> None:
    assert final_labels(state) is None


def test_an_agreed_image_that_its_annotators_dispute_now_has_no_final_labels() -> None:
    other = Annotation("c3", IMAGE, AnnotatorId(3), Outcome.LABELLED, {DOG: Vote.YES}, SCREEN, NOW)
    assert final_labels(ImageState.AGREED, [*ANSWERS, other]) is None
