"""What does the unfinished part of a study do to the headline, the share of images with at least two labels?

Two kinds of images have no final labels. Those that nobody has begun are *weighted*: the annotators' queue is drawn by seed, so that
begun images are a random sample of all, and what holds for the sample holds for the rest. Those that were begun and are not decided are
*bounded*: they wait because people differ about them, so that they are unlike the decided ones, and each may turn out either way (Horowitz
& Manski 1995). So may those that do not come by the draw: without proposals, or put first in the queue, or among their kin, by their
owner. Each end of the bounds is then widened by Wilson's interval over all images that were looked at.
"""

from dataclasses import dataclass

from multilabelfy.statistics.intervals import Interval, wilson_of_share


@dataclass(frozen=True, slots=True)
class CountedImages:
    """Images of one kind, and how many of them have at least two labels."""

    n: int = 0
    n_several: int = 0

    def __add__(self, other: "CountedImages") -> "CountedImages":
        return CountedImages(self.n + other.n, self.n_several + other.n_several)


@dataclass(frozen=True, slots=True)
class ImagesByProgress:
    """The images of a study by how far they are; together they are all of its images.

    Of those that come by the draw, `drawn` have final labels, `n_begun` have an answer but no final labels yet (they lack answers or
    decisions, or experts differ), and `n_untouched` wait in the queue. Of all others, `chosen` have final labels (imported with them, or
    put first in the queue by their owner) and `n_others` have none. On `n_contested` of those without, experts differ: they wait for an
    owner. `unreadable` are the paths of files that are not readable pictures, and none of these images.
    """

    drawn: CountedImages = CountedImages()
    chosen: CountedImages = CountedImages()
    n_begun: int = 0
    n_untouched: int = 0
    n_others: int = 0
    n_contested: int = 0
    unreadable: tuple[str, ...] = ()

    def __add__(self, other: "ImagesByProgress") -> "ImagesByProgress":
        return ImagesByProgress(
            self.drawn + other.drawn,
            self.chosen + other.chosen,
            self.n_begun + other.n_begun,
            self.n_untouched + other.n_untouched,
            self.n_others + other.n_others,
            self.n_contested + other.n_contested,
            self.unreadable + other.unreadable,
        )

    @property
    def finished(self) -> CountedImages:
        """The images with final labels."""
        return self.drawn + self.chosen

    @property
    def n_unfinished(self) -> int:
        """Without final labels, for whatever reason."""
        return self.n_begun + self.n_untouched + self.n_others

    @property
    def n_images(self) -> int:
        """All images."""
        return self.finished.n + self.n_unfinished


@dataclass(frozen=True, slots=True)
class WholeShare:
    """The share of all images with at least two labels, as far as an unfinished study tells it.

    `bounds` assume nothing about the unfinished images of this dataset. `interval` weighs and bounds them, as above, and covers the
    sampling of images, as the interval of a finished study does.
    """

    bounds: Interval
    interval: Interval


def share_of_whole(progress: ImagesByProgress) -> WholeShare | None:
    """The headline over all images; None without images. A finished study has Wilson's interval around its share, and bounds that meet.

    >>> share_of_whole(ImagesByProgress(drawn=CountedImages(80, 35), n_begun=20)).bounds
    Interval(low=0.35, high=0.55)
    """
    n = progress.n_images
    if not n:
        return None
    n_several, n_looked_at = progress.finished.n_several, progress.drawn.n + progress.n_begun
    bounds = Interval(n_several / n, (n_several + progress.n_unfinished) / n)
    if not n_looked_at:  # nothing tells what the untouched ones hold
        return WholeShare(bounds, _widened(bounds, n))
    scale = 1 + progress.n_untouched / n_looked_at
    low = progress.chosen.n_several + scale * progress.drawn.n_several
    high = low + scale * progress.n_begun + progress.n_others
    return WholeShare(bounds, _widened(Interval(low / n, min(1.0, high / n)), n - progress.n_untouched))


def _widened(ends: Interval, n: int) -> Interval:
    return Interval(wilson_of_share(ends.low, n).low, wilson_of_share(ends.high, n).high)
