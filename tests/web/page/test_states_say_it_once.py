"""Where there is nothing to do, no sentence says again what a button below it says."""

import re

import pytest
from tests.studies import Study

from multilabelfy.annotation.assignment import Desk
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.refinement.image_filter import CaseFilter
from multilabelfy.web.annotate.annotate import page_of
from multilabelfy.web.page.rendering import rendered
from multilabelfy.web.refine.filter import Asked, FilterView
from multilabelfy.web.refine.states import state_page
from multilabelfy.workflows.annotating.desk import Progress, Work
from multilabelfy.workflows.refining.desk import ExpertDesk, ExpertProgress


def said_twice(page: str) -> list[str]:
    """The buttons whose words begin a sentence, or a part of one, as well."""
    parts = [part.strip().casefold() for text in re.findall(r"<p>([^<]+)</p>", page) for part in re.split(r"[.:,;]", text)]
    buttons = [words.strip() for words in re.findall(r'class="button(?: first)?"[^>]*>([^<]+)<', page)]
    assert buttons
    return [words for words in buttons if any(part.startswith(words.casefold()) for part in parts)]


@pytest.mark.parametrize("desk", [desk for desk in Desk if desk is not Desk.WORK])
def test_for_annotators(study: Study, desk: Desk) -> None:
    work = Work(study.dataset, desk, (), Progress(3, 6))
    for role in Role:
        page = page_of(work, Annotator(AnnotatorId(1), "Ann", role), 2)
        assert said_twice(rendered("annotate/annotate-state.html", page)) == []


@pytest.mark.parametrize("is_quick", [False, True], ids=["whole pictures", "one label at a time"])
@pytest.mark.parametrize("n_disputed", [0, 2])
@pytest.mark.parametrize("desk", [desk for desk in ExpertDesk if desk is not ExpertDesk.WORK])
def test_for_experts(desk: ExpertDesk, n_disputed: int, is_quick: bool) -> None:
    chosen = FilterView(Asked(label="cat") if desk is ExpertDesk.NOTHING_SO_FILTERED else Asked(), CaseFilter())
    ed = Annotator(AnnotatorId(1), "Ed", Role.EXPERT)
    page = state_page(ed, "pilot", desk, ExpertProgress(3, 1, n_disputed), chosen, is_quick=is_quick)
    assert said_twice(bytes(page.body).decode()) == []
