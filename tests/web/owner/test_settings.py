"""The settings page: the protocol's values, pausing, releases and downloads."""

import json
import re
import shlex
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.answering import answer, machine_says, state_of
from tests.checking import answer_again
from tests.deciding import say
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.annotation.study.protocol import BLIND, AnnotationProtocol, ExpertOrder
from multilabelfy.dataset.model import ImageState
from multilabelfy.formats.outputs import FORMATS, Need
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.analysing.chances import Counted
from multilabelfy.workflows.owning.filing import rename_dataset
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.resolve import resolve

PAGE = "/d/pilot/settings"
VALUES = {
    "overlap": "2", "n_candidates": "20", "group_size": "5", "n_decoys": "0", "order": "ranked", "refinement": "open",
    "all_groups_required": "on", "two_expert_share": "0", "audit_share": "0", "n_practice": "0", "repeat_after": "20",
    "test_gold_share": "0", "calibration_share": "0", "repeat_share": "0", "search_first_share": "0",
    "posterior_threshold": "0", "posterior_margin": "0", "overlap_floor": "0", "overlap_cap": "0", "overlap_bound": "0", "panel_share": "0",
    "expert_order": "votes",
}  # fmt: skip


def protocol(study: Study) -> AnnotationProtocol:
    """The protocol that holds now."""
    with study.workspace.store.reading() as c:
        return datasets.get(c, study.dataset.id).protocol


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_and_change_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of("Eve", role)
    assert somebody.get(PAGE).status_code == 403
    for change in ("protocol", "pause", "resume", "release", "gold"):
        assert somebody.post(f"{PAGE}/{change}", data=VALUES).status_code == 403
    assert somebody.get("/d/pilot/export/final-labels").status_code == 403


def test_they_stand_in_the_order_in_which_a_study_is_set_up(browser_of: Callable[..., Browser]) -> None:
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", browser_of("Olga", Role.OWNER).get(PAGE).text) == [
        "Proposals", "Guidelines", "Protocol", "Analysis plan", "Gold", "Pause the study", "Releases of final labels", "Downloads", "Team",
        "Where the pictures are", "Name, archive, deletion",
    ]  # fmt: skip


def test_a_preset_is_taken_with_one_button(browser_of: Callable[..., Browser], study: Study) -> None:
    browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={"preset": "blind"})
    assert protocol(study) == BLIND


def test_once_there_are_answers_a_change_says_what_it_would_do_and_asks(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(3):
        for who in ("Ada", "Bob"):
            answer(study, who, image, [image])
    olga, more = browser_of("Olga", Role.OWNER), {**VALUES, "overlap": "3"}
    asked = olga.post(f"{PAGE}/protocol", data=more)
    assert (asked.status_code, "0 instead of 3 images would have final labels." in asked.text) == (200, True)
    assert (protocol(study).overlap, state_of(study, 0)) == (2, ImageState.AGREED)
    olga.post(f"{PAGE}/protocol", data={**more, "sure": "yes"})
    assert (protocol(study).overlap, state_of(study, 0)) == (3, ImageState.OPEN)


def test_so_does_a_preset(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ada", 0, [0])
    olga = browser_of("Olga", Role.OWNER)
    asked = olga.post(f"{PAGE}/protocol", data={"preset": "blind"}).text
    assert "Maybe: on <span" in asked
    assert protocol(study).preset == "paper"
    olga.post(f"{PAGE}/protocol", data={"preset": "blind", "sure": "yes"})
    assert protocol(study) == BLIND


def test_a_new_threshold_says_how_many_images_it_settles(browser_of: Callable[..., Browser], study: Study) -> None:
    for image, first, second in ((0, [0], [0]), (1, [1], [1, 2]), (2, [2], [2, 3]), (3, [], [])):
        answer(study, "Ada", image, first)
        answer(study, "Bob", image, second)
    olga = browser_of("Olga", Role.OWNER)
    at_fifty = olga.post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "50"}).text
    assert "In the next release 3 instead of 1 image would have final labels." in at_fifty
    assert re.search(r"settled by the posterior in a release</th><td class=\"n\">0</td><td class=\"n\"><strong>2</strong>", at_fifty)
    assert protocol(study).posterior_threshold == 0
    olga.post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "50", "sure": "yes"})
    back = olga.post(f"{PAGE}/protocol", data=VALUES).text
    assert "In the next release 1 instead of 3 images would have final labels." in back


def test_a_threshold_that_settles_nothing_says_so(browser_of: Callable[..., Browser], study: Study) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 0)  # they agree that no label fits
    asked = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "50"}).text
    assert "The posterior settles none of the images that wait for an expert." in asked


def test_a_change_of_single_values_asks_with_the_values_that_were_sent(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ada", 0, [0])
    asked = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, "n_candidates": "30"})
    assert "Candidates per image: 30" in asked.text
    assert 'name="n_candidates" value="30"' in asked.text
    assert "No image changes its place" in asked.text


def test_single_values_are_set_under_a_name_of_their_own(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "maybe_allowed": "on", "overlap": "3"})
    assert protocol(study) == AnnotationProtocol(preset="own", overlap=3, maybe_allowed=True)
    assert "version 2" in olga.get(PAGE).text
    olga.post(f"{PAGE}/protocol", data=VALUES)
    assert protocol(study).preset == "paper"


@pytest.mark.parametrize(
    "wrong",
    [
        {"overlap": "0"},
        {"overlap": "two"},
        {"group_size": "10"},
        {"n_candidates": ""},
        {"order": "random"},
        {"refinement": ""},
        {"expert_order": "age"},
    ],
)
def test_a_value_that_does_not_fit_changes_nothing(browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str]) -> None:
    page = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, "maybe_allowed": "on", **wrong})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert protocol(study) == study.dataset.protocol


def test_each_share_of_checks_is_set_in_percent_and_shown_so(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    shares = {"test_gold_share": "5", "calibration_share": "2.5", "repeat_share": "2", "search_first_share": "3"}
    olga.post(f"{PAGE}/protocol", data={**VALUES, **shares, "n_practice": "8", "repeat_after": "40"})
    now = protocol(study)
    assert (now.test_gold_share, now.calibration_share, now.repeat_share, now.search_first_share) == (0.05, 0.025, 0.02, 0.03)
    assert (now.n_practice, now.repeat_after) == (8, 40)
    assert re.search(r'name="calibration_share"[^>]*value="2.5"', olga.get(PAGE).text)


ADAPTIVE = {"overlap_floor": "2", "overlap_cap": "5", "overlap_bound": "20", "panel_share": "12.5"}


def test_an_overlap_that_adapts_is_set_by_its_least_its_most_its_bound_and_a_panel(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "overlap": "3", **ADAPTIVE})
    now = protocol(study)
    assert (now.overlap, now.overlap_floor, now.overlap_cap, now.overlap_bound, now.panel_share) == (3, 2, 5, 0.2, 0.125)
    page = olga.get(PAGE).text
    assert re.search(r'name="overlap_bound"[^>]*value="20"', page)
    assert "2 to 5 annotators per image" in page
    assert "2 to 5 annotators per image" in olga.get("/d/pilot").text
    olga.post(f"{PAGE}/protocol", data=VALUES)
    assert protocol(study).preset == "paper"


def test_experts_are_given_first_what_the_owner_chooses(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert '<option value="votes" selected>' in olga.get(PAGE).text
    olga.post(f"{PAGE}/protocol", data={**VALUES, "expert_order": "gain"})
    assert protocol(study).expert_order is ExpertOrder.GAIN
    assert '<option value="gain" selected>' in olga.get(PAGE).text
    olga.post(f"{PAGE}/protocol", data=VALUES)
    assert protocol(study).preset == "paper"


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"overlap_floor": "0"}, "overlap_floor", "from 1 to that of"),
        ({"overlap_floor": "3"}, "overlap_floor", "from 1 to that of"),
        ({"overlap": "6"}, "overlap_cap", "Enter 0, or at least the number"),
        ({"overlap_cap": "0"}, "overlap_bound", "enter 0 here, or a maximum above"),
        ({"overlap_cap": "0"}, "panel_share", "enter 0 here, or a maximum above"),
        ({"overlap_bound": "101"}, "overlap_bound", "Enter a share from 0 to 100 percent."),
    ],
)
def test_an_overlap_that_cannot_be_followed_is_refused_beside_its_field(
    browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str], field: str, why: str
) -> None:
    page = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, **ADAPTIVE, **wrong})
    assert page.status_code == 422
    message = re.search(rf'id="s-{field}-problem"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    assert message
    assert why in unescape(message[1])
    assert protocol(study) == study.dataset.protocol


def test_the_cut_of_the_posterior_is_set_in_percent(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "60", "posterior_margin": "12.5"})
    assert (protocol(study).posterior_threshold, protocol(study).posterior_margin) == (0.6, 0.125)
    assert "Images that wait for an expert get the labels whose chance is at least 60.0%" in olga.get(PAGE).text


def test_a_release_in_which_the_posterior_settles_nothing_says_so(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "99"})
    for who in ("Ada", "Bob"):
        answer(study, who, 0)  # they agree that no label fits
    said = olga.post(f"{PAGE}/release").text
    assert "No image has final labels yet: no release was made. The posterior settled none: 1 image is left to experts." in said


@pytest.mark.parametrize("cut", [("100", "0"), ("60", "40"), ("20", "20"), ("50", "50"), ("50", "-1")])
def test_a_cut_that_would_settle_nothing_is_refused(browser_of: Callable[..., Browser], study: Study, cut: tuple[str, str]) -> None:
    sent = {**VALUES, "posterior_threshold": cut[0], "posterior_margin": cut[1]}
    page = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data=sent)
    assert (page.status_code, protocol(study).posterior_threshold) == (422, 0.0)
    assert 'aria-invalid="true"' in page.text


def test_gold_is_drawn_from_the_decided_images_and_counted(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert "Nothing is gold yet." in olga.get(PAGE).text
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    assert olga.post(f"{PAGE}/gold", data={"n": "1", "kind": "test"}).status_code == 303
    assert "1 test" in olga.get(PAGE).text
    refused = olga.post(f"{PAGE}/gold", data={"n": "5", "kind": ""})
    assert refused.status_code == 422
    assert "0 decided images can become gold, and 5 were asked for" in refused.text


def test_shares_for_experts_are_set_in_percent_and_shown_so_again(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "two_expert_share": "12,5 %", "audit_share": "5"})
    assert (protocol(study).two_expert_share, protocol(study).audit_share) == (0.125, 0.05)
    page = olga.get(PAGE).text
    assert 'name="two_expert_share" inputmode="decimal" size="5" value="12.5"' in page
    assert 'name="audit_share" inputmode="decimal" size="5" value="5"' in page


@pytest.mark.parametrize("wrong", [{"audit_share": "101"}, {"two_expert_share": "-1"}, {"audit_share": "some"}, {"audit_share": ""}])
def test_a_share_that_is_none_changes_nothing(browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str]) -> None:
    page = browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, **wrong})
    assert page.status_code == 422
    assert "Enter a share from 0 to 100 percent." in page.text
    assert protocol(study) == study.dataset.protocol


def test_the_audit_share_sends_agreed_images_to_experts_at_once(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    browser_of("Olga", Role.OWNER).post(f"{PAGE}/protocol", data={**VALUES, "audit_share": "100", "sure": "yes"})
    assert state_of(study, 0) is ImageState.DISPUTED


def test_a_greater_overlap_asks_for_more_answers(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/protocol", data={**VALUES, "overlap": "3", "sure": "yes"})
    assert state_of(study, 0) is ImageState.OPEN
    olga.post(f"{PAGE}/protocol", data={**VALUES, "overlap": "2", "sure": "yes"})
    assert state_of(study, 0) is ImageState.AGREED


def test_a_pause_stops_handing_out_and_ends_again(browser_of: Callable[..., Browser]) -> None:
    olga, ada = browser_of("Olga", Role.OWNER), browser_of("Ada")
    olga.post(f"{PAGE}/pause")
    assert "The study is paused" in olga.get(PAGE).text
    assert "paused" in ada.get("/d/pilot/annotate").text
    olga.post(f"{PAGE}/resume")
    assert "Which of these" in ada.get("/d/pilot/annotate").text


def test_a_release_is_written_and_listed(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert "There is no release yet." in olga.get(PAGE).text
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    assert olga.post(f"{PAGE}/release").status_code == 303
    page = olga.get(PAGE).text
    assert '<th scope="row">1</th>' in page
    assert "There is no release yet." not in page
    assert "Nothing is new since release 1: none was made." in olga.post(f"{PAGE}/release").text


def test_a_release_that_would_drop_what_the_posterior_settled_says_so_before(browser_of: Callable[..., Browser], study: Study) -> None:
    for image, first, second in ((0, [0], [0]), (1, [1], [1, 2])):
        answer(study, "Ann", image, first)
        answer(study, "Bob", image, second)
    olga = browser_of("Olga", Role.OWNER)
    resolve(study.workspace, "pilot", NOW, PosteriorWanted(0.5))
    assert "Release 1 has labels by the posterior for 1 image. The protocol has no threshold: a release made here" in olga.get(PAGE).text
    olga.post(f"{PAGE}/protocol", data={**VALUES, "posterior_threshold": "50", "sure": "yes"})
    assert "The protocol has no threshold" not in olga.get(PAGE).text


def test_without_final_labels_no_release_is_made(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert "No image has final labels yet: no release was made." in olga.post(f"{PAGE}/release").text
    assert "There is no release yet." in olga.get(PAGE).text


def test_final_labels_can_be_downloaded(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0, 2])
    answer(study, "Bob", 0, [0, 2])
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/release")
    answered = olga.get("/d/pilot/export/final-labels")
    assert answered.headers["content-disposition"] == 'attachment; filename="pilot-final-labels.json"'
    assert [[str(label) for label in labels] for labels in json.loads(answered.text).values()] == [["0", "2"]]
    assert not list((study.workspace.folder / "downloads").iterdir())


def test_every_format_is_offered_with_what_it_means(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    page = unescape(olga.get(PAGE).text)
    assert [format.meaning for format in FORMATS if format.meaning not in page] == []
    assert {format.needs for format in FORMATS if f"/export/{format.name}" in page} == {Need.PROPOSALS}
    for need, words in ((Need.RELEASE, "It appears with the first release."), (Need.ANSWERS, "It appears with the first answer.")):
        assert page.count(words) == sum(format.needs is need for format in FORMATS) > 0
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    answer(study, "Ann", 1, [1])
    answer(study, "Bob", 1, [2])
    say(study, "Eve", 1)
    answer_again(study, "Ann", 0, [0])
    machine_says(study, 0, {0: Vote.YES})
    olga.post(f"{PAGE}/release")
    page = olga.get(PAGE).text
    assert [format.name for format in FORMATS if f"/export/{format.name}" not in page] == []


def test_a_release_that_counted_machines_names_them(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0, 1])
    machine_says(study, 0, {0: Vote.YES, 1: Vote.NO})
    olga = browser_of("Olga", Role.OWNER)
    resolve(study.workspace, "pilot", NOW, PosteriorWanted(threshold=0.3))
    assert "machines counted" not in olga.get(PAGE).text
    resolve(study.workspace, "pilot", NOW, PosteriorWanted(threshold=0.2, counted=Counted(machines=True)))
    assert "votes of machines counted: machine:python:mine:look" in olga.get(PAGE).text


def test_a_data_card_comes_with_its_table(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0, 2])
    answer(study, "Bob", 0, [0, 2])
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/release")
    answered = olga.get("/d/pilot/export/croissant")
    assert answered.headers["content-disposition"] == 'attachment; filename="pilot-croissant.zip"'
    archive = ZipFile(BytesIO(answered.content))
    assert archive.namelist() == ["croissant.json", "final-labels.parquet"]
    (file,) = json.loads(archive.read("croissant.json"))["distribution"]
    assert file["sha256"] == sha256(archive.read("final-labels.parquet")).hexdigest()
    assert not list((study.workspace.folder / "downloads").iterdir())


def test_a_download_that_cannot_be_made_says_why(browser_of: Callable[..., Browser], study: Study) -> None:
    answered = browser_of("Olga", Role.OWNER).get("/d/pilot/export/final-labels")
    assert answered.status_code == 422
    assert "no release" in answered.text
    assert not list((study.workspace.folder / "downloads").iterdir())


def test_formats_come_from_a_fixed_list(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Olga", Role.OWNER).get("/d/pilot/export/everything").status_code == 404


def test_a_command_names_the_dataset(browser_of: Callable[..., Browser]) -> None:
    assert "<code>multilabelfy gold pilot --from FILE</code>" in browser_of("Olga", Role.OWNER).get(PAGE).text


def test_pictures_that_cannot_be_found_are_told_of(browser_of: Callable[..., Browser], study: Study, tmp_path: Path) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_images_root(c, study.dataset.id, str(tmp_path / "nowhere"))
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert f"The folder {tmp_path / 'nowhere'} is not there now" in page


def test_a_command_on_a_page_can_be_typed_as_it_stands(browser_of: Callable[..., Browser], study: Study) -> None:
    rename_dataset(study.workspace, "pilot", "photos (new)", NOW)
    olga = browser_of("Olga", Role.OWNER)
    page = unescape(olga.get("/d/photos%20(new)/settings").text)
    page += unescape(olga.get("/d/photos%20(new)/settings/pictures").text)
    commands = re.findall(r"multilabelfy [a-z-]+ [^<`]+?(?= --)", page)
    assert len(commands) >= 2
    assert {shlex.split(command)[2] for command in commands} == {"photos (new)"}
