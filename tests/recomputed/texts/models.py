"""The figures below the titles about models, one by one and under each choice."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tests.recomputed import models, specifications
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Floats, Resampled, Table, drawn_sums, mean_of_ten
from tests.recomputed.telling import Texts, told


def of_models(of: Exports, rows: Table) -> Texts:
    """Over which images each measure is, and the gain over those with both labels."""
    gains, row = models.gains(of), rows[0]
    ranked = [row["images_variable_topk"] for row in rows]
    ends = sorted({min(ranked), max(ranked)})
    texts = [
        told("Accuracy of {} model(s) on", len(rows)),
        told("; {} image(s), ReaL over {} with a label, variable", row["images"], row["images_real"]),
        told(f"top-k and ASMA over {' to '.join(['{}'] * len(ends))}; bars", *ends),
    ]
    if not gains:
        return texts
    gain = mean_of_ten(gains)
    same = "the same {} image(s), those with both a given and a valid label: {} points"
    if not isinstance(gain, Resampled):
        return [*texts, told(same, len(gains), percent(gain))]
    ends_of_gain = map(percent, gain.interval)
    return [*texts, told(f"{same} (95% bootstrap interval over images {{}} to {{}})", len(gains), percent(gain.value), *ends_of_gain)]


def by_number_of_labels(of: Exports, _: Table) -> Texts:
    """The slopes over the number of labels, and by how much they differ, with the bootstrap over images."""
    images = [image for image in of.finals if of.labels(image) and of.given(image)]
    sizes = np.array([len(of.labels(image)) for image in images], dtype=np.float64)
    who = [told("Mean of {} models on", len(of.ranked))] if len(of.ranked) > 1 else []
    if len(set(sizes.tolist())) < 2:
        return who
    right = np.array([[measure(of, image) for measure in (models.top1, models.real)] for image in images])
    slopes = _slopes(sizes, right)
    slopes = np.column_stack([slopes, slopes[:, 1] - slopes[:, 0]])
    top1, real, difference = ([percent(figure) for figure in (of_it.value, *of_it.interval)] for of_it in map(_drawn, slopes.T))
    return [
        *who,
        told("top-1 changes by {} ({} to {}) points and ReaL by {} ({} to {})", *top1, *real),
        told("the difference is {} ({} to {})", *difference),
    ]


def _slopes(x: Floats, right: Floats) -> Floats:
    """Least squares of each column on x, over all images and over each resample of them: (1 + n_resamples, n_columns)."""
    columns = np.column_stack([np.ones_like(x), x, x * x, right, x[:, None] * right])
    sums = np.vstack([columns.sum(axis=0), drawn_sums(columns)])
    n, x_sum, xx = (sums[:, [place]] for place in range(3))
    y, xy = np.split(sums[:, 3:], 2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((n * xy - x_sum * y) / (n * xx - x_sum**2))


def _drawn(values: Floats) -> Resampled:
    return Resampled(float(values[0]), values[1:])


def of_groups(of: Exports, rows: Table) -> Texts:
    """How many models, and how many images."""
    who = [told("Mean accuracy of {} models by", len(of.ranked))] if len(of.ranked) > 1 else []
    return [*who, told("; {} image(s) of", sum(row["images"] for row in rows))]


def misses(of: Exports, rows: Table) -> Texts:
    """All models pooled."""
    pooled = models.pooled_misses(of)
    figures = [percent(figure) for figure in (pooled.value, *pooled.interval)]
    return [
        told("Top-1 misses of {} model(s) on", len(rows)),
        told("All models pooled: {}% (95% bootstrap interval over images {}–{}%)", *figures),
    ]


def winners(of: Exports, rows: Table) -> Texts:
    """How many models, and the images of the first pair."""
    return [told("; {} model(s) on", len(of.ranked)), told("the first pair in {} image(s)", max(row["images"] for row in rows))]


def specification_curve(_: Exports, rows: Table) -> Texts:
    """The ranges of each measure with one choice changed, and with two where more than one can be."""
    several, gain, gone = (
        [row for row in rows if row["measure"] == name] for name in (specifications.SEVERAL, specifications.GAIN, specifications.GONE)
    )
    texts = [_range("Several labels", several, "%", 1)]
    texts += [_range("; gain", gain, " points", 1)] if gain else []
    named = ((specifications.SEVERAL, several, "%"), (specifications.GAIN, gain, ""), (specifications.GONE, gone, "%"))
    return [*texts, *(_range(name, of_it, unit, 2) for name, of_it, unit in named if any(row["changed"] > 1 for row in of_it))]


def _range(name: str, rows: Table, unit: str, most_changed: int) -> Any:
    """The least and the greatest of a measure; of one that is an interval without a value, of its ends."""
    ends = specifications.ends([row for row in rows if row["changed"] <= most_changed])
    low, high = min(ends), max(ends)
    decimals = 1 if rows[0]["unit"] == "points" else 0
    if round(low, decimals) == round(high, decimals):
        return told(f"{name} {{}}{unit}", low)
    return told(f"{name} {{}}{' to ' if round(low, decimals) < 0 else '–'}{{}}{unit}", low, high)


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "models": of_models,
    "accuracy-by-number-of-labels": by_number_of_labels,
    "accuracy-by-kind": of_groups,
    "accuracy-by-decision": of_groups,
    "misses": misses,
    "winners": winners,
    "specification-curve": specification_curve,
}
