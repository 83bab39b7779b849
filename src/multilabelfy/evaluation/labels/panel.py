"""The headline of a study whose overlap adapts, from its panel: images drawn at random that keep the fixed overlap in any case.

What a policy finishes first is clear, and clear images have fewer labels: counted among all that is finished, the share of images with at
least two labels is wrong until every image is finished. The panel's is right at any time, each image counted by one over the probability of
its draw (`statistics.weighted`; shown by simulation in docs/annotation.md), as far as the panel itself is finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.statistics.weighted import WeightedShare, hajek


@dataclass(frozen=True, slots=True)
class PanelHeadline:
    """The share of images with at least two labels by the panel: of all images, and of those with any label (None: no such image).

    Of the `n_drawn` images of the panel `n_finished` have final labels, and `n_nonempty` of them any.
    """

    of_all: WeightedShare
    of_nonempty: WeightedShare | None
    n_nonempty: int
    n_finished: int
    n_drawn: int


def panel_headline(n_labels: Sequence[int], probabilities: Sequence[float], n_drawn: int) -> PanelHeadline | None:
    """From the finished images of the panel: how many labels each has, and the probability of its draw. None without any.

    >>> found = panel_headline([2, 1, 0], [0.1, 0.1, 0.1], n_drawn=4)
    >>> round(found.of_all.share, 3), found.of_nonempty.share
    (0.333, 0.5)
    """
    if not n_labels:
        return None
    nonempty = [(n > 1, probability) for n, probability in zip(n_labels, probabilities, strict=True) if n]
    return PanelHeadline(
        of_all=hajek([n > 1 for n in n_labels], probabilities),
        of_nonempty=hajek(*zip(*nonempty, strict=True)) if nonempty else None,
        n_nonempty=len(nonempty),
        n_finished=len(n_labels),
        n_drawn=n_drawn,
    )
