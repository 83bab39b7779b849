"""Join rows of two files by image name: labels, predictions and given labels each keep an order of their own."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.plurals import counted

SHOWN = 5
AMBIGUOUS = -2
ABSENT = -1


def positions_of(wanted: Sequence[str], names: Sequence[str], *, attempt: str, where: str) -> npt.NDArray[np.int64]:
    """Where each wanted image stands among `names`, (n_wanted,).

    Two names are one image when they are equal, or when one is the end of the other from a folder's boundary on (`cat/1.jpg` and
    `val/cat/1.jpg`, or a bare file name), and no other image fits as well. Raises InvalidInput, which lists the names that do not join,
    the ones that fit several images, and the ones that stand twice; `where` says whose names these are.
    """
    place = _places(names, attempt, where)
    places = np.fromiter((place.get(name, ABSENT) for name in wanted), dtype=np.int64, count=len(wanted))
    if (places < 0).any():
        places = _joined_by_ending(wanted, names, place, places)
    _require_joined(wanted, places, attempt, where)
    return places


def _places(names: Sequence[str], attempt: str, where: str) -> dict[str, int]:
    place = {name: position for position, name in enumerate(names)}
    if len(place) < len(names):
        twice = sorted({name for position, name in enumerate(names) if place[name] != position})
        raise InvalidInput(attempt, [Problem(where, f"the image '{name}' stands there more than once") for name in _first(twice)])
    return place


def _joined_by_ending(
    wanted: Sequence[str], names: Sequence[str], place: dict[str, int], places: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    longer = _by_ending(names)
    joined = places.copy()
    for row in np.flatnonzero(places < 0).tolist():
        joined[row] = _place_by_ending(wanted[row], place, longer)
    taken, times = np.unique(joined[joined >= 0], return_counts=True)
    joined[np.isin(joined, taken[times > 1]) & (places < 0)] = AMBIGUOUS
    return joined


def _by_ending(names: Sequence[str]) -> dict[str, int]:
    """From each proper ending of a path to its position, or AMBIGUOUS where several paths end so."""
    endings: dict[str, int] = {}
    for position, name in enumerate(names):
        for ending in _endings(name):
            endings[ending] = AMBIGUOUS if ending in endings else position
    return endings


def _place_by_ending(name: str, place: dict[str, int], longer: dict[str, int]) -> int:
    if name in longer:
        return longer[name]
    return next((place[ending] for ending in _endings(name) if ending in place), ABSENT)


def _endings(path: str) -> list[str]:
    """
    >>> _endings("val/cat/1.jpg")
    ['cat/1.jpg', '1.jpg']
    """
    parts = path.split("/")
    return ["/".join(parts[start:]) for start in range(1, len(parts))]


def _require_joined(wanted: Sequence[str], places: npt.NDArray[np.int64], attempt: str, where: str) -> None:
    if (places >= 0).all():
        return
    absent = [wanted[row] for row in np.flatnonzero(places == ABSENT).tolist()]
    twins = [wanted[row] for row in np.flatnonzero(places == AMBIGUOUS).tolist()]
    problems = [Problem(where, f"the image '{name}' is not there") for name in _first(absent)]
    problems += [Problem(where, f"the image '{name}' could be several there: write its path") for name in _first(twins)]
    way_out = f"{len(absent) + len(twins)} of {counted(len(wanted), 'image')} cannot be joined. "
    way_out += "Images join by path, or by a file name that is unique."
    raise InvalidInput(attempt, problems, way_out)


def _first(names: Sequence[str]) -> Sequence[str]:
    return names[:SHOWN]
