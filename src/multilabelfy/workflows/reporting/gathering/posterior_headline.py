"""Gather what the headline by the posterior is made from: the chances of a study's votes, what experts decided, and what is unfinished."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.questions import Questions
from multilabelfy.evaluation.posterior.answered_images import UNKNOWN, AnsweredImages
from multilabelfy.evaluation.posterior.headline import PosteriorShares, posterior_shares
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.reporting.gathering.released import newest_release
from multilabelfy.workflows.reporting.gathering.unfinished import placed_first


def posterior_shares_of(c: Connection, dataset: StoredDataset) -> PosteriorShares | None:
    """From every standing vote, what models proposed, and the newest release's decisions of experts.

    Raises UnknownRelease. None where there is no posterior to be had.
    """
    release = newest_release(c, dataset)
    chances = chances_of(c, dataset, Counted())
    known = {final.image: final for _, final in releases.labels_of(c, dataset.id, release.number) if _is_known(final)}
    places = list(dict.fromkeys((*chances.images, *known)))
    put_first = placed_first(c, dataset)
    chosen = put_first | {image for image, final in known.items() if not SOURCES[final.source].by_annotators}
    n_left, n_untouched = _left(c, dataset, frozenset(places), put_first)
    answered = AnsweredImages(
        questions=chances.questions,
        fit=chances.fit,
        n_known=np.array([len(known[image].labels) if image in known else UNKNOWN for image in places], dtype=np.int64),
        decided=_decided(chances.questions, places, known),
        is_drawn=np.array([image not in chosen for image in places], dtype=np.bool_),
        n_untouched=n_untouched,
        n_others=n_left - n_untouched,
    )
    return posterior_shares(answered)


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


def _left(c: Connection, dataset: StoredDataset, known: frozenset[ImageId], put_first: frozenset[ImageId]) -> tuple[int, int]:
    """How many images of the study have neither an answer nor known labels, and how many of these wait in the random queue."""
    left = [
        (image, state) for image, state, _ in images.states_and_answers(c, dataset.id) if state.meaning.is_in_study and image not in known
    ]
    return len(left), sum(state in AWAITING_ANNOTATORS and image not in put_first for image, state in left)
