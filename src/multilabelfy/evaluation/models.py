"""Many models at once: ReaL accuracy as a function of top-1, and which models leave the trend.

Least squares, linear and quadratic; outliers by externally studentised residuals with Benjamini and Hochberg's procedure (1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from multilabelfy.disagreement.intervals import Interval

Floats = npt.NDArray[np.floating]

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True, slots=True)
class Fit:
    """A least-squares polynomial y = c₀ + c₁x (+ c₂x²): `coefficients` from the constant on, with 95% intervals by Student's t."""

    coefficients: tuple[float, ...]
    intervals: tuple[Interval, ...]
    r_squared: float
    n: int

    @property
    def intercept(self) -> float:
        """The value at x = 0."""
        return self.coefficients[0]

    @property
    def slope(self) -> float:
        """The coefficient of x."""
        return self.coefficients[1]

    def at(self, x: npt.ArrayLike) -> Floats:
        """The fitted values at x."""
        return np.polynomial.polynomial.polyval(np.asarray(x, dtype=np.float64), self.coefficients)


@dataclass(frozen=True, slots=True)
class Outlier:
    """A model that leaves the trend: its residual in the unit of y, the studentised one, and the p-value adjusted for all models."""

    model: str
    residual: float
    studentised: float
    adjusted_p: float


def fit(x: Sequence[float] | Floats, y: Sequence[float] | Floats, degree: int = 1) -> Fit | None:
    """Fit a polynomial; None where there are too few distinct points for an estimate of its error."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    design = _design(xs, degree)
    if len(xs) <= degree + 1 or len(np.unique(xs)) <= degree:
        return None
    coefficients, *_ = np.linalg.lstsq(design, ys, rcond=None)
    residuals = ys - design @ coefficients
    spread = float(((ys - ys.mean()) ** 2).sum())
    r_squared = 1 - float((residuals**2).sum()) / spread if spread else float("nan")
    return Fit(tuple(map(float, coefficients)), _coefficient_intervals(design, coefficients, residuals), r_squared, len(xs))


def outliers(models: Sequence[str], x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> tuple[Outlier, ...]:
    """The models whose residual from the line is too large for chance, at a false discovery rate of 5%, the largest first."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(xs) < 4 or len(np.unique(xs)) < 2:
        return ()
    residuals, studentised = studentised_residuals(xs, ys)
    adjusted = benjamini_hochberg(2 * stdtr(len(xs) - 3, -np.abs(studentised)))
    found = [
        Outlier(models[i], float(residuals[i]), float(studentised[i]), float(adjusted[i]))
        for i in np.flatnonzero(adjusted <= FALSE_DISCOVERIES).tolist()
    ]
    return tuple(sorted(found, key=lambda outlier: (-abs(outlier.studentised), outlier.model)))


def studentised_residuals(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The residuals from the line, and externally studentised: each divided by its error as estimated without its own point."""
    design = _design(x, 1)
    n, n_coefficients = design.shape
    hat = np.einsum("ij,ji->i", design, np.linalg.pinv(design))
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    free = np.maximum(1 - hat, 1e-12)
    left_out = np.maximum((residuals**2).sum() - residuals**2 / free, 0) / (n - n_coefficients - 1)
    error = np.sqrt(left_out * free)
    smallest = np.spacing(np.abs(y).max(initial=0.0)) * n  # below it, a residual is rounding
    studentised = np.divide(residuals, np.maximum(error, smallest), where=np.abs(residuals) > smallest, out=np.zeros(n))
    return residuals, studentised


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values: reject those at most q, and of the rejected a share of at most q is false in the mean.

    >>> benjamini_hochberg(np.array([0.01, 0.02, 0.9])).tolist()
    [0.03, 0.03, 0.9]
    """
    n = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _design(x: Floats, degree: int) -> Floats:
    return np.vander(x, degree + 1, increasing=True)


def _coefficient_intervals(design: Floats, coefficients: Floats, residuals: Floats) -> tuple[Interval, ...]:
    free = len(residuals) - len(coefficients)
    variance = float((residuals**2).sum()) / free
    errors = np.sqrt(np.diag(np.linalg.pinv(design.T @ design)) * variance)
    half = float(stdtrit(free, 0.975)) * errors
    return tuple(Interval(float(c - h), float(c + h)) for c, h in zip(coefficients, half, strict=True))
