"""The analysis plan, for owners: what will be asked, what counts as valid and what will be measured; once frozen, it no longer changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.analysis_plan import SECTIONS, Section
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.access.access import FOR_OWNERS, AnyOwner
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.owner import protocol_form
from multilabelfy.web.page.forms import Form, pressed
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Number, Served, address_of
from multilabelfy.workflows.upkeep import plans
from multilabelfy.workflows.upkeep.plans import AnalysisPlans
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage(DatasetPage):
    """The plan and its amendments; `values` are what the form holds, `problems` what is wrong with them."""

    plans: AnalysisPlans
    values: Mapping[str, str]
    problems: Mapping[str, str]
    sections: Sequence[Section] = SECTIONS

    @property
    def changed(self) -> list[str]:
        """What the changed values of the protocol are called."""
        titles = protocol_form.titles()
        return [_(titles[name]) for name in self.plans.changed if name in titles]

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """The fields that do not fit, in their order: id, name, and why."""
        wrong = (section for section in self.sections if section.name in self.problems)
        return [(f"p-{section.name}", _(section.heading), _(self.problems[section.name])) for section in wrong]


@router.get("")
def plan(workspace: Served, person: AnyOwner, dataset: str) -> Response:
    """The plan as it stands, and the form of what comes next."""
    return render("owner/plan.html", _page(workspace, person, dataset))


@router.post("")
def write(workspace: Served, now: Now, person: AnyOwner, dataset: str, form: Form) -> Response:
    """Save the draft, or save and freeze it."""
    do = pressed(form, "save", "freeze")
    values = {section.name: str(form.get(section.name, "")) for section in SECTIONS}
    try:
        plans.write_plan(workspace, dataset, values, person, now)
        if do == "freeze":
            plans.freeze_plan(workspace, dataset, person, now)
    except AnswerRefused as refused:
        return render("owner/plan.html", _page(workspace, person, dataset, values, refused.problems), 422)
    return RedirectResponse(f"{address_of(dataset)}/plan", 303)


@router.get("/{version:int}", dependencies=FOR_OWNERS)
def text(workspace: Served, dataset: str, version: Number) -> Response:
    """The text of one version as a file: its SHA-256 is the one that the page names. Raises UnknownPlan."""
    plan = plans.plan_version(workspace, dataset, version)
    headers = {"Content-Disposition": f'attachment; filename="analysis-plan-{version}.md"'}
    return PlainTextResponse(plan.text, headers=headers, media_type="text/markdown")


def _page(
    workspace: Workspace,
    person: Annotator,
    dataset: str,
    values: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> PlanPage:
    history = plans.plans_of(workspace, dataset)
    return PlanPage(
        title="Analysis plan",
        person=person,
        dataset=dataset,
        section="settings",
        plans=history,
        values=history.sections if values is None else values,
        problems=problems or {},
    )
