"""How many images have several valid labels: the headline, with Wilson's interval (it covers the sampling of images alone)."""

from dataclasses import dataclass

import numpy as np

from multilabelfy.dataset.model import LabelSets
from multilabelfy.statistics.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class SeveralLabels:
    """Images by their number of labels: `histogram[k]` images have k labels."""

    histogram: tuple[int, ...]

    @property
    def n_images(self) -> int:
        """All images."""
        return sum(self.histogram)

    @property
    def n_nonempty(self) -> int:
        """Images with at least one label."""
        return sum(self.histogram[1:])

    @property
    def n_several(self) -> int:
        """Images with at least two labels."""
        return sum(self.histogram[2:])

    @property
    def share(self) -> float | None:
        """The share of all images with at least two labels; None without images."""
        return self.n_several / self.n_images if self.n_images else None

    @property
    def share_of_nonempty(self) -> float | None:
        """The same share of the images with at least one label."""
        return self.n_several / self.n_nonempty if self.n_nonempty else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of `share`."""
        return wilson(self.n_several, self.n_images)

    @property
    def interval_of_nonempty(self) -> Interval | None:
        """Wilson's interval of `share_of_nonempty`."""
        return wilson(self.n_several, self.n_nonempty)

    @property
    def mean(self) -> float | None:
        """The mean number of labels of all images."""
        total = sum(k * n for k, n in enumerate(self.histogram))
        return total / self.n_images if self.n_images else None


def several_labels(sets: LabelSets) -> SeveralLabels:
    """Count the images by their number of labels."""
    return SeveralLabels(tuple(np.bincount(sets.counts).tolist()))
