"""Say beforehand what a release by the posterior would hold, and what it would leave to experts, wherever the chances are cut.

A page shows this for each place of its slider. So it must fit into the page and take no time: chances are kept as whole percents, rounded
down, which cuts at whole percents cannot tell from the chances themselves. `web/static/js/study/by-posterior.js` counts the same in the
browser.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multilabelfy.refinement.final_labels.by_posterior import Weighed

GRID = tuple(percent / 100 for percent in range(1, 100))
MOST_LABELS = 4
"""Images with so many labels or more are counted together."""


@dataclass(frozen=True, slots=True)
class Uncut:
    """A study before the cut. `images` are those that a cut may settle: their labels' chances in percent, greatest first, without those
    below 1%, in an order that tells nothing of which image is which. `n_for_experts` wait for an expert in any case. `by_people` counts the
    images that people or an import settled, by number of labels (the last: MOST_LABELS or more)."""

    images: tuple[tuple[int, ...], ...]
    n_for_experts: int
    by_people: tuple[int, ...]

    @property
    def n_waiting(self) -> int:
        """How many images wait for an expert."""
        return len(self.images) + self.n_for_experts

    @property
    def packed(self) -> bytes:
        """The images as bytes: the percents of each, then a 0."""
        return bytes(value for image in self.images for value in (*image, 0))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a cut would do: how many images it settles, how many it leaves to experts and why, and the release's images by number of
    labels."""

    n_settled: int
    n_below: int
    n_in_doubt: int
    n_for_experts: int
    by_labels: tuple[int, ...]

    @property
    def n_left(self) -> int:
        """How many images experts would be left with."""
        return self.n_below + self.n_in_doubt + self.n_for_experts


def uncut(waiting: Iterable[Weighed], sizes: Mapping[int, int]) -> Uncut:
    """From the images that wait for an expert, and how many images that people settled have so many labels."""
    images, n_for_experts = [], 0
    for weighed in waiting:
        if weighed.is_for_experts:
            n_for_experts += 1
        else:
            images.append(percents(weighed.chances.values()))
    return Uncut(tuple(sorted(images)), n_for_experts, by_number(sizes))


def percents(chances: Iterable[float]) -> tuple[int, ...]:
    """Whole percents, rounded down, the greatest first, without those below 1%.

    >>> percents([0.29, 0.004, 0.999])
    (99, 29)
    """
    return tuple(sorted((at for chance in chances if (at := percent(chance))), reverse=True))


def percent(chance: float) -> int:
    """The whole percent, rounded down, 99 at most.

    >>> percent(0.29), percent(0.004), percent(1.0)
    (29, 0, 99)
    """
    return bisect_right(GRID, chance)


def by_number(sizes: Mapping[int, int]) -> tuple[int, ...]:
    """How many images have no label, one, … and MOST_LABELS or more.

    >>> by_number({0: 2, 1: 5, 4: 1, 7: 1})
    (2, 5, 0, 0, 2)
    """
    return tuple(sum(n for size, n in sizes.items() if min(size, MOST_LABELS) == number) for number in range(MOST_LABELS + 1))


def within(threshold: int, margin: int) -> tuple[int, int]:
    """The nearest threshold and margin, in percent, at which an image can be settled.

    >>> within(0, 10), within(60, 45), within(50, 49)
    ((1, 0), (60, 39), (50, 49))
    """
    threshold = min(max(threshold, 1), 99)
    return threshold, max(0, min(margin, threshold - 1, 99 - threshold))


def foreseen(study: Uncut, threshold: int, margin: int) -> Foreseen:
    """What this cut would do; both in percent and as `within` has them."""
    high, low = threshold + margin, threshold - margin
    n_below = n_in_doubt = 0
    sizes: Counter[int] = Counter()
    for image in study.images:
        if any(low <= chance < high for chance in image):
            n_in_doubt += 1
        elif not image or image[0] < high:
            n_below += 1
        else:
            sizes[sum(chance >= high for chance in image)] += 1
    by_labels = tuple(people + settled for people, settled in zip(study.by_people, by_number(sizes), strict=True))
    return Foreseen(sizes.total(), n_below, n_in_doubt, study.n_for_experts, by_labels)
