"""The finding about many models at once: the trend of ReaL accuracy over top-1, which models leave it, and what these share."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.evaluation.many_models.models import Fit, Outlier, Trend
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, ends, table, with_interval
from multilabelfy.report.wording import MINUS, counted, signed
from multilabelfy.statistics.intervals import Interval

MOST_NAMED = 8
AXES = ("top-1", "ReaL")


@dataclass(frozen=True, slots=True)
class ModelPoint:
    """One model's two accuracies as fractions, with intervals where they are known."""

    model: str
    x: float
    y: float
    x_interval: Interval | None = None
    y_interval: Interval | None = None


def trend_finding(
    points: Sequence[ModelPoint], trend: Trend, of: str, *, axes: tuple[str, str] = AXES, slug: str = "real-against-top1"
) -> Finding:
    """The second measure against the first, one point per model, best by the first measure first; `of` says which models."""
    line = trend.line
    studentised = {outlier.model: outlier.studentised for outlier in trend.outliers}
    ordered = sorted(points, key=lambda point: (-point.x, point.model))
    return Finding(
        slug=slug,
        title=_title(trend, axes),
        subtitle=f"{of}; {_equation(line, axes)}, R² {line.r_squared:.4f}",
        definition=_definition(trend, axes),
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("top1", axes[0]),
                *with_interval("real", axes[1]),
                ("fitted", f"{axes[1]} by the fit", CellKind.SHARE),
                ("studentised", "residual of those that leave it", CellKind.NUMBER),
            ),
            [_row(point, trend.better, studentised.get(point.model)) for point in ordered],
        ),
        drawing=Drawing.SCATTER,
        axes=(axes[0], f"{axes[1]} accuracy"),
        marked=tuple(outlier.model for outlier in trend.outliers),
    )


def _title(trend: Trend, axes: tuple[str, str]) -> str:
    line, outliers = trend.line, trend.outliers
    if not line.intervals[1].low > 0:
        return f"{axes[1]} accuracy against {axes[0]}"
    worth = f"A point of {axes[0]} is worth {line.slope:.2f} points of {axes[1]}"
    if not outliers:
        return f"{worth}; no model leaves the trend"
    who = f"{outliers[0].model} leaves" if len(outliers) == 1 else f"{len(outliers)} models leave"
    return f"{worth}; {who} the trend"


def _definition(trend: Trend, axes: tuple[str, str]) -> str:
    line, slope = trend.line, trend.line.intervals[1]
    quadratic = f" A quadratic has R² {trend.quadratic.r_squared:.4f}." if trend.quadratic else ""
    curved = " The figure shows the quadratic, whose squared term is significant" if trend.is_curved else ""
    curved += f"; {counted(trend.leave_the_line, 'model')} would leave the line." if trend.is_curved else ""
    return (
        f"Least squares of {axes[1]} accuracy on {axes[0]}, one point per model: slope {line.slope:.4f} (95% interval "
        f"{slope.low:.4f}–{slope.high:.4f}), intercept {line.intercept:.4f}, R² {line.r_squared:.4f}.{quadratic} A model leaves the trend "
        "if its externally studentised residual is significant at a false discovery rate of 5% (Benjamini & Hochberg 1995)."
        f"{curved}{_who_leaves(trend.outliers)}{_what_they_share(trend)}"
    )


def _who_leaves(outliers: Sequence[Outlier]) -> str:
    if not outliers:
        return ""
    named = ", ".join(f"{outlier.model} ({signed(100 * outlier.residual)} points)" for outlier in outliers[:MOST_NAMED])
    more = f" and {len(outliers) - MOST_NAMED} more" if len(outliers) > MOST_NAMED else ""
    return f" These leave it: {named}{more}."


def _what_they_share(trend: Trend) -> str:
    if not trend.shared:
        return ""
    kinds = ", ".join(f"{kind.trait} ({kind.n_chosen} of {kind.n_all})" for kind in trend.shared[:MOST_NAMED])
    return f" Kinds over-represented among them: {kinds} (hypergeometric test, same false discovery rate; kinds are read off the names)."


def _equation(line: Fit, axes: tuple[str, str]) -> str:
    sign = "+" if line.intercept >= 0 else MINUS
    return f"{axes[1]} = {line.slope:.4f} × {axes[0]} {sign} {abs(line.intercept):.4f}"


def _row(point: ModelPoint, fit: Fit, studentised: float | None) -> list[Cell]:
    fitted = float(fit.at([point.x])[0])
    return [point.model, point.x, *ends(point.x_interval), point.y, *ends(point.y_interval), fitted, studentised]
