"""The overview of one dataset: the four stages as one line, progress and the expected end, agreement, and who is waiting for whom."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, Role, Task
from multilabelfy.disagreement.small_groups import SMALLEST_GROUP
from multilabelfy.errors import FiguresUnderWay
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.next_step import NextStep, next_step_of
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Kept, Now, Served
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.owning.blind_analysis import is_blind_there
from multilabelfy.workflows.owning.watching import Watch, watch, watch_with_analysis

router = APIRouter(prefix="/d/{dataset}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage(DatasetPage):
    """What an owner or an expert sees, as long as there is no `analysis` without it; an annotator sees only their own part."""

    watch: Watch
    next_step: NextStep
    analysis: Analysis | None = None
    is_blind: bool = False
    smallest_group: int = SMALLEST_GROUP

    @property
    def has_answers(self) -> bool:
        """Whether anybody has ever answered."""
        return any(effort.n_images for effort in self.watch.efforts if effort.task is Task.ANNOTATE)


@router.get("")
def overview(workspace: Served, now: Now, analyses: Kept, person: AnyAnnotator, dataset: str) -> Response:
    """The dataset at a glance. Raises UnknownDataset."""
    if person.role is Role.ANNOTATOR:
        return render("study/own-part.html", _page(person, watch(workspace, dataset, person, now)))
    try:
        page = _page(
            person, *watch_with_analysis(workspace, analyses, dataset, person, now), is_blind=is_blind_there(workspace, dataset, person)
        )
    except FiguresUnderWay:
        page = _page(person, watch(workspace, dataset, person, now))
    return render("study/overview.html", page)


def _page(person: Annotator, seen: Watch, analysis: Analysis | None = None, *, is_blind: bool = False) -> OverviewPage:
    return OverviewPage(
        title="Overview",
        person=person,
        dataset=seen.dataset.name,
        has_pictures=seen.dataset.has_pictures,
        section="overview",
        watch=seen,
        next_step=next_step_of(seen, person),
        analysis=analysis,
        is_blind=is_blind,
    )
