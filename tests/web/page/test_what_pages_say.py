"""Commands on a page look like commands, counts agree with their nouns, and what does not exist is told of in the reader's language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.assignment import Desk
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.web.annotate.annotate import page_of
from multilabelfy.web.page.rendering import rendered
from multilabelfy.workflows.annotating.desk import Progress, Work

GERMAN = {"Accept-Language": "de"}
NOWHERE = ("/d/nowhere", "/d/pilot/images/99999", "/d/pilot/labels/99999", "/d/pilot/plan/9")


@pytest.mark.parametrize("address", ["/", "/d/pilot", "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/report", "/d/pilot/settings"])
def test_no_page_shows_a_backtick(tmp_path: Path, address: str) -> None:
    study = ready_study(tmp_path, proposed=False)
    page = Browser(study, Clock()).sign_in("Olga", Role.OWNER).get(address).text
    assert "`" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    study.workspace.close()


def test_the_command_that_comes_next_is_shown_as_one(tmp_path: Path) -> None:
    study = ready_study(tmp_path, proposed=False)
    page = Browser(study, Clock()).sign_in("Olga", Role.OWNER).get("/d/pilot/annotate").text
    assert "Start it with <code>multilabelfy propose</code>:" in page
    study.workspace.close()


def test_one_picture_in_one_minute_is_counted_as_one(study: Study) -> None:
    work = Work(study.dataset, Desk.FINISHED, (), Progress(1, 6))
    page = rendered("annotate/annotate-state.html", page_of(work, Annotator(AnnotatorId(1), "Ann", Role.ANNOTATOR), 1))
    assert re.findall(r"<dt>(.*?)</dt>", page) == ["picture that you answered", "minute that you spent on them", "seconds per picture"]


@pytest.mark.parametrize("address", NOWHERE)
def test_what_does_not_exist_is_told_of_in_the_readers_language(browser_of: Callable[..., Browser], address: str) -> None:
    page = browser_of("Olga", Role.OWNER).get(address, headers=GERMAN)
    assert page.status_code == 404
    [words] = re.findall(r"</h1>\s*<p>(.*?)</p>", page.text) or [""]
    assert "There is" not in words
    assert not words or words.endswith("gibt es nicht.") or words.endswith("nicht.")


def test_who_answered_nothing_is_not_asked_to_go_over_it(study: Study) -> None:
    ann = Annotator(AnnotatorId(1), "Ann", Role.ANNOTATOR)
    pages = [
        rendered("annotate/annotate-state.html", page_of(Work(study.dataset, Desk.FINISHED, (), Progress(n, 6)), ann, 1)) for n in (0, 2)
    ]
    assert ["go over your answers" in page for page in pages] == [False, True]
