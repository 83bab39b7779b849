"""The figures below the titles about a replicate and its original."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import drop
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Resampled, Table
from tests.recomputed.telling import Texts, told


def of_drop(of: Exports, _: Table) -> Texts:
    """The mean drops, and the share that disappears, with their intervals."""
    top1, real, share = drop.mean_drops(of)
    models = told("Mean of {} model(s): {} points in top-1, {} points in ReaL", len(drop.shared(of)), *map(_lost, (top1, real)))
    return [
        models,
        told(f"in top-1 {{}} points (95% interval {_to(top1)})", *_figures(top1)),
        told(f"in ReaL accuracy {{}} points ({_to(real)})", *_figures(real)),
        told(f"from the mean drops: {{}}% ({_to(share)}%)", *_figures(share)),
    ]


def _lost(of: Resampled) -> float:
    return -100 * of.value


def _figures(of: Resampled) -> list[Any]:
    return [percent(figure) for figure in (of.value, *of.interval)]


def _to(of: Resampled) -> str:
    low, _high = of.interval
    return "{}–{}" if low.range(0.0)[0] > 0 else "{} to {}"


def by_model(_: Exports, rows: Table) -> Texts:
    """How many models were measured on both."""
    return [told("; {} model(s); bars", len(rows))]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {"drop": of_drop, "drop-by-model": by_model}
