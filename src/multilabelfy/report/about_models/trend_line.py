"""The finding about many models at once: the trend of ReaL accuracy over top-1, which models leave it, and what these share.

Two things are told apart: which model is unlike the others (by their scatter), and which lies off the trend at all (by the sampling of
images).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.evaluation.many_models.models import Fit, Outlier, Trend
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, ends, table, with_interval
from multilabelfy.report.wording import MINUS, from_to, plain, signed
from multilabelfy.statistics.intervals import Interval

MOST_NAMED = 8
DIGITS = 4
AXES = ("top-1", "ReaL")
NEAR_THE_ENDS = (0.01, 0.99)
"""The quantiles of the models near which a curve's local slope is stated."""


@dataclass(frozen=True, slots=True)
class ModelPoint:
    """One model's two accuracies as fractions, with intervals where they are known."""

    model: str
    x: float
    y: float
    x_interval: Interval | None = None
    y_interval: Interval | None = None


def trend_finding(
    points: Sequence[ModelPoint],
    trend: Trend,
    of: str,
    *,
    axes: tuple[str, str] = AXES,
    slug: str = "real-against-top1",
    beyond: Sequence[Outlier] | None = None,
) -> Finding:
    """The second measure against the first, one point per model, best by the first measure first; `of` says which models.

    `beyond` leave the fit by more than the sampling of images explains; None where there are no images to resample. Slope, line, residuals
    and outliers are all of one fit, the better one.
    """
    studentised = {outlier.model: outlier.studentised for outlier in trend.outliers}
    sampled = {outlier.model: outlier.studentised for outlier in beyond or ()}
    ordered = sorted(points, key=lambda point: (-point.x, point.model))
    return Finding(
        slug=slug,
        title=_title(points, trend, axes, beyond),
        subtitle=f"{of}; {_equation(trend.better, axes)}, R² {trend.better.r_squared:.4f}",
        definition=_definition(trend, axes, beyond),
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("top1", axes[0]),
                *with_interval("real", axes[1]),
                ("fitted", f"{axes[1]} by the fit", CellKind.SHARE),
                ("studentised", "residual of those unlike the others", CellKind.NUMBER),
                ("beyond_sampling", "residual of those beyond sampling", CellKind.NUMBER),
            ),
            [_row(point, trend.better, studentised.get(point.model), sampled.get(point.model)) for point in ordered],
        ),
        drawing=Drawing.SCATTER,
        axes=(axes[0], f"{axes[1]} accuracy"),
        marked=tuple(dict.fromkeys([*studentised, *sampled])),
    )


def slopes_in_title(points: Sequence[ModelPoint], fit: Fit) -> list[tuple[float, float]]:
    """(x, local slope): of a line anywhere; of a curve at two round values near both ends of the models."""
    if fit.degree == 1:
        return [(0.0, fit.slope)]
    ends = np.quantile([point.x for point in points], NEAR_THE_ENDS)
    tens = [round(float(end), 1) for end in ends]
    places = tens if tens[0] < tens[1] else [round(float(end), 2) for end in ends]
    return [(place, fit.slope_at(place)) for place in places]


def _title(points: Sequence[ModelPoint], trend: Trend, axes: tuple[str, str], beyond: Sequence[Outlier] | None) -> str:
    slopes = slopes_in_title(points, trend.better)
    if min(slope for _, slope in slopes) <= 0 or not trend.line.intervals[1].low > 0:
        return f"{axes[1]} accuracy against {axes[0]}"
    first, *others = slopes
    worth = f"A point of {axes[0]} is worth {first[1]:.2f} points of {axes[1]}"
    worth += "".join([f" at {first[0]:.0%}", *(f" and {slope:.2f} at {place:.0%}" for place, slope in others)] if others else [])
    scatter = f"{_who(trend.outliers, len(points), 'no model')} {'stand' if len(trend.outliers) > 1 else 'stands'} out from the scatter"
    if beyond is None:
        return f"{worth}; {scatter}"
    return f"{worth}; {scatter}, sampling {f'does not explain {_who(beyond, len(points))}' if beyond else 'explains all residuals'}"


def _who(outliers: Sequence[Outlier], n: int, nobody: str = "") -> str:
    if not outliers:
        return nobody
    return outliers[0].model if len(outliers) == 1 else f"{len(outliers)} of {n:,}"


def _definition(trend: Trend, axes: tuple[str, str], beyond: Sequence[Outlier] | None) -> str:
    line, slope = trend.line, trend.line.intervals[1]
    quadratic = f" A quadratic has R² {trend.quadratic.r_squared:.4f}." if trend.quadratic else ""
    curved = " Its squared term is significant, so slopes, residuals and the figure are the quadratic’s." if trend.is_curved else ""
    at, intercept, *ends = (plain(value, DIGITS) for value in (line.slope, line.intercept, slope.low, slope.high))
    return (
        f"Least squares of {axes[1]} accuracy on {axes[0]}, one point per model. The straight line: slope {at} (95% interval "
        f"{from_to(*ends)}), intercept {intercept}, R² {line.r_squared:.4f}.{quadratic}{curved} A model stands out from the scatter of "
        "the models if its externally studentised residual is significant at a false discovery rate of 5% (Benjamini & Hochberg 1995)."
        f"{_named(trend.outliers, 'These stand out')}{_what_they_share(trend)}{_sampling_text(beyond)}"
    )


def _sampling_text(beyond: Sequence[Outlier] | None) -> str:
    if beyond is None:
        return " There are no images to resample, so nothing is said of sampling."
    return (
        " The scatter may be real: a model is off the trend by more than sampling explains if its residual, over its bootstrap standard "
        "error, exceeds the largest deviation of any model in 95% of the resamples of the images (fitted anew each time; Westfall & Young "
        f"1993).{_named(beyond, 'These are off')}"
    )


def _named(outliers: Sequence[Outlier], these: str) -> str:
    if not outliers:
        return " None does." if these == "These stand out" else " None is."
    named = ", ".join(f"{outlier.model} ({signed(100 * outlier.residual)} points)" for outlier in outliers[:MOST_NAMED])
    more = f" and {len(outliers) - MOST_NAMED} more" if len(outliers) > MOST_NAMED else ""
    return f" {these}: {named}{more}."


def _what_they_share(trend: Trend) -> str:
    if not trend.shared:
        return ""
    kinds = ", ".join(f"{kind.trait} ({kind.n_chosen} of {kind.n_all})" for kind in trend.shared[:MOST_NAMED])
    return f" Kinds over-represented among them: {kinds} (hypergeometric test, same false discovery rate; kinds are read off the names)."


def _equation(fit: Fit, axes: tuple[str, str]) -> str:
    """The line as slope × x + intercept, a quadratic with its squared term first."""
    powers = [f"{axes[0]}²", axes[0], ""][-len(fit.coefficients) :]
    terms = list(zip(reversed(fit.coefficients), powers, strict=True))
    first, *others = [(value, f"{abs(value):.4f}{f' × {power}' if power else ''}") for value, power in terms]
    rest = "".join(f" {'+' if value >= 0 else MINUS} {text}" for value, text in others)
    return f"{axes[1]} = {MINUS if first[0] < 0 else ''}{first[1]}{rest}"


def _row(point: ModelPoint, fit: Fit, studentised: float | None, sampled: float | None) -> list[Cell]:
    fitted = float(fit.at([point.x])[0])
    return [point.model, point.x, *ends(point.x_interval), point.y, *ends(point.y_interval), fitted, studentised, sampled]
