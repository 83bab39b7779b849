"""What is here, how far it is, who waits for whom: for owners, experts and annotators."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.answering import answer
from tests.deciding import agree, dispute, say
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import open_workspace


def test_an_owner_sees_each_dataset_with_its_stages_and_one_button(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    page = browser_of("Olga", Role.OWNER).get("/").text
    assert page.count("<h1>") == 1
    assert "1 of 6" in page
    assert "1 disputed image waits for an expert." in page
    assert 'href="/d/pilot/refine"' in page


def test_where_nobody_works_yet_an_owner_invites_people(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    step = '<a class="button first" href="{}">{}</a>'
    assert step.format("/d/pilot/team", "Invite people") in olga.get("/d/pilot").text
    answer(study, "Ann", 0, [0])
    assert step.format("/d/pilot/annotate", "Annotate") in olga.get("/d/pilot").text
    assert step.format("/d/pilot/annotate", "Annotate") in browser_of("Ada").get("/").text


def test_an_annotator_sees_their_own_part_alone(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ada", 0, [0])
    ada = browser_of("Ada")
    for address in ("/", "/d/pilot"):
        page = ada.get(address).text
        assert "annotate" in page.lower()
        assert "disputed" not in page.lower()
        assert "secret" not in page
    assert "answered by you" in ada.get("/d/pilot").text


def test_without_datasets_the_first_command_is_named(tmp_path: Path, clock: Clock) -> None:
    workspace = open_workspace(load_settings(tmp_path / "empty"), create=True)
    empty = Study(workspace, None, ())  # type: ignore[arg-type]
    page = Browser(empty, clock).sign_in("Olga", Role.OWNER).get("/").text
    assert "There is no dataset yet." in page
    assert "multilabelfy import" in page
    workspace.close()


def test_the_overview_tells_the_stages_the_pace_and_who_waits(browser_of: Callable[..., Browser], study: Study, clock: Clock) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    answer(study, "Ann", 1, [1])
    clock.forward(hours=2)
    page = browser_of("Olga", Role.OWNER).get("/d/pilot").text
    assert "1 of 6 images has final labels" in page
    # nine answers are missing, three came in the last day: three days
    assert "About 3 days</b> at the pace of the last day" in page
    assert "9 answers are still needed" in page
    assert "5 images are waiting for annotators; 9 answers still needed." in page
    assert '<th scope="row">Ann</th>' in page


def test_a_study_that_nobody_has_begun_is_not_called_quiet(browser_of: Callable[..., Browser], study: Study, clock: Clock) -> None:
    olga = browser_of("Olga", Role.OWNER)
    fresh = olga.get("/d/pilot").text
    assert "12 answers are still needed. Nobody has answered yet" in fresh
    assert "last week" not in fresh
    answer(study, "Ann", 0, [0])
    clock.forward(days=8)
    assert "No answers came in during the last week" in olga.get("/d/pilot").text


def test_the_last_hours_pace_counts_first(browser_of: Callable[..., Browser], study: Study, clock: Clock) -> None:
    answer(study, "Ann", 0, [0], now=clock.now)
    clock.forward(hours=2)
    for who in ("Bob", "Ann"):
        answer(study, who, 1, [1], now=clock.now)
    # nine answers are missing, two came in the last hour: four and a half hours
    assert "hours</b> at the pace of the last hour" in browser_of("Olga", Role.OWNER).get("/d/pilot").text


def test_without_answers_no_end_is_told(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get("/d/pilot").text
    assert "Nobody has answered yet" in page
    assert "No image has all its answers yet." in page


def test_before_the_figures_of_a_large_study_are_there_the_overview_shows_all_else(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    for who in ("Ann", "Bob"):
        answer(study, who, 0, [0])
    olga = browser_of("Olga", Role.OWNER)
    kept = olga.app.state.analyses  # type: ignore[attr-defined]
    kept.large, kept.patience = 1, 0.0
    overview = olga.get("/d/pilot")
    assert overview.status_code == 200
    assert "1 of 6 images has final labels" in overview.text
    assert "Figures of so large a study take a minute or two." in overview.text
    waiting = olga.get("/d/pilot/disagreements")
    assert (waiting.status_code, waiting.headers["Refresh"], waiting.headers["Retry-After"]) == (503, "10", "10")
    assert "The figures are on their way" in waiting.text
    assert 'href="/d/pilot/images"' in waiting.text, "the other pages of the dataset are a click away"
    kept.patience = 120.0
    assert "answers alike" in olga.get("/d/pilot").text
    assert olga.get("/d/pilot/disagreements").status_code == 200


def test_experts_see_no_names_of_people_on_the_overview(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    assert "Ann" not in browser_of("Eve", Role.EXPERT).get("/d/pilot").text.replace("Annotat", "")


def test_a_paused_study_says_so_and_leads_to_its_settings(browser_of: Callable[..., Browser], study: Study) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_paused(c, study.dataset.id, True)
    page = browser_of("Olga", Role.OWNER).get("/d/pilot").text
    assert "The study is paused." in page
    assert 'href="/d/pilot/settings"' in page


def test_when_all_is_done_the_release_and_then_the_report_come_next(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(6):
        answer(study, "Ann", image, [image])
        answer(study, "Bob", image, [image])
    olga = browser_of("Olga", Role.OWNER)
    assert "Release them" in olga.get("/d/pilot").text
    resolve(study.workspace, "pilot", NOW)
    page = olga.get("/d/pilot").text
    assert "Open the report" in page
    assert "Nobody is waiting." in page


def test_unreadable_files_are_pointed_at(browser_of: Callable[..., Browser], study: Study) -> None:
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[5].id, "it is empty")
    page = browser_of("Olga", Role.OWNER).get("/d/pilot").text
    assert 'href="/d/pilot/images?state=unreadable"' in page


def stages_of(page: str) -> list[tuple[str, str, str]]:
    """Of each stage on the page its state, its number, and what this counts."""
    parts = r'data-state="(\w+)">.*?stage-main">([^<]*)<.*?stage-detail">([^<]*)<'
    return re.findall(parts, page, re.DOTALL)


def test_an_unreadable_file_holds_no_stage_back(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study)
    say(study, "Eve", 1)
    for image in range(1, 5):
        agree(study, image)
    olga = browser_of("Olga", Role.OWNER)
    assert [state for state, *_ in stages_of(olga.get("/d/pilot").text)] == ["done", "going", "going", "done"]
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[5].id, "it is empty")
    resolve(study.workspace, "pilot", NOW)
    page = olga.get("/d/pilot").text
    assert [state for state, *_ in stages_of(page)] == ["done"] * 4
    assert "5 of 5 images have final labels" in page
    assert "Nobody is waiting." in page


def test_where_experts_differ_the_stage_is_done_and_the_page_says_what_is_left(browser_of: Callable[..., Browser], study: Study) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_protocol(c, study.dataset.id, replace(study.dataset.protocol, two_expert_share=1.0), NOW)
        asked = replace(study, dataset=datasets.find(c, "pilot"))
    dispute(asked)
    for label, who in enumerate(("Eve", "Fay", "Gus")):
        say(asked, who, label)
    for image in range(1, 6):
        agree(asked, image)
    resolve(study.workspace, "pilot", NOW)
    page = browser_of("Olga", Role.OWNER).get("/d/pilot").text
    assert stages_of(page)[3] == ("done", "1 of 1", "decided by experts, who differ on 1")
    assert "5 of 6 images have final labels" in page
    assert "Nobody is waiting." not in page
    assert 'On 1 image three experts decided differently: <a href="/d/pilot/images?state=contested">look and reopen</a>.' in page


def test_an_unknown_dataset_is_not_found(browser_of: Callable[..., Browser]) -> None:
    answered = browser_of("Olga", Role.OWNER).get("/d/nothing")
    assert answered.status_code == 404
    assert "pilot" not in answered.text


def test_everybody_who_is_signed_in_has_a_name_in_the_header(browser_of: Callable[..., Browser], study: Study) -> None:
    assert people.everyone(study.workspace) == []
    assert '<span class="person-name">Ada</span>' in browser_of("Ada").get("/").text
