"""The figures below the titles about models beside each other."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tests.recomputed import many_models
from tests.recomputed.comparing import ERROR, NEAR
from tests.recomputed.figures import Exports, Near, Resampled, Table
from tests.recomputed.telling import Texts, Told, told

SURE = 0.975


def ranks(of: Exports, rows: Table) -> Texts:
    """Kendall's tau-b between the two orders, and how many pairs differ for sure by each measure, and are reversed."""
    n_pairs = len(rows) * (len(rows) - 1) // 2
    by_real, by_top1, n_reversed = (_between(n_sure) for n_sure in zip(*map(_n_sure(of), (NEAR * ERROR, -NEAR * ERROR)), strict=True))
    return [
        told("Places of {} model(s) on", len(rows)),
        _tau(many_models.tau(of)),
        told("Of {} pair(s) of models, {} ({}%) (differ/differs) reliably in ReaL", n_pairs, by_real, _percent(by_real, n_pairs)),
        told("zero) and {} ({}%) in top-1", by_top1, _percent(by_top1, n_pairs)),
        told("; {} (is/are) reliably reversed", n_reversed),
    ]


def _tau(tau: Resampled) -> Told:
    """Either end of the scale has no interval."""
    if abs(tau.value) > 1 - 1e-9:
        return told("Kendall’s tau {}.", tau.value)
    to = "–" if tau.interval[0].range(0.0)[0] > 0 else " to "
    return told(f"Kendall’s tau {{}} (95% interval {{}}{to}{{}})", tau.value, *tau.interval)


def _n_sure(of: Exports) -> Callable[[float], tuple[int, int, int]]:
    """The pairs that differ by ReaL, by top-1, and by both in opposite order, if sure were so much more than it is."""
    _, _, top1, real = many_models.accuracies(of)

    def n_sure(error: float) -> tuple[int, int, int]:
        by_real, by_top1 = (np.array(many_models.signs(drawn, SURE + error)) for drawn in (real, top1))
        return int((by_real != 0).sum()), int((by_top1 != 0).sum()), int((by_real * by_top1 < 0).sum())

    return n_sure


def _between(ends: tuple[int, ...]) -> Near:
    return Near(sum(ends) / 2, (max(ends) - min(ends)) / 2)


def _percent(n: Near, n_all: int) -> Near:
    return Near(100 * n.value / n_all, 100 * n.within / n_all)


def trend_by_model(_: Exports, rows: Table) -> Texts:
    """How many models there are."""
    return [told("; {} model(s) on", len(rows))]


def proposer_and_models(of: Exports, rows: Table) -> Texts:
    """How many models, over how many images with labels that people were asked about."""
    return [told("{} model(s) on", len(rows)), told(", over {} image(s) with labels that people", many_models.n_judged(of))]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "ranks": ranks,
    "trend-by-model": trend_by_model,
    "proposer-and-models": proposer_and_models,
}
