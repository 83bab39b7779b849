"""The figures below the titles about two annotators' labellings."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tests.recomputed import two_labellings
from tests.recomputed.alike import jaccard, masi
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Table, mean
from tests.recomputed.telling import Texts, told

FIRST, SECOND = two_labellings.NAMES


def agree(of: Exports, _: Table) -> Texts:
    """How many labels both have, and either alone; how many an image has; and how similar the sets are."""
    pairs = list(two_labellings.labellings(of).values())
    n_both, n_first, n_second = (sum(map(len, sets)) for sets in zip(*((a & b, a - b, b - a) for a, b in pairs), strict=True))
    sizes = np.array([[len(a), len(b)] for a, b in pairs]).mean(axis=0).tolist()
    means = [mean([alike(a, b) for a, b in pairs]) for alike in (jaccard, masi)]
    by_jaccard, by_masi = ([percent(figure) for figure in (of_it.value, *of_it.interval)] for of_it in means)
    alone = f"{{}} are in both, {{}} in {FIRST} alone and {{}} in {SECOND} alone; the mean is {{}} and {{}} labels per image"
    return [
        told("; {} image(s) of", len(pairs)),
        told(alone, n_both, n_first, n_second, *sizes),
        told("Mean Jaccard similarity of the sets {}% ({}–{}%)", *by_jaccard),
        told("MASI similarity (Passonneau 2006) {}% ({}–{}%)", *by_masi),
    ]


def by_class(_: Exports, rows: Table) -> Texts:
    """How many classes differ."""
    return [told("; {} (class/classes) with such images", len(rows))]


def against_gold(of: Exports, _: Table) -> Texts:
    """How many images experts decided, and in how many of them only one is right."""
    n_first, n_second, p = two_labellings.only_right(of)
    return [
        told("; {} image(s) of", len(two_labellings.judged_by_experts(of))),
        told(f"In {{}} image(s) only {FIRST} has exactly", n_first),
        told(f"in {{}} only {SECOND} (exact sign test, p = {{}})", n_second, p),
    ]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "labellings-agree": agree,
    "labellings-by-class": by_class,
    "labellings-against-gold": against_gold,
}
