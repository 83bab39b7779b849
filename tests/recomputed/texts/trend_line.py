"""The figures below the title about the trend of ReaL accuracy over top-1."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import t as student
from tests.recomputed import many_models, trend_line
from tests.recomputed.figures import Exports, Floats, Table
from tests.recomputed.telling import Texts, told

MOST_NAMED = 8
MINUS = "−"


def real_against_top1(of: Exports, rows: Table) -> Texts:
    """The better fit's equation, the straight line with Student's interval of its slope, a quadratic, and the models that leave the fit."""
    top1, real, *_drawn = many_models.accuracies(of)
    degree = trend_line.degree(top1, real)
    line, slope_error, r_squared = _fit(top1, real, 1)
    half = float(student.ppf(0.975, len(top1) - 2)) * slope_error
    low, high = line[1] - half, line[1] + half
    to = " to " if low < 0 else "–"
    texts = [
        told("{} model(s) on", len(top1)),
        _equation(*_fit(top1, real, degree)[::2]),
        told(f"slope {{}} (95% interval {{}}{to}{{}}), intercept {{}}, R² {{}}", line[1], low, high, line[0], r_squared),
    ]
    texts += [told("A quadratic has R² {}", _fit(top1, real, 2)[2])] if len(top1) >= trend_line.FEWEST_OF_A_QUADRATIC else []
    residuals = dict(zip(of.ranked, trend_line.residuals(top1, real, degree).tolist(), strict=True))
    return [*texts, *(told(f"{model} ({{}} points)", 100 * residuals[model]) for model in _leaving(rows))]


def _leaving(rows: Table) -> list[str]:
    """The models that leave the fit, by either way to tell it, as far as they are named."""
    ways = [[row["model"] for row in rows if row[name] is not None] for name in ("studentised", "beyond_sampling")]
    return [model for way in ways for model in way[:MOST_NAMED]]


def _fit(x: Floats, y: Floats, degree: int) -> tuple[list[float], float, float]:
    """The coefficients from the constant on, the standard error of the slope, and R²."""
    design = np.vander(x, degree + 1, increasing=True)
    left = trend_line.residuals(x, y, degree)
    error = sqrt(float(left @ left) / (len(x) - degree - 1) * float(np.linalg.pinv(design.T @ design)[1, 1]))
    return np.linalg.lstsq(design, y, rcond=None)[0].tolist(), error, 1 - float(left @ left) / float(((y - y.mean()) ** 2).sum())


def _equation(coefficients: list[float], r_squared: float) -> Any:
    """The fit's highest power first; what follows has its sign before it."""
    names = ("", " × top-1", " × top-1²")[: len(coefficients)]
    first, *others = list(zip(coefficients, names, strict=True))[::-1]
    words = "".join(f" {MINUS if value < 0 else '+'} {{}}{name}" for value, name in others)
    return told(f"ReaL = {{}}{first[1]}{words}, R² {{}}", first[0], *(abs(value) for value, _ in others), r_squared)


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {"real-against-top1": real_against_top1}
