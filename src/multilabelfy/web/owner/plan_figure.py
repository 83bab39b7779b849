"""The planner's figure: F1 of labels over answers an image, as points with intervals in the coordinates of an SVG drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from multilabelfy.simulation.plan import WayOutcome
from multilabelfy.workflows.analysing.planning import StudyPlan

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 16, 44
STEP = 0.1
Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Point:
    """A point with its interval: from `low` at the bottom to `high`. Coordinates of the drawing, but for what it shows."""

    x: float
    y: float
    low: float
    high: float
    outcome: WayOutcome


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """The drawing: the line of fixed overlaps, that of the adaptive ones, what experts add (points alone), and where the study is today."""

    fixed: Sequence[Point]
    adaptive: Sequence[Point]
    with_experts: Sequence[Point]
    today: tuple[float, float] | None
    across: Sequence[Tick]
    up: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def figure_of(made: StudyPlan) -> PlanFigure:
    """From F1 of a whole tenth below the least to 1, and from 0 answers to one more than the most."""
    outcomes, today = made.forecast.outcomes, made.today
    most = max([outcome.way.rule.cap for outcome in outcomes] + ([today.visits] if today else [])) + 1
    values = [_ends(outcome)[0] for outcome in outcomes] + ([today.f1] if today else [])
    tenths = range(int(min(values) / STEP), 11)
    least = tenths[0] * STEP

    def across(visits: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * visits / most, 1)

    def up(f1: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (f1 - least) / (1 - least), 1)

    points = [_point(outcome, across, up) for outcome in outcomes]
    return PlanFigure(
        fixed=_line(points, is_adaptive=False),
        adaptive=_line(points, is_adaptive=True),
        with_experts=[point for point in points if point.outcome.way.has_experts],
        today=(across(today.visits), up(today.f1)) if today else None,
        across=[Tick(across(n), n) for n in range(int(most) + 1)],
        up=[Tick(up(n * STEP), n * STEP) for n in tenths],
    )


def _point(outcome: WayOutcome, across: Place, up: Place) -> Point:
    low, high = _ends(outcome)
    return Point(across(outcome.visits.value or 0.0), up(outcome.f1.value or 0.0), up(low), up(high), outcome)


def _ends(outcome: WayOutcome) -> tuple[float, float]:
    ends, value = outcome.f1.interval, outcome.f1.value or 0.0
    return (ends.low, ends.high) if ends else (value, value)


def _line(points: Sequence[Point], *, is_adaptive: bool) -> list[Point]:
    of = [point for point in points if point.outcome.way.is_adaptive == is_adaptive and not point.outcome.way.has_experts]
    return sorted(of, key=lambda point: point.x)
