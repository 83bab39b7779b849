"""Suggest a model for a machine: the best by ReaL accuracy that is through with the images in an hour, as far as that can be known.

On a graphics card that is the best model there is. On a processor, time is estimated from work: a device does about as many multiplications
a second for one network as for another. How many is taken from what was measured on it; else a guess a core is used, and called one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from multilabelfy.inference.choosing.table import KnownModel, best_for_their_work
from multilabelfy.inference.precision import is_exact

SECONDS = 3600
USUAL_IMAGES = 10_000
"""As many as ImageNetV2 has; where no dataset is named, its size is assumed."""
GUESSED_GIGAMACS = 50.0
"""A second and core: on two cores, resnet50 (4.1 GMACs) was measured at about 40 images a second; networks of attention are slower."""


@dataclass(frozen=True, slots=True)
class MeasuredSpeed:
    """A model's speed on this device in an earlier run."""

    model: str
    images_per_second: float


@dataclass(frozen=True, slots=True)
class SuggestedModel:
    """The model, for how many images, and on a processor the estimated seconds for all of them.

    `is_guess` says that no model of the table was measured here.
    """

    known: KnownModel
    n_images: int
    seconds: float | None
    is_guess: bool

    @property
    def time(self) -> timedelta | None:
        """The estimate as a duration."""
        return None if self.seconds is None else timedelta(seconds=self.seconds)

    @property
    def is_in_time(self) -> bool:
        """Whether it should be through in an hour; a graphics card is taken to be fast enough."""
        return self.seconds is None or self.seconds <= SECONDS


@dataclass(frozen=True, slots=True)
class EstimatedTime:
    """Seconds on a processor; `is_guess` says that no model of the table was measured here."""

    seconds: float
    is_guess: bool


def suggested(
    table: Mapping[str, KnownModel], *, n_cores: int, has_card: bool, measured: Sequence[MeasuredSpeed] = (), n_images: int | None = None
) -> SuggestedModel:
    """The best model that takes at most an hour for so many images; if none does, the one with the least work."""
    n = n_images or USUAL_IMAGES
    choice = best_for_their_work(table)
    if has_card:
        return SuggestedModel(choice[-1], n, None, is_guess=False)
    estimates = [estimated(table, model.gigamacs or 0.0, n_cores=n_cores, measured=measured, n_images=n) for model in choice]
    in_time = [place for place, estimate in enumerate(estimates) if estimate.seconds <= SECONDS]
    place = in_time[-1] if in_time else 0
    return SuggestedModel(choice[place], n, estimates[place].seconds, estimates[place].is_guess)


def estimated(
    table: Mapping[str, KnownModel], gigamacs: float, *, n_cores: int, measured: Sequence[MeasuredSpeed], n_images: int
) -> EstimatedTime:
    """How long a processor takes for so many images with a network of so much work a picture."""
    rates = [speed.images_per_second * work for speed in measured if (work := _work(table, speed.model))]
    return EstimatedTime(n_images * gigamacs / (median(rates) if rates else GUESSED_GIGAMACS * n_cores), is_guess=not rates)


def _work(table: Mapping[str, KnownModel], model: str) -> float | None:
    known = table.get(model.partition("@")[0]) if is_exact(model) else None  # what other numbers take says nothing of float32
    return known.gigamacs if known else None
