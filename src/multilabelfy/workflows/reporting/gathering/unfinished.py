"""Count how far the images of a study are, as the headline's interval asks it: what is not in the release is unfinished.

A file that is not a readable picture shows nothing that a label could be right for: it is no image of the study, and named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.overlap import POLICY
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, ImageState
from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images


def progress_of(c: Connection, dataset: StoredDataset, finals: Mapping[ImageId, FinalLabels]) -> ImagesByProgress:
    """How far the dataset's images are; `finals` are those of the release."""
    put_first = placed_first(c, dataset)
    every = list(images.states_and_answers(c, dataset.id))
    outside = {image for image, state, _ in every if image not in finals and not state.meaning.is_in_study}
    of_each = (_of_image(finals.get(image), image not in put_first, state, n) for image, state, n in every if image not in outside)
    named = sorted(images.get_many(c, outside).values(), key=lambda image: image.place)
    return replace(sum(of_each, ImagesByProgress()), unreadable=tuple(image.path for image in named))


def is_drawn(c: Connection, dataset: StoredDataset, finals: Sequence[FinalLabels]) -> npt.NDArray[np.bool_]:
    """Which of these images came by the draw, (n_images,): decided in this study, and not moved by their owner."""
    put_first = placed_first(c, dataset)
    return np.array([_by_the_draw(final, final.image not in put_first) for final in finals], dtype=bool)


def placed_first(c: Connection, dataset: StoredDataset) -> frozenset[ImageId]:
    """Those that an owner moved in the queue, first or among their kin (groups are drawn, not images one by one); what is asked about again
    came by the draw before."""
    moved, again = (images.moved_in_queue(c, dataset.id, policy_begins=policy) for policy in ("", POLICY))
    return frozenset(image.id for image in moved) - {image.id for image in again}


def _by_the_draw(final: FinalLabels, is_in_queue: bool) -> bool:
    return is_in_queue and SOURCES[final.source].by_annotators


def _of_image(final: FinalLabels | None, is_in_queue: bool, state: ImageState, n_answers: int) -> ImagesByProgress:
    if final is not None:
        part = CountedImages(1, int(len(final.labels) > 1))
        return ImagesByProgress(drawn=part) if _by_the_draw(final, is_in_queue) else ImagesByProgress(chosen=part)
    n_contested = int(state.meaning.is_contested)
    if is_in_queue and (n_answers or state.meaning.is_settled):
        return ImagesByProgress(n_begun=1, n_contested=n_contested)
    if is_in_queue and state in AWAITING_ANNOTATORS:
        return ImagesByProgress(n_untouched=1)
    return ImagesByProgress(n_others=1, n_contested=n_contested)
