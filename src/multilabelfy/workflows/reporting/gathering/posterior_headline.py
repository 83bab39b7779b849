"""Gather what the headline by the posterior is made from: the chances of a study's votes, what experts decided, and what is unfinished."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import SETTLED, ImageState
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.questions import Questions
from multilabelfy.evaluation.labels.beyond_candidates import beyond_candidates
from multilabelfy.evaluation.posterior.answered_images import UNKNOWN, AnsweredImages
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline, posterior_headline
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.report.material import SEED
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.reporting.gathering.released import released
from multilabelfy.workflows.reporting.gathering.unfinished import placed_first


def posterior_headline_of(c: Connection, dataset: StoredDataset) -> PosteriorHeadline | None:
    """From every standing vote, what models proposed, the newest release's decisions of experts, and what annotators found by search.

    Raises UnknownRelease. None where there is no posterior to be had.
    """
    chances = chances_of(c, dataset, Counted())
    known = {final.image: final for _, final in released(c, dataset).finals if _is_known(final)}
    places = list(dict.fromkeys((*chances.images, *known)))
    chosen = placed_first(c, dataset) | {image for image, final in known.items() if not SOURCES[final.source].by_annotators}
    n_left, n_untouched = _left(c, dataset, frozenset(places))
    answered = AnsweredImages(
        questions=chances.questions,
        fit=chances.fit,
        n_known=np.array([len(known[image].labels) if image in known else UNKNOWN for image in places], dtype=np.int64),
        decided=_decided(chances.questions, places, known),
        is_drawn=np.array([image not in chosen for image in places], dtype=np.bool_),
        n_untouched=n_untouched,
        n_others=n_left - n_untouched,
        beyond=beyond_candidates((answers for _, answers in annotations.iterate_counting(c, dataset.id, SETTLED)), seed=SEED),
    )
    return posterior_headline(answered)


def _is_known(final: FinalLabels) -> bool:
    """Whether experts decided these labels, or they came with the import: no vote tells more of them."""
    return SOURCES[final.source].by_experts or not SOURCES[final.source].by_annotators


def _decided(questions: Questions, places: Sequence[ImageId], known: Mapping[ImageId, FinalLabels]) -> npt.NDArray[np.float64]:
    """What experts say of each question, (n_questions,): 1 valid, 0 not, NaN where none decided its image."""
    by_experts = [SOURCES[known[image].source].by_experts if image in known else False for image in places]
    n_labels = int(questions.label.max(initial=0)) + 1
    valid = [
        place * n_labels + label
        for place, image in enumerate(places)
        if by_experts[place]
        for label in known[image].labels
        if label < n_labels
    ]
    is_valid = np.isin(questions.image * n_labels + questions.label, np.array(valid, dtype=np.int64))
    return np.where(np.array(by_experts, dtype=np.bool_)[questions.image], is_valid.astype(np.float64), np.nan)


def _left(c: Connection, dataset: StoredDataset, known: frozenset[ImageId]) -> tuple[int, int]:
    """How many images have neither an answer nor known labels, and how many of these wait in the random queue."""
    first = placed_first(c, dataset)
    left = [(image, state) for image, state, _ in images.states_and_answers(c, dataset.id) if image not in known]
    return len(left), sum(state is ImageState.OPEN and image not in first for image, state in left)
