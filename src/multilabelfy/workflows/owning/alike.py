"""The images that look most like an image, as its page shows them: nothing that anybody answered or decided is among it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.dataset.looks import kin
from multilabelfy.store.decisions import withheld
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AlikeImage:
    """An image that looks like another: its given label, and the cosine of the two's embeddings, at most 1. The picture of one that
    `is_withheld` is not drawn."""

    image: StoredImage
    given: Label | None
    similarity: float
    is_withheld: bool = False


def alike_images(workspace: Workspace, name: str, image: ImageId) -> tuple[AlikeImage, ...]:
    """The readable images that look most like this one, nearest first; none where kin were never worked out. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        of_image = kin.of_image(c, image)
        stored = images.get_many(c, [each.image for each in of_image])
        given = {each.given_label for each in stored.values() if each.given_label is not None}
        names = labels.labels_by_index(c, dataset.id, sorted(given))
        not_shown = withheld.on_pages(c, stored.values())
    return tuple(_alike(of_image, stored, names, not_shown))


def _alike(
    of_image: Iterable[kin.Kin], stored: Mapping[ImageId, StoredImage], names: Mapping[int, Label], not_shown: frozenset[ImageId]
) -> Iterable[AlikeImage]:
    for each in of_image:
        image = stored.get(each.image)
        if image is not None and image.state.meaning.is_shown:
            given = None if image.given_label is None else names.get(image.given_label)
            yield AlikeImage(image, given, each.similarity, image.id in not_shown)
