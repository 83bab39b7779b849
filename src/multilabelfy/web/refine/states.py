"""What the refine pages show when there is nothing to decide: why, and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage
from multilabelfy.web.refine.filter import FilterView
from multilabelfy.workflows.annotating.waiting import HeldByOthers
from multilabelfy.workflows.refining.desk import ExpertDesk, ExpertProgress

STATES: Mapping[ExpertDesk, tuple[str, str, str]] = {
    ExpertDesk.PAUSED: ("The study is paused", "An owner has paused it. What you decided is saved.", "Ask an owner when it will continue."),
    ExpertDesk.NO_PICTURES: (
        "No pictures",
        "This dataset was imported without pictures: nobody can be asked about it.",
        "",
    ),
    ExpertDesk.WAITING: (
        "Nothing to refine now",
        "No disputed image is free for you: annotators are still at work, "
        "other experts have the last ones, or you annotated them yourself.",
        "Whatever becomes free comes to you.",
    ),
    ExpertDesk.FINISHED: (
        "Finished: thank you",
        "No image is disputed any more, and every image has its answers.",
        "The final labels can be released.",
    ),
    ExpertDesk.NOTHING_SO_FILTERED: (
        "Nothing matches the filter",
        "No disputed image that you may decide on matches the filter.",
        "",
    ),
}
"""Of each desk its title, its message, and the next step; no step where a button beside it says the same."""
UNDISPUTED = "No image is disputed now. Annotators are still at work."
NO_LABEL = (
    "No single label to settle",
    "No picture that you may decide on has a label that can be settled by itself. The rest need a look at the whole picture.",
    "",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineStatePage(DatasetPage):
    """A state without a case, with its next step. `is_quick` where one label at a time was asked for; `needs_whole_pictures` where what
    is left cannot be settled so."""

    progress: ExpertProgress
    message: str
    next_step: str
    filter: FilterView
    may_look_again: bool
    is_quick: bool
    needs_whole_pictures: bool = False
    held: Sequence[HeldByOthers] = ()


def state_page(
    person: Annotator,
    dataset: str,
    desk: ExpertDesk,
    progress: ExpertProgress,
    chosen: FilterView,
    *,
    is_quick: bool = False,
    held: Sequence[HeldByOthers] = (),
) -> Response:
    """The page of a state, with the images that others hold; a filter with a problem is answered with 422."""
    needs_whole_pictures = is_quick and desk is ExpertDesk.WAITING and progress.n_disputed > 0 and not held
    title, message, next_step = NO_LABEL if needs_whole_pictures else STATES[desk]
    if desk is ExpertDesk.WAITING and not progress.n_disputed:
        message = UNDISPUTED
    page = RefineStatePage(
        title=title,
        person=person,
        dataset=dataset,
        section="refine",
        progress=progress,
        message=message,
        next_step=next_step,
        filter=chosen,
        may_look_again=desk not in (ExpertDesk.FINISHED, ExpertDesk.NO_PICTURES),
        is_quick=is_quick,
        needs_whole_pictures=needs_whole_pictures,
        held=held if desk is ExpertDesk.WAITING else (),
    )
    return render("refine/state.html", page, 422 if chosen.problems else 200)
