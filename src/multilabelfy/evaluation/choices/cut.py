"""ReaL accuracy of models on the release that a cut of the chances would make: on images that people settled, and on those that it settles.

Before the cut, a model's first label has a chance on each image that waits. So each cut only has to count.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.statistics.intervals import Interval, wilson

Percents = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ModelsUncut:
    """What `models` put first, before the cut.

    Of the images that a cut may settle, `chances` (n_images, n_labels) are the chances of their labels in percent, rounded down, in any
    order, 0 where an image has fewer; `of_first` (n_models, n_images) is the chance of each model's first label, 0 where nobody was asked
    about it. Of the images that people settled, `n_by_people` have labels, and each model's first is one of them on `n_right` (n_models,).
    """

    models: tuple[str, ...]
    chances: Percents
    of_first: Percents
    n_by_people: int
    n_right: Counts


@dataclass(frozen=True, slots=True)
class RealAtCut:
    """A model's ReaL accuracy on the `n` images that would have labels, with Wilson's interval; None without such an image."""

    model: str
    n: int
    real: float | None
    interval: Interval | None


def models_uncut(
    first: Mapping[str, Sequence[int]], people: Sequence[Collection[int]], waiting: Sequence[Mapping[int, int]]
) -> ModelsUncut:
    """From each model's first labels on all of these images, and the images: the labels that people gave each, then each label's percent.

    A model's `first` labels are of the images in this order, those of people first.
    """
    chances = np.zeros((len(waiting), max(map(len, waiting), default=0)), dtype=np.uint8)
    for row, of_image in zip(chances, waiting, strict=True):
        row[: len(of_image)] = list(of_image.values())
    of_first = [
        [of_image.get(label, 0) for of_image, label in zip(waiting, labels[len(people) :], strict=True)] for labels in first.values()
    ]
    n_right = [sum(label in labels for labels, label in zip(people, firsts, strict=False)) for firsts in first.values()]
    return ModelsUncut(
        models=tuple(first),
        chances=chances,
        of_first=np.array(of_first, dtype=np.uint8).reshape(len(first), len(waiting)),
        n_by_people=sum(bool(labels) for labels in people),
        n_right=np.array(n_right, dtype=np.int64),
    )


def real_at_cut(uncut: ModelsUncut, threshold: int, margin: int) -> list[RealAtCut]:
    """Each model's measure, the best first, then in the given order; threshold and margin in percent, so that a cut settles something.

    An image is settled where no chance lies from `threshold − margin` to below `threshold + margin` and one lies higher.
    """
    high, low = threshold + margin, threshold - margin
    is_valid = uncut.chances >= high
    is_settled = is_valid.any(axis=1) & ~((uncut.chances >= low) & ~is_valid).any(axis=1)
    n = uncut.n_by_people + int(is_settled.sum())
    n_right = uncut.n_right + ((uncut.of_first >= high) & is_settled).sum(axis=1)
    measured = [
        RealAtCut(model, n, right / n if n else None, wilson(right, n)) for model, right in zip(uncut.models, n_right.tolist(), strict=True)
    ]
    return sorted(measured, key=lambda of_model: -(of_model.real or 0.0))
