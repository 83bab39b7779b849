"""The planner, for owners: what more answers, other rules of asking and experts would bring, by simulation, and where the study is today.

The study's own answers are the pilot. Before the first answer, or to see what other errors would mean, an owner states how people err.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.simulation.pilot import ErrorLevel
from multilabelfy.simulation.plan import WayOutcome, WayToAsk
from multilabelfy.statistics.intervals import Interval, Measured
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.language.formatting import decimal
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.owner.plan_figure import PlanFigure, figure_of
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served
from multilabelfy.workflows.analysing.planning import StudyPlan, StudyPlans, plan_for_page

router = APIRouter(prefix="/d/{dataset}/planner")
USUAL = ("80", "5")
"""Percent of valid labels, and of others, that get a yes: what the form suggests."""
Percent = Annotated[str, Query(max_length=8)]


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way to ask, in words, and what it costs and brings."""

    words: str
    outcome: WayOutcome
    annotator_hours: Measured
    expert_hours: Measured
    several: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerPage(DatasetPage):
    """The plan, None where there is neither an answer nor a stated level. `stated` is whether it is of the level in the form."""

    made: StudyPlan | None
    ways: Sequence[ShownWay]
    figure: PlanFigure | None
    stated: bool
    sensitivity: str
    false_yes: str
    refusal: str


async def plans_of(request: Request) -> StudyPlans:
    """The newest plans of the datasets."""
    plans: StudyPlans = request.app.state.plans
    return plans


@router.get("")
def planner(
    workspace: Served,
    plans: Annotated[StudyPlans, Depends(plans_of)],
    person: AnyOwner,
    dataset: str,
    sensitivity: Percent = "",
    false_yes: Percent = "",
) -> Response:
    """The plan from the study's own answers, or from the error level that the address states."""
    written = (sensitivity.strip(), false_yes.strip())
    level = _level(*written)
    if level is None:
        made = plans.of(workspace, dataset)
    else:
        made = plan_for_page(level, *plans.needs_of(workspace, dataset))
    refusal = "" if level or not any(written) else _("State two shares in percent, the first greater than the second, such as 80 and 5.")
    return render("owner/planner.html", _page(made, person, dataset, written, refusal, stated=level is not None))


def _page(made: StudyPlan | None, person: Annotator, dataset: str, written: tuple[str, str], refusal: str, *, stated: bool) -> PlannerPage:
    sensitivity, false_yes = written if any(written) else USUAL
    return PlannerPage(
        title="Planner",
        person=person,
        dataset=dataset,
        section="disagreements",
        made=made,
        ways=[_way(made, outcome) for outcome in made.forecast.outcomes] if made else [],
        figure=figure_of(made) if made else None,
        stated=stated,
        sensitivity=sensitivity,
        false_yes=false_yes,
        refusal=refusal,
    )


def _level(sensitivity: str, false_yes: str) -> ErrorLevel | None:
    """The level that was written in percent; None if it is not one."""
    try:
        level = ErrorLevel(*(float(written.replace(",", ".").removesuffix("%")) / 100 for written in (sensitivity, false_yes)))
    except ValueError:
        return None
    return level if 0.001 <= level.false_yes < level.sensitivity <= 0.99 else None


def _way(made: StudyPlan, outcome: WayOutcome) -> ShownWay:
    return ShownWay(
        words=words_of(outcome.way),
        outcome=outcome,
        annotator_hours=made.annotator_hours(outcome),
        expert_hours=made.expert_hours(outcome),
        several=made.headline_interval(outcome),
    )


def words_of(way: WayToAsk) -> str:
    """A way to ask, in words of the viewer's language."""
    rule = way.rule
    values = {"floor": rule.floor, "cap": rule.cap, "bound": decimal(rule.bound)}
    if way.is_adaptive and way.has_experts:
        return (
            _("%(floor)s to %(cap)s answers, until at most %(bound)s wrong labels are expected; experts decide what stays in doubt")
            % values
        )
    if way.is_adaptive:
        return _("%(floor)s to %(cap)s answers, until at most %(bound)s wrong labels are expected") % values
    if way.has_experts:
        words = ngettext(
            "%(cap)s answer for every image; experts decide what is disputed",
            "%(cap)s answers for every image; experts decide what is disputed",
            rule.cap,
        )
        return words % values
    return ngettext("%(cap)s answer for every image", "%(cap)s answers for every image", rule.cap) % values
