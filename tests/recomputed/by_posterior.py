"""The finding about the headline by the posterior, from exports: votes and proposals fitted anew, with experts' decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from tests.recomputed import labels
from tests.recomputed.comparing import Reading, of_share, one_after_another
from tests.recomputed.figures import VOTES, Exports, Floats, Near, Table, wilson_of
from tests.recomputed.posterior import Cast, Fit, fitted, of_models

WITHIN = 0.001
"""How far two fits that ended by criteria of their own may be apart, as a share of images."""
PARTS = ("images", "doubt", "annotators", "assumed", "missed", "unfinished")
SIZES = ("none", "one", "several")


@dataclass(frozen=True)
class Counted:
    """The images by how they count: by votes, with known labels, not begun, and answered without any vote."""

    by_votes: frozenset[str]
    known: frozenset[str]
    untouched: frozenset[str]
    silent: frozenset[str]


@cache
def counted(of: Exports) -> Counted:
    known = frozenset(image for image, rows in of.finals.items() if rows[0]["source"] in ("refined", "audited", "imported"))
    voted = frozenset(row["image"] for row in of.every_vote) - known
    begun = frozenset(image for image, _ in of.every_answer)
    return Counted(voted, known, of.images - begun - known, begun - known - voted)


@cache
def people(of: Exports) -> list[str]:
    """Who voted."""
    return sorted({row["annotator"] for row in of.every_vote})


@cache
def _images(of: Exports) -> list[str]:
    return sorted({row["image"] for row in of.every_vote})


@cache
def _cast(of: Exports) -> Cast:
    image, person = ({name: at for at, name in enumerate(names)} for names in (_images(of), people(of)))
    rows = [(image[row["image"]], of.place(row["label"]), person[row["annotator"]], VOTES[row["vote"]]) for row in of.every_vote]
    return Cast(*np.array(rows, dtype=np.int64).T)


def _questions(of: Exports, cast: Cast) -> list[tuple[str, str]]:
    _, first = np.unique(cast.keys, return_index=True)
    names = list(of.names)
    return [(_images(of)[cast.image[at]], names[cast.label[at]]) for at in first]


def _ranks(of: Exports, cast: Cast) -> Floats | None:
    """The ranks of the models that proposed for every image with an answer."""
    begun = {image for image, _ in of.every_answer}
    complete = [ranked for ranked in of.ranked.values() if begun <= ranked.keys()]
    ranks = [
        [float(1 + ranked[image][:5].index(label)) if label in ranked[image][:5] else 0.0 for image, label in _questions(of, cast)]
        for ranked in complete
    ]
    return np.array(ranks) if ranks else None


def _decided(of: Exports, cast: Cast) -> Floats:
    by_experts = {image for image in counted(of).known if of.finals[image][0]["source"] != "imported"}
    return np.array([float(label in of.labels(image)) if image in by_experts else np.nan for image, label in _questions(of, cast)])


@cache
def _beside_votes(of: Exports) -> Floats | None:
    """What models say of each question in the first fit, in which nothing is decided; None without models."""
    cast = _cast(of)
    ranks = _ranks(of, cast)
    return None if ranks is None else fitted(cast, of_models(ranks), np.full(ranks.shape[1], np.nan)).beside_votes[:, None]


def _fit(of: Exports, without: int = -1, correlation: float = 0.1) -> Fit:
    cast = _cast(of)
    rest = cast.of(cast.person != without)
    kept = np.isin(np.unique(cast.keys), rest.image * (1 + cast.label.max()) + rest.label)
    by_models, decided = _beside_votes(of), _decided(of, cast)
    if not np.isfinite(decided).any() and without < 0 and correlation == 0.1:
        ranks = _ranks(of, cast)
        return fitted(cast, None if ranks is None else of_models(ranks), decided)
    return fitted(rest, None if by_models is None else by_models[kept], decided[kept], correlation)


def _by_image(of: Exports, fit: Fit, sizes: dict[int, Floats]) -> dict[str, Floats]:
    """The chances of none, one and several, of each image that counts; what is known is certain."""
    found = {_images(of)[at]: chances for at, chances in sizes.items()}
    return {image: chances for image, chances in found.items() if image in counted(of).by_votes} | {
        image: np.eye(3)[min(len(of.labels(image)), 2)] for image in counted(of).known
    }


def _independent(fit: Fit) -> dict[int, Floats]:
    chance = 1 / (1 + np.exp(-np.clip(fit.log_odds, -35, 35)))
    return {int(at): _numbers(chance[fit.image == at]) for at in np.unique(fit.image)}


def _numbers(chances: Floats) -> Floats:
    """None, one and several of these, which are independent."""
    none = np.prod(1 - chances)
    single = sum(p * np.prod(np.delete(1 - chances, at)) for at, p in enumerate(chances))
    return np.array([none, single, 1 - none - single])


def _by_size(fit: Fit) -> dict[int, Floats]:
    """A distribution of sizes of its own, and given the size sets in proportion to what models say of their labels."""
    fits = {int(at): _likely(fit, fit.image == at) for at in np.unique(fit.image)}
    most = max(map(len, fits.values()))
    table = np.array([np.pad(of, (0, most - len(of))) for of in fits.values()])
    share = np.full(most, 1 / most)
    for _ in range(20_000):
        before = share
        rows = table * share
        share = (rows / rows.sum(axis=1, keepdims=True)).sum(axis=0) + 0.1
        share /= share.sum()
        if np.abs(share - before).max() < 1e-5:
            break
    rows = table * share
    rows /= rows.sum(axis=1, keepdims=True)
    return {at: np.array([row[0], row[1], row[2:].sum()]) for at, row in zip(fits, rows, strict=True)}


def _likely(fit: Fit, here: Any) -> Floats:
    """How well each number of labels of one image goes along with its votes."""
    votes, models = (
        np.exp(fit.log_odds - fit.prior)[here],
        np.exp(fit.beside_votes if np.ptp(fit.beside_votes) > 1e-9 else 0 * fit.prior)[here],
    )
    together, alone = _sums_of_products(votes * models), _sums_of_products(models)
    return np.asarray(together / alone / (together / alone).max())


def _sums_of_products(values: Floats) -> Floats:
    """Of each number of values: the products of so many of them, summed (the elementary symmetric polynomials)."""
    if len(values) < 8:
        return np.array([sum(float(np.prod(some)) for some in combinations(values.tolist(), k)) for k in range(len(values) + 1)])
    return np.asarray(np.poly(-values))


def _shares(of: Exports, chances: dict[str, Floats]) -> Floats:
    """Of all images: those known from elsewhere stand for themselves, the others for all the rest."""
    n, imported = len(of.images), [image for image in chances if image in of.finals and of.finals[image][0]["source"] == "imported"]
    drawn = [chances[image] for image in chances if image not in imported]
    rest = (n - len(imported)) / n * np.mean(drawn, axis=0)
    return np.asarray(rest + sum((chances[image] for image in imported), np.zeros(3)) / n)


@cache
def headline(of: Exports) -> Table:
    """The shares with their intervals, and what makes these wide. Everything came by the draw, but for what was imported."""
    fit = _fit(of)
    chances = _by_image(of, fit, _independent(fit))
    value, n = _shares(of, chances), len(of.images)
    variances = dict(zip(("images", "unfinished", "doubt"), _variances(of, chances), strict=True))
    left_out = []
    for person in range(len(people(of))):
        refit = _fit(of, without=person)
        left_out.append(_shares(of, _by_image(of, refit, _independent(refit))))
    away = np.array(left_out)
    variances["annotators"] = (len(away) - 1) / len(away) * ((away - away.mean(axis=0)) ** 2).sum(axis=0)
    others = [_fit(of, correlation=0.0), _fit(of, correlation=0.3)]
    moved = np.array([_shares(of, _by_image(of, other, _independent(other))) - value for other in others])
    moved = np.vstack([moved, _shares(of, _by_image(of, fit, _by_size(fit))) - value])
    counts = counted(of)
    missed = missed_labels(of) * (1 - len(counts.known) / n)
    first, second = min(missed, value[0]), min(missed, value[1])
    silent = len(counts.silent) / n
    down = {"assumed": np.maximum(-moved.min(axis=0), 0), "missed": np.array([first, second, 0]), "unfinished": silent * value}
    up = {"assumed": np.maximum(moved.max(axis=0), 0), "missed": np.array([0, first, second]), "unfinished": silent * (1 - value)}
    return [_row(k, name, value[k], len(chances), variances, down, up) for k, name in enumerate(SIZES)]


def _variances(of: Exports, chances: dict[str, Floats]) -> list[Floats]:
    """Of the choice of images, of those not begun, and of their doubt."""
    n, parts = len(of.images), [np.zeros(3) for _ in range(3)]
    imported = [image for image in chances if image in of.finals and of.finals[image][0]["source"] == "imported"]
    for images, whole in (([image for image in chances if image not in imported], n - len(imported)), (imported, len(imported))):
        if images:
            of_group, square = np.array([chances[image] for image in images]), (whole / n) ** 2
            spread = square * of_group.mean(axis=0) * (1 - of_group.mean(axis=0))
            parts[0] += spread / whole
            parts[1] += spread * (1 / len(images) - 1 / whole)
            parts[2] += square * (of_group * (1 - of_group)).sum(axis=0) / len(images) ** 2
    return parts


@cache
def missed_labels(of: Exports) -> float:
    """The upper end of the bound of labels that neither of two found, an image."""
    neither = labels.beyond_the_candidates(of)[2]["labels"]
    return float(np.mean(neither.interval[1].range(0.0))) / len(labels.searched_by_two(of))


def _row(k: int, name: str, value: float, n: int, variances: Any, down: Any, up: Any) -> dict[str, Any]:
    of_each = {part: float(of[k]) for part, of in variances.items()}
    variance, drawn, middle = sum(of_each.values()), of_each["images"] + of_each["unfinished"], (n * value + 2) / (n + 4)
    by_draw = drawn / (value * (1 - value)) if drawn > 0 else 1 / n
    effective = 1 / (by_draw + (variance - drawn) / (middle * (1 - middle)))
    low, high = max(0.0, value - sum(of[k] for of in down.values())), min(1.0, value + sum(of[k] for of in up.values()))
    ends = max(0.0, wilson_of(low, effective)[0]), min(1.0, wilson_of(high, effective)[1])
    alone = wilson_of(value, effective)
    wide = {part: (alone[1] - alone[0]) * float(variances[part][k]) / variance if part in variances else 0.0 for part in PARTS}
    wide = {part: of + float(down[part][k] + up[part][k] if part in down else 0.0) for part, of in wide.items()}
    shares = {part: Near(of / sum(wide.values()), 10 * WITHIN) for part, of in wide.items()}
    return {
        "labels": name,
        "share": Near(value, WITHIN),
        "share_low": Near(ends[0], 2 * WITHIN),
        "share_high": Near(ends[1], 2 * WITHIN),
        **shares,
    }


def headline_title(of: Exports, rows: Table) -> list[Reading]:
    """The share with several labels, of how many images."""
    return one_after_another(of_share(rows[2]), [[len(of.images)]])


def widest(rows: Table) -> Sequence[str]:
    """The parts of the headline's width, the greatest first."""
    return sorted(PARTS, key=lambda part: -rows[2][part].value)


TABLES = {"headline-by-posterior": headline}
TITLES = {"headline-by-posterior": headline_title}
