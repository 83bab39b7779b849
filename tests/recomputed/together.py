"""A report's figures about several proposers together, from exports: their lists joined in three ways at the same k."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.recomputed.comparing import Reading, percent
from tests.recomputed.figures import Exports, Floats, Resampled, Table, over_images
from tests.recomputed.proposals import depth, images_of

Points = Callable[[str, str, int], float]
"""Of a model's label for an image, by its place from 0 on."""


def together(of: Exports) -> Table:
    """The best model and its best unions at the same k: chosen, and chances fitted, on every second image, measured on the others."""
    images, size = images_of(of), min(3, len(of.ranked))
    halves = images[::2], images[1::2]
    of_image: dict[str, list[int]] = {}
    for chosen_on, measured_on in (halves, halves[::-1]):
        chosen, ways = _greedy(of, chosen_on, size), _ways(of, chosen_on)
        for image in measured_on:
            alone = _n_held(of, chosen[:1], image, _reciprocal)
            of_image[image] = [alone, *(_n_held(of, chosen[:n], image, way) for n in range(2, size + 1) for way in ways.values())]
    rows = np.array([[*of_image[image], len(of.labels(image))] for image in images], dtype=np.float64)
    chosen = _greedy(of, images, size)
    names = [chosen[0], *(f"{' + '.join(chosen[:n])}, {way}" for n in range(2, size + 1) for way in _ways(of, images))]
    return [_union(rows, n, name) for n, name in enumerate(names)]


def _union(rows: Floats, n: int, named: str) -> dict[str, Any]:
    gain = over_images(rows, lambda sums: (sums[:, n] - sums[:, 0]) / sums[:, -1])
    recall = over_images(rows, lambda sums: sums[:, n] / sums[:, -1])
    return {"models": named, "recall": recall, "gain": gain if n else Resampled(0.0, None)}


def _greedy(of: Exports, images: Sequence[str], size: int) -> list[str]:
    chosen: list[str] = []
    while len(chosen) < size:
        others = [model for model in sorted(of.ranked) if model not in chosen]
        chosen.append(max(others, key=lambda model: sum(_n_held(of, [*chosen, model], image, _reciprocal) for image in images)))
    return chosen


def _n_held(of: Exports, chosen: Sequence[str], image: str, points: Points) -> int:
    """How many final labels are among the first k by the sum of their points; ties by the best rank, then by model."""
    k, score, first = depth(of), defaultdict[str, float](float), dict[str, tuple[int, int]]()
    for rank in range(k):
        for place, model in enumerate(chosen):
            label = of.ranked[model][image][rank]
            score[label] += points(model, image, rank)
            first.setdefault(label, (rank, place))
    best = sorted(score, key=lambda label: (-round(score[label], 10), first[label]))
    return len(of.labels(image).intersection(best[:k]))


def _ways(of: Exports, images: Sequence[str]) -> Mapping[str, Points]:
    chances = {model: _chances(of, model, images) for model in of.ranked}
    return {
        "taking turns": lambda _model, _image, _rank: 0.0,
        "by reciprocal ranks": _reciprocal,
        "by calibrated scores": lambda model, image, rank: float(np.interp(_score(of, model, image, rank), *chances[model])),
    }


def _reciprocal(_model: str, _image: str, rank: int) -> float:
    return 1 / (61 + rank)


def _score(of: Exports, model: str, image: str, rank: int) -> float:
    return of.scores[model][image][rank] if of.scores[model] else 1 / (1 + rank)


def _chances(of: Exports, model: str, images: Sequence[str]) -> tuple[Floats, Floats]:
    """The scores in ascending order, and how often a label with this score is valid: neighbours that fall are pooled until none does."""
    valid: dict[float, list[bool]] = defaultdict(list)
    for image in images:
        for rank, label in enumerate(of.ranked[model][image][: depth(of)]):
            valid[_score(of, model, image, rank)].append(label in of.labels(image))
    pools: list[list[Any]] = []  # each with the scores in it, how many labels are valid, and of how many
    for score in sorted(valid):
        pools.append([[score], sum(valid[score]), len(valid[score])])
        while len(pools) > 1 and pools[-1][1] / pools[-1][2] <= pools[-2][1] / pools[-2][2]:
            last = pools.pop()
            pools[-1] = [pools[-1][0] + last[0], pools[-1][1] + last[1], pools[-1][2] + last[2]]
    scores = [score for pool in pools for score in pool[0]]
    return np.array(scores), np.array([pool[1] / pool[2] for pool in pools for _ in pool[0]])


def together_title(_: Exports, rows: Table) -> list[Reading]:
    """How many models, and their gain by reciprocal ranks with its interval if it is reliable."""
    last = [row for row in rows if row["models"].endswith("by reciprocal ranks")][-1]
    n, gain = last["models"].count(" + ") + 1, last["gain"]
    return [[n], [n, percent(gain.value), *map(percent, gain.interval)]]


TABLES = {"proposals-of-several-models": together}
TITLES = {"proposals-of-several-models": together_title}
