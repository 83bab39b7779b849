"""A report's figures about the proposals, from exports: what each proposer's first labels hold of the final ones, and what people
found by search."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil
from typing import Any

import numpy as np
from scipy.stats import beta as beta_distribution
from tests.recomputed import many_models
from tests.recomputed.comparing import Reading, of_share, one_after_another, percent
from tests.recomputed.figures import End, Exports, Near, Resampled, Table, cell_list, certain, over_images, share
from tests.recomputed.given import NEAR, prior_of

KS = (1, 2, 3, 5, 10, 15, 20, 30, 40, 60)
FEW_MODELS = 3
Lists = Mapping[str, Sequence[str]]


@cache
def images_of(of: Exports) -> list[str]:
    """The images that have final labels and proposals, in the order of the release."""
    return [image for image in of.finals if of.labels(image) and all(image in ranked for ranked in of.ranked.values())]


@cache
def depth(of: Exports) -> int:
    """How many labels each model proposes."""
    return min(len(ranked[image]) for ranked in of.ranked.values() for image in images_of(of))


def models(of: Exports) -> list[str]:
    """The proposers, first the one that holds most."""
    return sorted(of.ranked, key=lambda model: (-sum(held(of, of.ranked[model], depth(of))), model))


def held(of: Exports, ranked: Lists, k: int) -> list[int]:
    """How many final labels of each image are among the first k."""
    return [len(of.labels(image).intersection(ranked[image][:k])) for image in images_of(of)]


def by_k(of: Exports) -> Table:
    """Recall by the number of proposals, of each model if they are few."""
    shown = models(of) if len(of.ranked) <= FEW_MODELS else models(of)[:1]
    return [_at(of, k, shown) for k in sorted({k for k in KS if k <= depth(of)} | {depth(of)})]


def _at(of: Exports, k: int, shown: Sequence[str]) -> dict[str, Any]:
    n_valid = [len(of.labels(image)) for image in images_of(of)]
    best = held(of, of.ranked[shown[0]], k)
    complete = float(np.mean([a == b for a, b in zip(best, n_valid, strict=True)]))
    row: dict[str, Any] = {"k": k, "images": len(n_valid), "median_keys": ceil(k / 5) + float(np.median(best)), "complete": complete}
    for n, model in enumerate(shown):
        n_held, more = held(of, of.ranked[model], k), "" if not n else f"_{n + 1}"
        row |= {f"keys{more}": ceil(k / 5) + float(np.mean(n_held)), f"recall{more}": _recall(n_held, n_valid)}
    return row


def _recall(n_held: Sequence[int], n_valid: Sequence[int]) -> Resampled:
    return certain(over_images(np.column_stack([n_held, n_valid]), lambda sums: sums[:, 0] / sums[:, 1]), len(n_valid))


def by_k_title(of: Exports, rows: Table) -> list[Reading]:
    """k, how many others tie, what it holds, and, of one model, what half of it holds where that is less for sure."""
    last, n_held = rows[-1], [sum(held(of, ranked, depth(of))) for ranked in of.ranked.values()]
    n_tied = n_held.count(max(n_held))
    if n_tied > 1:
        return one_after_another([[last["k"], *([n_tied - 2] if n_tied > 3 else [])]], of_share(last, "recall"))
    half = [row for row in rows if row["k"] <= last["k"] / 2]
    fewer = [] if not half else [*([half[-1]["k"]] if half[-1]["k"] > 1 else []), percent(half[-1]["recall"].value)]
    low = last["recall"].interval[0]
    is_apart = bool(half) and half[-1]["recall"].value <= (low.range(0.0)[0] if isinstance(low, End) else low)
    return one_after_another([[last["k"]]], of_share(last, "recall"), [fewer if is_apart else []])


def by_number_of_labels(of: Exports) -> Table:
    """What the best model's list holds, by the number of final labels."""
    best = dict(zip(images_of(of), held(of, of.ranked[models(of)[0]], depth(of)), strict=True))
    sizes = sorted({len(of.labels(image)) for image in best})
    n_held = {size: sum(n for image, n in best.items() if len(of.labels(image)) == size) for size in sizes}
    n = {size: size * sum(len(of.labels(image)) == size for image in best) for size in sizes}
    return [{"labels": str(size), "held": n_held[size], "of": n[size], **share("share", n_held[size], n[size])} for size in sizes]


def by_number_title(of: Exports, rows: Table) -> list[Reading]:
    """k, and the first and the last share if their intervals are apart."""
    first, last = rows[0], rows[-1]
    if last["share_high"] >= first["share_low"]:
        return [[depth(of)]]
    return [[depth(of), percent(first["share"]), int(first["labels"]), percent(last["share"]), int(last["labels"])]]


def by_class(of: Exports) -> Table:
    """What the best model's list holds of each label where it is valid, plain and shrunk."""
    ranked, k = of.ranked[models(of)[0]], depth(of)
    n = Counter(label for image in images_of(of) for label in of.labels(image))
    n_held = Counter(label for image in images_of(of) for label in of.labels(image) if label in ranked[image][:k])
    a, b = prior_of(np.array([n_held[label] for label in n], dtype=float), np.array(list(n.values()), dtype=float))
    return [_class(of, label, n_held[label], n[label], a, b) for label in n]


def _class(of: Exports, label: str, n_held: int, n: int, a: float, b: float) -> dict[str, Any]:
    posterior = beta_distribution(a + n_held, b + n - n_held)
    shrunk = (float(posterior.mean()), *map(float, posterior.ppf([0.025, 0.975])))
    cells = zip(("shrunk", "shrunk_low", "shrunk_high"), (Near(value, NEAR) for value in shrunk), strict=True)
    return {"label": of.named(label), "held": n_held, "images": n, "share": n_held / n, **dict(cells)}


def by_class_title(_: Exports, rows: Table) -> list[Reading]:
    """Nothing, or how many labels are missed more often than the mean, and the mean."""
    overall = sum(row["held"] for row in rows) / sum(row["images"] for row in rows)
    below = [row for row in rows if row["shrunk_high"].value < overall and row["images"] - row["held"] > 2]
    return [[len(below), percent(1 - overall)] if below else []]


def found_by_search(of: Exports) -> Table:
    """The final labels that an annotator or an expert found by search, of those of images that people were asked about."""
    images = [image for image in many_models.judged(of) if of.labels(image)]
    n = np.array([[len(of.labels(image) & _found(of, image)), len(of.labels(image))] for image in images])
    n_found, n_valid = n.sum(axis=0).tolist()
    found = certain(over_images(n, lambda sums: sums[:, 0] / sums[:, 1]), len(n))
    among = certain(over_images(n, lambda sums: 1 - sums[:, 0] / sums[:, 1]), len(n))
    return [
        {"labels": "among the candidates", "n": n_valid - n_found, "share": among},
        {"labels": "found by search", "n": n_found, "share": found},
    ]


def _found(of: Exports, image: str) -> frozenset[str]:
    by_annotators = {row["label"] for rows in of.answers[image].values() for row in rows if row["unprompted"] == "true"}
    return frozenset(by_annotators.union(*(cell_list(row["found"]) for row in of.decisions if row["image"] == image)))


def found_by_search_title(_: Exports, rows: Table) -> list[Reading]:
    """The share that was found by search."""
    return of_share(rows[1])


TABLES = {
    "proposals-by-k": by_k,
    "proposals-by-number-of-labels": by_number_of_labels,
    "proposals-by-class": by_class,
    "found-by-search": found_by_search,
}
TITLES = {
    "proposals-by-k": by_k_title,
    "proposals-by-number-of-labels": by_number_title,
    "proposals-by-class": by_class_title,
    "found-by-search": found_by_search_title,
}
