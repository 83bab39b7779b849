"""A report's figures about ways to ask, from the table of simulated studies that lies beside the report."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from tests.recomputed.comparing import ERROR, FAR, Reading, percent
from tests.recomputed.figures import Exports, Floats, Resampled, Row, Table, certain, over_images, wilson_of

FIXED, ADAPTIVE = "fixed", "adaptive"
NAMES = {FIXED: "two votes and an expert", ADAPTIVE: "adaptive policy"}
LEAST = 0.00005
"""A smaller difference is claimed by no title."""


@cache
def images(of: Exports) -> list[str]:
    """The images of the studies."""
    return sorted({row["image"] for row in of.asked})


@cache
def studies(of: Exports) -> list[str]:
    """The studies, by their seeds."""
    return sorted({row["study"] for row in of.asked})


def labels_in(cell: str) -> frozenset[str]:
    """The labels of a cell."""
    return frozenset(cell.split("|")) - {""}


@cache
def _counts(of: Exports) -> Floats:
    """For each image, of either way: labels that are right, final, valid; images that are right; images. (n_images, 10)."""
    place = {image: number for number, image in enumerate(images(of))}
    counts = np.zeros((len(place), 10))
    for row in of.asked:
        final, valid = labels_in(row["labels"]), labels_in(row["valid"])
        start = 0 if row["way"] == FIXED else 5
        counts[place[row["image"]], start : start + 5] += [len(final & valid), len(final), len(valid), final == valid, 1]
    return counts


MEASURES: Mapping[str, Callable[[Floats], Floats]] = {
    "Recall": lambda sums: sums[:, 0] / sums[:, 2],
    "Precision": lambda sums: sums[:, 0] / sums[:, 1],
    "F1": lambda sums: 2 * sums[:, 0] / (sums[:, 1] + sums[:, 2]),
    "Images with all labels right": lambda sums: sums[:, 3] / sums[:, 4],
}


@cache
def _quality(of: Exports) -> Table:
    return [_measured(of, name, figure) for name, figure in MEASURES.items()]


def quality(of: Exports) -> Table:
    """How near the labels are to the truth, over all studies."""
    return _quality(of)


def _measured(of: Exports, name: str, figure: Callable[[Floats], Floats]) -> dict[str, Any]:
    counts, n = _counts(of), len(images(of))
    fixed, adaptive = (over_images(counts[:, start : start + 5], figure) for start in (0, 5))
    gained = over_images(counts, lambda sums: figure(sums[:, 5:]) - figure(sums[:, :5]))
    return {"measure": name, "fixed": certain(fixed, n), "adaptive": certain(adaptive, n), "difference": _if_wide(gained)}


def _if_wide(found: Resampled) -> Resampled:
    """Without an interval where the resamples that end it do not differ."""
    assert found.drawn is not None
    low, high = np.quantile(found.drawn, [0.025, 0.975])
    return found if high - low > 1e-6 else Resampled(found.value, None)


def quality_title(_: Exports, rows: Table) -> list[Reading]:
    """The ends of the interval of the difference in F1, if it lies beyond nothing; no number else."""
    gained = next(row["difference"] for row in rows if row["measure"] == "F1")
    if gained.drawn is None:
        return [[]]
    (least, _), (_, most) = (end.range(FAR * ERROR) for end in gained.interval)
    less = Resampled(-gained.value, -gained.drawn)
    more, none = [percent(end) for end in gained.interval], least < LEAST and most > -LEAST
    return [*([[]] if none else []), more if most > 0 else [percent(end) for end in less.interval]]


def hours(of: Exports) -> Table:
    """What each way takes, as means over the studies."""
    return [_hours(of, way) for way in (FIXED, ADAPTIVE)]


def _hours(of: Exports, way: str) -> dict[str, Any]:
    rows = [row for row in of.asked if row["way"] == way]
    annotators, experts = ([int(row[column]) for row in rows] for column in ("annotator_ms", "expert_ms"))
    an_hour = 3_600_000 * len(studies(of))
    return {
        "way": NAMES[way],
        "answers": float(np.mean([int(row["answers"]) for row in rows])),
        "annotator_hours": sum(annotators) / an_hour,
        "expert_hours": sum(experts) / an_hour,
        "hours": (sum(annotators) + sum(experts)) / an_hour,
        "by_experts": float(np.mean([spent > 0 for spent in experts])),
        "unsettled": float(np.mean([row["settled"] == "false" for row in rows])),
    }


def hours_title(_: Exports, rows: Table) -> list[Reading]:
    """The shares of images that experts decide."""
    return [[percent(row["by_experts"]) for row in rows]]


def headlines(of: Exports) -> Table:
    """The share of images with several labels, by each way and in truth."""
    valid = {row["image"]: labels_in(row["valid"]) for row in of.asked}
    truth = float(np.mean([len(labels) > 1 for labels in valid.values()]))
    nothing = dict.fromkeys(("share_low", "share_high", "holding"))
    return [
        {"way": "the truth", "images": float(len(valid)), "share": truth, **nothing},
        _headline("two votes and an expert: all images", truth, [_of_study(of, study, FIXED) for study in studies(of)]),
        _headline(
            "adaptive policy: the panel alone, weighted",
            truth,
            [[row for row in _of_study(of, study, ADAPTIVE) if row["probability"]] for study in studies(of)],
        ),
        _headline(
            "adaptive policy: all finished images, unweighted",
            truth,
            [[{**row, "probability": ""} for row in _of_study(of, study, ADAPTIVE)] for study in studies(of)],
        ),
    ]


def _of_study(of: Exports, study: str, way: str) -> list[Row]:
    return [row for row in of.asked if (row["study"], row["way"], row["settled"]) == (study, way, "true")]


def _headline(name: str, truth: float, of_studies: Sequence[Sequence[Row]]) -> dict[str, Any]:
    told = np.array([_weighted(rows) for rows in of_studies])
    n, share, low, high = told.mean(axis=0).tolist()
    holding = int(((told[:, 2] <= truth) & (truth <= told[:, 3])).sum())
    return {"way": name, "images": n, "share": share, "share_low": low, "share_high": high, "holding": holding}


def _weighted(rows: Sequence[Row]) -> tuple[float, float, float, float]:
    """How many images, and the share with several labels of them, each by one over its probability, with its interval."""
    weights = np.array([1 / float(row["probability"] or 1) for row in rows])
    several = np.array([len(labels_in(row["labels"])) > 1 for row in rows])
    share = float((weights * several).sum() / weights.sum())
    return (len(rows), share, *wilson_of(share, float(weights.sum() ** 2 / (weights**2).sum())))


def headlines_title(of: Exports, rows: Table) -> list[Reading]:
    """In how many studies the panel's interval holds the truth."""
    return [[rows[2]["holding"], len(studies(of))]]


TABLES: Mapping[str, Callable[[Exports], Table]] = {
    "same-effort": quality,
    "same-effort-hours": hours,
    "same-effort-headline": headlines,
}
TITLES: Mapping[str, Callable[[Exports, Table], list[Reading]]] = {
    "same-effort": quality_title,
    "same-effort-hours": hours_title,
    "same-effort-headline": headlines_title,
}
