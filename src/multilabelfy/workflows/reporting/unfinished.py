"""Count how far the images of a study are, as the headline's interval asks it: what is not in the release is unfinished."""

from collections.abc import Mapping

from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import ImageState
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images


def progress_of(c: Connection, dataset: StoredDataset, finals: Mapping[ImageId, FinalLabels]) -> ImagesByProgress:
    """How far the dataset's images are; `finals` are those of the release."""
    put_first = {image.id for image in images.moved_in_queue(c, dataset.id, policy_begins="")}
    of_each = (_of_image(image, finals.get(image.id), image.id not in put_first) for image in images.iterate(c, dataset.id))
    return sum(of_each, ImagesByProgress())


def _of_image(image: StoredImage, final: FinalLabels | None, is_drawn: bool) -> ImagesByProgress:
    if final is not None:
        part = CountedImages(1, int(len(final.labels) > 1))
        return ImagesByProgress(drawn=part) if is_drawn and SOURCES[final.source].by_annotators else ImagesByProgress(chosen=part)
    if is_drawn and (image.n_answers or image.state.meaning.is_settled):
        return ImagesByProgress(n_begun=1)
    return ImagesByProgress(n_untouched=1) if is_drawn and image.state is ImageState.OPEN else ImagesByProgress(n_others=1)
