"""A report's figures about models beside each other, from exports: their order, their trends, and whose labels help whom."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from math import sqrt

import numpy as np
from scipy.stats import kendalltau, rankdata
from tests.recomputed.comparing import ERROR, NEAR, Reading, percent
from tests.recomputed.figures import Exports, Floats, Resampled, Table, cell_list, drawn_sums, share

Z = 1.959963984540054


@cache
def accuracies(of: Exports) -> tuple[Floats, Floats, Floats, Floats]:
    """Top-1 and ReaL accuracy of each model, (n_models,), and on each resample of the images, (n_resamples, n_models)."""
    has, labelled = (
        np.array([[bool(of_image)] for of_image in of_each])
        for of_each in ([of.given(i) for i in of.finals], [of.labels(i) for i in of.finals])
    )
    top1, real = (np.array([[right(of, i, ranked)[place] for ranked in of.ranked.values()] for i in of.finals]) for place in (0, 1))
    columns = np.hstack([has, labelled, top1, real]).astype(np.float64)
    sums = np.vstack([columns.sum(axis=0), drawn_sums(columns, of.seed)])
    n = len(of.ranked)
    by_top1, by_real = sums[:, 2 : 2 + n] / sums[:, :1], sums[:, 2 + n :] / sums[:, 1:2]
    return by_top1[0], by_real[0], by_top1[1:], by_real[1:]


def right(of: Exports, image: str, ranked: Mapping[str, Sequence[str]]) -> tuple[bool, bool]:
    """Whether a model\'s first label is the given one, and whether it is valid."""
    first = ranked[image][0]
    return bool(of.given(image)) and first == of.given(image), first in of.labels(image)


def places(values: Floats) -> Floats:
    """1 for the best, along the last axis; equals share the better place."""
    return np.asarray(rankdata(-values, method="min", axis=-1), dtype=np.float64)


def ranks(of: Exports) -> Table:
    """Each model's place by either measure, with the bootstrap of the places."""
    top1, real, drawn_top1, drawn_real = accuracies(of)
    by_real, by_top1 = places(real), places(top1)
    drawn = places(drawn_real), places(drawn_top1)
    return [
        {"model": model, "rank_by_real": Resampled(by_real[i], drawn[0][:, i]), "rank_by_top1": Resampled(by_top1[i], drawn[1][:, i])}
        for i, model in enumerate(of.ranked)
    ]


def ranks_title(of: Exports, rows: Table) -> list[Reading]:
    """How many models change places, and how many pairs are reversed for sure: in 97.5% of the resamples by each measure, or nearly."""
    n_moved = sum(row["rank_by_real"].value != row["rank_by_top1"].value for row in rows)
    _, _, top1, real = accuracies(of)
    n_reversed = [_n_reversed(top1, real, 0.975 + error) for error in (NEAR * ERROR, -NEAR * ERROR)]
    moved = [[n_moved, len(rows)], [len(rows)], []]
    return [[], *moved, *([*told, n] for told in moved for n in range(n_reversed[0], n_reversed[1] + 1))]


def _n_reversed(top1: Floats, real: Floats, sure: float) -> int:
    return sum(a * b < 0 for a, b in zip(signs(top1, sure), signs(real, sure), strict=True))


def _sign(differences: Floats, sure: float) -> int:
    return int((differences > 0).mean() >= sure) - int((differences < 0).mean() >= sure)


def signs(drawn: Floats, sure: float) -> list[int]:
    """Of each pair of models, which one is better in so many of the resamples: 1 the first, -1 the second, 0 neither."""
    return [_sign(drawn[:, i] - drawn[:, j], sure) for i, j in _pairs(drawn)]


def tau(of: Exports) -> Resampled:
    """Kendall's tau-b between the order by top-1 and that by ReaL accuracy, with the basic bootstrap: resamples turned about the value."""
    top1, real, drawn_top1, drawn_real = accuracies(of)
    value = float(kendalltau(top1, real).statistic)
    x, y = (np.sign(np.stack([drawn[:, i] - drawn[:, j] for i, j in _pairs(drawn)])) for drawn in (drawn_top1, drawn_real))
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (x * y).sum(axis=0) / np.sqrt((x != 0).sum(axis=0) * (y != 0).sum(axis=0))
    return Resampled(value, np.clip(2 * value - drawn, -1.0, 1.0))


def _pairs(drawn: Floats) -> list[tuple[int, int]]:
    return list(combinations(range(drawn.shape[1]), 2))


def trend_by_model(of: Exports) -> Table:
    """Least squares of being right on the number of labels, over images with labels, with White's robust error (HC0)."""
    return [
        {
            "model": model,
            **_robust([(len(of.labels(i)), right(of, i, ranked)[1]) for i in of.finals if of.labels(i)], "real"),
            **_robust([(len(of.labels(i)), right(of, i, ranked)[0]) for i in of.finals if of.labels(i) and of.given(i)], "top1"),
        }
        for model, ranked in of.ranked.items()
    ]


def _robust(points: Sequence[tuple[int, bool]], name: str) -> dict[str, float]:
    x, y = np.array(points, dtype=np.float64).T
    design = np.column_stack([np.ones_like(x), x])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    bread = np.linalg.inv(design.T @ design)
    meat = design.T @ (design * ((y - design @ coefficients) ** 2)[:, None])
    slope, half = float(coefficients[1]), Z * sqrt(float((bread @ meat @ bread)[1, 1]))
    return {name: slope, f"{name}_low": slope - half, f"{name}_high": slope + half}


def trend_by_model_title(_: Exports, rows: Table) -> list[Reading]:
    """For how many models each measure falls for sure: told as a number, as none or as all, both or the one."""
    n = len(rows)
    falling = [sum(row[f"{name}_high"] < 0 for row in rows) for name in ("top1", "real")]
    told = [([n] if n > 2 else []) if of == n else [of, n] if of else [n] for of in falling]
    return [[*told[0], *told[1]] if any(falling) else [n]]


def proposer_and_models(of: Exports) -> Table:
    """ReaL accuracy with labels that nobody judged as wrong and as right, and ranks without the labels of a model's own family."""
    asked = judged(of)
    families = sorted({family(source) for source in of.ranked})
    alone = {image: _alone(of, image) for image in asked}
    whole = _drawn_places(of, {image: of.labels(image) for image in asked})
    without = {
        name: _drawn_places(of, {image: frozenset(label for label in of.labels(image) if alone[image][label] != name) for image in asked})
        for name in families
    }
    rows = []
    for i, (model, ranked) in enumerate(of.ranked.items()):
        n_nobody = sum(ranked[image][0] not in asked[image] for image in asked)
        labelled = [image for image in asked if of.labels(image)]
        n_valid = sum(ranked[image][0] in of.labels(image) for image in labelled)
        n_if = sum(ranked[image][0] in of.labels(image) or ranked[image][0] not in asked[image] for image in labelled)
        own = family(model)
        rows.append(
            {
                "model": model,
                "family": own,
                "proposes": "yes",
                **share("unjudged", n_nobody, len(asked)),
                **share("real", n_valid, len(labelled)),
                **share("real_if_valid", n_if, len(labelled)),
                "rank": whole[i],
                "own_labels": sum(name == own for image in asked for name in alone[image].values()),
                "rank_without_own": without[own][i],
            }
        )
    return rows


def proposer_title(_: Exports, rows: Table) -> list[Reading]:
    """The range of what nobody judged, if anything, and the ranks of the first model that falls, if one does for sure."""
    shares = [percent(row["unjudged"]) for row in rows]
    unjudged = [[]] if not max(shares) else [[shares[0]]] if len(rows) == 1 else [[min(shares), max(shares)]]
    falls = [[row["rank"].value, row["rank_without_own"].value] for row in rows if row["rank_without_own"].value > row["rank"].value]
    others = [[n] for n in range(1, len(rows))]
    return [[*u, *f, *o] for u in unjudged for f in ([], *falls) for o in ([], *(others if f else []))]


def family(model: str) -> str:
    """The letters with which a model's name begins."""
    letters = re.match("[A-Za-z]+", re.split("[/:]", model)[-1])
    return letters[0].lower() if letters else ""


def judged(of: Exports) -> Mapping[str, frozenset[str]]:
    """The labels that anybody judged, by image, where there are any."""
    return {image: labels for image in of.finals if (labels := _judged(of, image))}


def n_judged(of: Exports) -> int:
    """On how many of these images any label is valid."""
    return sum(bool(of.labels(image)) for image in judged(of))


def _judged(of: Exports, image: str) -> frozenset[str]:
    """The labels that anybody judged: annotators by voting, experts all that they were asked; and the final ones."""
    source = of.finals[image][0]["source"]
    if source == "imported":
        return frozenset()
    voted = {row["label"] for rows in of.answers[image].values() for row in rows} if image in of.complete else set()
    by_expert = (
        {label for row in of.decisions if row["image"] == image for label in cell_list(row["asked"])} if source != "agreed" else set()
    )
    return frozenset(voted | by_expert) | of.labels(image)


def _alone(of: Exports, image: str) -> dict[str, str]:
    """For each valid label, the family from which alone it comes; empty where others proposed it too, it is given, or people found it."""
    found = {row["label"] for rows in of.answers[image].values() for row in rows if row["unprompted"] == "true"}
    found |= {label for row in of.decisions if row["image"] == image for label in cell_list(row["found"])}
    alone = {}
    for label in of.labels(image):
        families = {family(source) for source, ranked in of.ranked.items() if label in ranked[image]}
        alone[label] = families.pop() if len(families) == 1 and label not in found | {of.given(image)} else ""
    return alone


def _drawn_places(of: Exports, labels: Mapping[str, frozenset[str]]) -> list[Resampled]:
    """Each model's rank by these labels, over the images that have any, with the bootstrap of all ranks together."""
    rows = np.array(
        [[bool(valid), *(bool(valid) and ranked[image][0] in valid for ranked in of.ranked.values())] for image, valid in labels.items()],
        dtype=np.float64,
    )
    sums = np.vstack([rows.sum(axis=0), drawn_sums(rows)])
    of_each = places(sums[:, 1:] / np.maximum(sums[:, :1], 1))
    return [Resampled(float(column[0]), column[1:]) for column in of_each.T]


TABLES = {
    "ranks": ranks,
    "trend-by-model": trend_by_model,
    "proposer-and-models": proposer_and_models,
}
TITLES = {
    "ranks": ranks_title,
    "trend-by-model": trend_by_model_title,
    "proposer-and-models": proposer_title,
}
