"""Many models at once: ReaL accuracy as a function of top-1, and which models leave the trend.

Least squares, linear and quadratic; outliers by externally studentised residuals with Benjamini and Hochberg's procedure (1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit
from scipy.stats import false_discovery_control

from multilabelfy.evaluation.many_models.traits import SharedTrait, shared_traits
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.resampling import mean_interval
from multilabelfy.statistics.significance import FALSE_DISCOVERIES, excludes_zero

Floats = npt.NDArray[np.floating]


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

    @property
    def degree(self) -> int:
        """1 for a line, 2 for a quadratic."""
        return len(self.coefficients) - 1

    def slope_at(self, x: float) -> float:
        """The local slope, which is the same everywhere only on a line.

        >>> round(Fit((0.1, 2.0, -0.5), (), 1.0, 9).slope_at(0.6), 2)
        1.4
        """
        return float(np.polynomial.polynomial.polyval(x, np.polynomial.polynomial.polyder(self.coefficients)))

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


def outliers(models: Sequence[str], x: Sequence[float] | Floats, y: Sequence[float] | Floats, degree: int = 1) -> tuple[Outlier, ...]:
    """The models with a significant residual from the fit, at a false discovery rate of 5%, largest first."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(xs) < degree + 3 or len(np.unique(xs)) <= degree:
        return ()
    residuals, studentised = studentised_residuals(xs, ys, degree)
    adjusted = false_discovery_control(2 * stdtr(len(xs) - degree - 2, -np.abs(studentised)))
    leaving = [
        Outlier(models[i], float(residuals[i]), float(studentised[i]), float(adjusted[i]))
        for i in np.flatnonzero(adjusted <= FALSE_DISCOVERIES).tolist()
    ]
    return tuple(sorted(leaving, key=lambda outlier: (-abs(outlier.studentised), outlier.model)))


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure against another over many models: the fits, the models that leave the better one, and what these share.

    The curve is the better one where its square term is sure (its interval excludes zero). Models leave it by the scatter of all models.
    """

    line: Fit
    quadratic: Fit | None
    outliers: tuple[Outlier, ...]
    shared: tuple[SharedTrait, ...]

    @property
    def is_curved(self) -> bool:
        """Whether the curve is the better fit."""
        return self.quadratic is not None and excludes_zero(self.quadratic.intervals[2])

    @property
    def better(self) -> Fit:
        """The fit from which outliers are measured."""
        return self.quadratic if self.quadratic is not None and self.is_curved else self.line


def trend_of(models: Sequence[str], x: Sequence[float], y: Sequence[float]) -> Trend | None:
    """Fit both curves and find who leaves the line; None where there are too few models."""
    line = fit(x, y)
    if line is None:
        return None
    quadratic = fit(x, y, degree=2)
    is_curved = quadratic is not None and excludes_zero(quadratic.intervals[2])
    leaving = outliers(models, x, y, degree=2 if is_curved else 1)
    return Trend(line, quadratic, leaving, shared_traits([outlier.model for outlier in leaving], models))


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


def residuals_of(x: Floats, y: Floats, degree: int) -> Floats:
    """What the least-squares polynomial leaves of y, (n,)."""
    design = _design(x, degree)
    return np.asarray(y - design @ np.linalg.lstsq(design, y, rcond=None)[0])


def studentised_residuals(x: Floats, y: Floats, degree: int = 1) -> tuple[Floats, Floats]:
    """The residuals from the fit, and externally studentised: each divided by its error as estimated without its own point."""
    design = _design(x, degree)
    n, n_coefficients = design.shape
    hat = np.einsum("ij,ji->i", design, np.linalg.pinv(design))
    residuals = residuals_of(x, y, degree)
    free = np.maximum(1 - hat, 1e-12)
    left_out = np.maximum((residuals**2).sum() - residuals**2 / free, 0) / (n - n_coefficients - 1)
    error = np.sqrt(left_out * free)
    smallest = np.spacing(np.abs(y).max(initial=0.0)) * n  # below it, a residual is rounding
    studentised = np.divide(residuals, np.maximum(error, smallest), where=np.abs(residuals) > smallest, out=np.zeros(n))
    return residuals, studentised


def _design(x: Floats, degree: int) -> Floats:
    return np.vander(x, degree + 1, increasing=True)


def _coefficient_intervals(design: Floats, coefficients: Floats, residuals: Floats) -> tuple[Interval, ...]:
    free = len(residuals) - len(coefficients)
    variance = float((residuals**2).sum()) / free
    errors = np.sqrt(np.diag(np.linalg.pinv(design.T @ design)) * variance)
    half = float(stdtrit(free, 0.975)) * errors
    return tuple(Interval(float(c - h), float(c + h)) for c, h in zip(coefficients, half, strict=True))


@dataclass(frozen=True, slots=True)
class Gain:
    """The mean gain over models and images, over `n_images` with both a given and a valid label; no interval of fewer than ten images."""

    value: float
    interval: Interval | None
    n_images: int


def mean_gain(models: Sequence[EvaluatedModel], *, seed: int) -> Gain | None:
    """The gain with its bootstrap interval over images; None without given labels or without an image that has both."""
    given, has_given = given_hits(models), models[0].hits.has_given
    if given is None or has_given is None:
        return None
    both = has_given & models[0].hits.nonempty
    gained = (valid_hits(models)[:, both].astype(float) - given[:, both]).mean(axis=0)
    return Gain(float(gained.mean()), mean_interval(gained, seed=seed), int(both.sum())) if gained.size else None
