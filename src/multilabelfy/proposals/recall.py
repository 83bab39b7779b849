"""How many of an image's wanted labels are among its first proposals."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.errors import UnknownImage
from multilabelfy.plurals import counted


@dataclass(frozen=True, slots=True)
class Recall:
    """Of the `n_labels` wanted labels of `n_images` images, `n_held` are among the first `k` proposals; in `n_complete` images all are."""

    k: int
    n_images: int
    n_complete: int
    n_labels: int
    n_held: int

    @property
    def of_labels(self) -> float | None:
        """The share of the wanted labels that were proposed; None where nothing is wanted."""
        return self.n_held / self.n_labels if self.n_labels else None

    @property
    def of_images(self) -> float | None:
        """The share of the images whose wanted labels were all proposed; None where there are none."""
        return self.n_complete / self.n_images if self.n_images else None


def recall(proposed: LabelSets, wanted: LabelSets, k: int) -> Recall:
    """Recall at k of the given or final labels in `wanted`, joined by image name; images that want no label do not count.

    Rows of `proposed` are in rank order. Raises UnknownImage where an image that wants a label has no proposals.

    >>> proposed = LabelSets.from_rows(["a", "b"], [[7, 3, 1], [2, 5, 7]])
    >>> given = LabelSets.from_rows(["a", "b"], [[3], [7]])
    >>> recall(proposed, given, 2).of_labels
    0.5
    """
    rows = _rows_of(wanted, proposed)
    n_labels = 1 + int(max(proposed.labels.max(initial=0), wanted.labels.max(initial=0)))
    ranks = np.arange(len(proposed.labels)) - np.repeat(proposed.offsets[:-1], proposed.counts)
    pairs = np.repeat(np.arange(len(proposed)), proposed.counts) * n_labels + proposed.labels
    held = np.isin(np.repeat(rows, wanted.counts) * n_labels + wanted.labels, pairs[ranks < k])
    n_held = np.bincount(np.repeat(np.arange(len(wanted)), wanted.counts), weights=held, minlength=len(wanted))
    asked = wanted.counts > 0
    return Recall(k, int(asked.sum()), int((n_held == wanted.counts)[asked].sum()), len(wanted.labels), int(held.sum()))


def is_held(ranked: npt.NDArray[np.int32], given: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each image's given label (n_images,) is among its ranked ones (n_images, k); a negative one, "none given", never is."""
    held: npt.NDArray[np.bool_] = (ranked == given[:, None]).any(axis=1)
    return held


def _rows_of(wanted: LabelSets, proposed: LabelSets) -> npt.NDArray[np.int64]:
    """For each wanted image its row among the proposed ones; 0 for one that wants nothing and has none."""
    row_of = {image: row for row, image in enumerate(proposed.images)}
    missing = [image for image, count in zip(wanted.images, wanted.counts, strict=True) if count and image not in row_of]
    if missing:
        raise UnknownImage(
            f"Cannot say how many labels were proposed: without proposals: {counted(len(missing), 'image')}, the first is '{missing[0]}'. "
            "Run `multilabelfy propose` first, or leave them out."
        )
    return np.array([row_of.get(image, 0) for image in wanted.images], dtype=np.int64)
