"""Does the place of a label on the page change what people say about it? The share of yes by place, and by group of the page.

Only orders that were drawn at random count: there the place of a label is independent of everything else about it, so that a difference
between places is an effect of the place. Ranks still differ between places by chance, and weigh much: the adjusted share is the share
over all places plus the mean, over the answers at this place, of the answer less the share of yes at the same rank. Intervals resample
images. Labels in groups that were not opened were not answered; that later groups are opened less often does not bias the shares, as
long as people open them regardless of what is in them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Annotation, Candidate, Vote
from multilabelfy.annotation.page import is_as_drawn
from multilabelfy.annotation.votes import votes_of
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import resampled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

UNRANKED = -1


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """The answers at some places, from `first` to `last` (from 1): how many, the share of yes, and the share adjusted for rank."""

    first: int
    last: int
    n: int
    share: float
    adjusted: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Positions:
    """Shares of yes by place and by group of the page, and `slope`: how the adjusted share changes from one place to the next."""

    n_answers: int
    n_images: int
    n_screens: int
    places: tuple[PlaceShare, ...]
    groups: tuple[PlaceShare, ...]
    slope: float
    slope_interval: Interval | None


@dataclass(frozen=True, slots=True)
class _Answers:
    """Answers as columns, each (n,): the image's code, the place from 0, the rank (UNRANKED where unknown) and whether it is a yes."""

    image: Ints
    place: Ints
    rank: Ints
    yes: Floats

    @property
    def n_places(self) -> int:
        return int(self.place.max()) + 1


def positions(by_image: Iterable[Sequence[Annotation]], *, seed: int, resampling_seed: int = 0) -> Positions | None:
    """Compare the places of all screens whose order `seed` drew at random; None where there is no such answer, or a single place."""
    drawn = [[answer for answer in answers if _is_random(answer, seed)] for answers in by_image]
    rows = [row for place, answers in enumerate(drawn) for answer in answers for row in _rows(place, answer)]
    if not rows:
        return None
    image, place, rank, yes = np.array(rows, dtype=np.int64).T
    of = _Answers(image, place, rank, yes.astype(np.float64))
    if of.n_places < 2:
        return None
    sizes = {answer.screen.group_size for answers in drawn for answer in answers}
    residual = of.yes - _share_of_rank(of)
    slope, slope_interval = _slope(of, residual, resampling_seed)
    return Positions(
        n_answers=len(rows),
        n_images=len(np.unique(image)),
        n_screens=sum(map(len, drawn)),
        places=_shares(of, residual, of.place, 1, resampling_seed),
        groups=_shares(of, residual, of.place // max(sizes), max(sizes), resampling_seed),
        slope=slope,
        slope_interval=slope_interval,
    )


def _is_random(answer: Annotation, seed: int) -> bool:
    return is_as_drawn(answer.screen.candidates, seed=seed, image=answer.image, annotator=answer.annotator)


def _rows(image: int, answer: Annotation) -> list[tuple[int, int, int, int]]:
    votes, shown = votes_of(answer), set(answer.screen.shown())
    return [
        (image, place, _rank(candidate), int(votes[candidate.label] is Vote.YES))
        for place, candidate in enumerate(answer.screen.candidates)
        if candidate.label in shown and candidate.label in votes
    ]


def _rank(candidate: Candidate) -> int:
    return UNRANKED if candidate.rank is None else candidate.rank


def _share_of_rank(of: _Answers) -> Floats:
    """For each answer the share of yes among all answers about labels of its rank."""
    _, code = np.unique(of.rank, return_inverse=True)
    return np.asarray((np.bincount(code, weights=of.yes) / np.bincount(code))[code])


def _shares(of: _Answers, residual: Floats, where: Ints, width: int, seed: int) -> tuple[PlaceShare, ...]:
    n_where, n_places = int(where.max()) + 1, of.n_places
    n, yes, left = (_by_image(of, where, weights) for weights in (np.ones(len(where)), of.yes, residual))
    drawn = resampled(np.stack([n, left], axis=2), seed=seed)
    overall = float(of.yes.mean())
    with np.errstate(invalid="ignore", divide="ignore"):
        adjusted = overall + drawn[:, :, 1] / drawn[:, :, 0]
    return tuple(
        PlaceShare(
            first=at * width + 1,
            last=min((at + 1) * width, n_places),
            n=int(n[:, at].sum()),
            share=float(yes[:, at].sum() / n[:, at].sum()),
            adjusted=overall + float(left[:, at].sum() / n[:, at].sum()),
            interval=interval_of(adjusted[:, at]),
        )
        for at in range(n_where)
        if n[:, at].sum()
    )


def _by_image(of: _Answers, where: Ints, weights: Floats) -> Floats:
    """Sums over the answers of each image at each place, (n_images, n_where)."""
    n_images, n_where = int(of.image.max()) + 1, int(where.max()) + 1
    flat = np.bincount(of.image * n_where + where, weights=weights, minlength=n_images * n_where)
    return np.asarray(flat.reshape(n_images, n_where)[np.unique(of.image)])


def _slope(of: _Answers, residual: Floats, seed: int) -> tuple[float, Interval | None]:
    """Least squares of the residual on the place, over answers."""
    x = of.place - of.place.mean()
    constant = np.zeros_like(of.image)
    columns = np.stack([_by_image(of, constant, weights)[:, 0] for weights in (np.ones(len(x)), x, x * x, residual, x * residual)], axis=1)
    drawn = resampled(columns, seed=seed)
    return float(_least_squares(columns.sum(axis=0, keepdims=True))[0]), interval_of(_least_squares(drawn))


def _least_squares(sums: Floats) -> Floats:
    n, x, xx, y, xy = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((n * xy - x * y) / (n * xx - x * x))
