"""A report's figures about the trend of ReaL accuracy over top-1: its fit, and the models that leave it, from exports."""

from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import false_discovery_control
from scipy.stats import t as student
from tests.recomputed.comparing import N_PRINTED, Reading
from tests.recomputed.figures import N_RESAMPLES, Exports, Floats, Near, Table, share
from tests.recomputed.many_models import accuracies, right

FALSE_DISCOVERIES = 0.05
FEWEST_OF_A_QUADRATIC = 4


def real_against_top1(of: Exports) -> Table:
    """The models along the fit of ReaL accuracy on top-1, and those that leave it: by their scatter, and by more than sampling explains."""
    top1, real, drawn_top1, drawn_real = accuracies(of)
    power = degree(top1, real)
    studentised, sampled = _studentised(top1, real, power), _beyond(top1, real, drawn_top1, drawn_real, power)
    fitted = real - residuals(top1, real, power)
    rows = []
    for i, (model, ranked) in enumerate(of.ranked.items()):
        n_right = np.array([right(of, image, ranked) for image in of.finals]).sum(axis=0)
        n = sum(bool(of.given(image)) for image in of.finals), sum(bool(of.labels(image)) for image in of.finals)
        shares = {**share("top1", int(n_right[0]), n[0]), **share("real", int(n_right[1]), n[1])}
        rows.append({"model": model, **shares, "fitted": float(fitted[i]), "studentised": studentised[i], "beyond_sampling": sampled[i]})
    return rows


def degree(x: Floats, y: Floats) -> int:
    """2 where the squared term of a quadratic differs from zero for sure, else 1."""
    if len(x) < FEWEST_OF_A_QUADRATIC:
        return 1
    design = np.vander(x, 3, increasing=True)
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    left = y - design @ coefficients
    error = sqrt(float(left @ left) / (len(x) - 3) * float(np.linalg.pinv(design.T @ design)[2, 2]))
    return 2 if abs(float(coefficients[2])) > float(student.ppf(0.975, len(x) - 3)) * error else 1


def residuals(x: Floats, y: Floats, power: int) -> Floats:
    design = np.vander(x, power + 1, increasing=True)
    return np.asarray(y - design @ np.linalg.lstsq(design, y, rcond=None)[0])


def _studentised(x: Floats, y: Floats, power: int) -> list[float | None]:
    """The externally studentised residuals of those that are significant: each model against the fit of all others."""
    if len(x) < power + 3:
        return [None] * len(x)
    deleted = []
    for i in range(len(x)):
        others = np.arange(len(x)) != i
        design, at = np.vander(x[others], power + 1, increasing=True), np.vander(x[[i]], power + 1, increasing=True)[0]
        coefficients = np.linalg.lstsq(design, y[others], rcond=None)[0]
        left = y[others] - design @ coefficients
        variance = float(left @ left) / (len(left) - power - 1)
        deleted.append(float(y[i] - at @ coefficients) / sqrt(variance * (1 + float(at @ np.linalg.pinv(design.T @ design) @ at))))
    adjusted = false_discovery_control([2 * student.sf(abs(value), len(x) - power - 2) for value in deleted])
    return [value if p <= FALSE_DISCOVERIES else None for value, p in zip(deleted, adjusted, strict=True)]


def _beyond(x: Floats, y: Floats, drawn_x: Floats, drawn_y: Floats, power: int) -> list[Any]:
    """Each residual over its bootstrap error, where it exceeds the largest deviation of any model in 95% of the resamples."""
    if len(x) < power + 3:
        return [None] * len(x)
    left = residuals(x, y, power)
    drawn = np.stack([residuals(a, b, power) for a, b in zip(drawn_x, drawn_y, strict=True)])
    error = drawn.std(axis=0, ddof=1)
    studentised = left / error
    largest = np.abs((drawn - left) / error).max(axis=1)
    p = (largest[:, None] >= np.abs(studentised)).mean(axis=0)
    within = 3 * sqrt(1 / (2 * N_PRINTED) + 1 / (2 * N_RESAMPLES))
    return [Near(float(s), abs(float(s)) * within) if of <= FALSE_DISCOVERIES else None for s, of in zip(studentised, p, strict=True)]


def real_against_top1_title(of: Exports, rows: Table) -> list[Reading]:
    """The slope, or a curve's near both ends; then how many models leave the fit, unless it is one that is named, or none."""
    top1, real, *_ = accuracies(of)
    coefficients = np.polynomial.polynomial.polyfit(top1, real, degree(top1, real))
    slopes = [float(coefficients[1])]
    if len(coefficients) > 2:
        tens = [round(float(end), 1) for end in np.quantile(top1, [0.01, 0.99])]
        at = tens if tens[0] < tens[1] else [round(float(end), 2) for end in np.quantile(top1, [0.01, 0.99])]
        slopes = [figure for place in at for figure in (float(coefficients[1] + 2 * coefficients[2] * place), 100 * place)]
    leaving = [sum(row[name] is not None for row in rows) for name in ("studentised", "beyond_sampling")]
    counted = [[n, len(rows)] if n > 1 else [] for n in leaving]
    return [[], [*slopes, *counted[0], *counted[1]]]


TABLES = {"real-against-top1": real_against_top1}
TITLES = {"real-against-top1": real_against_top1_title}
