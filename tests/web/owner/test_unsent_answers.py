"""An owner brings in what a browser could not send: each answer once, through the same door, and what does not fit is said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Annotation, Role
from multilabelfy.store.answers import annotations
from multilabelfy.workflows.team import people

PAGE = "/d/pilot/annotate"
GIVEN = int(NOW.timestamp() * 1000)


@pytest.fixture
def ada(study: Study, browser_of: Callable[..., Browser]) -> Browser:
    """Ada holds pictures, and her browser cannot send."""
    browser = browser_of("Ada")
    browser.get(PAGE)
    browser.get(f"{PAGE}/ahead?held=1")
    return browser


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def unsent(assignment: int = 1, label: int = 1, **changed: Any) -> dict[str, Any]:
    """An answer that ticks one label, having seen all fives, as the page sends it."""
    client_id = f"{assignment:032x}"
    opened = [[f"opened-{five}", "0"] for five in range(4)]
    fields = [["id", client_id], ["protocol", "1"], ["scripted", "1"], ["elapsed", "4000"], ["present", "3000"], *opened]
    fields.append(["yes", str(label)])
    address = f"http://study.test{PAGE}/{assignment}"
    return {"id": client_id, "assignment": str(assignment), "address": address, "given": GIVEN, "body": fields, **changed}


def file_of(study: Study, *answers: Any, **changed: Any) -> bytes:
    person = str(study.person("Ada").id)
    whole = {"format": "multilabelfy-answers", "version": 1, "person": person, "dataset": "pilot", "answers": list(answers), **changed}
    return json.dumps(whole).encode()


def bring(owner: Browser, *texts: bytes) -> tuple[int, str]:
    files = [("files", (f"answers-{number}.json", text, "application/json")) for number, text in enumerate(texts)]
    came = owner.post("/team/answers", files=files)
    return came.status_code, came.text


def stored(study: Study, image: int = 0) -> list[Annotation]:
    with study.workspace.store.reading() as c:
        return annotations.history(c, study.images[image].id)


def test_an_answer_is_stored_as_its_persons_with_the_time_at_which_it_was_given(
    ada: Browser, olga: Browser, study: Study, clock: Clock
) -> None:
    clock.forward(days=2)
    status, page = bring(olga, file_of(study, unsent(given=GIVEN + 60_000)))
    assert status == 200
    assert "1 stored" in page
    [said] = stored(study)
    assert said.annotator == study.person("Ada").id
    assert (said.submitted_at - NOW).total_seconds() == 60
    assert set(said.answers) == {1}


def test_an_answer_that_is_there_already_changes_nothing(ada: Browser, olga: Browser, study: Study) -> None:
    bring(olga, file_of(study, unsent()))
    status, page = bring(olga, file_of(study, unsent()))
    assert (status, "1 was there already" in page) == (200, True)
    assert [set(said.answers) for said in stored(study)] == [{1}]


def test_another_answer_under_an_id_that_is_there_is_refused_with_the_reason(ada: Browser, olga: Browser, study: Study) -> None:
    bring(olga, file_of(study, unsent()))
    status, page = bring(olga, file_of(study, unsent(label=2)))
    assert (status, "1 refused" in page, "same id but other content" in page) == (200, True, True)
    assert [set(said.answers) for said in stored(study)] == [{1}]


def test_one_that_is_refused_stops_no_other_and_says_why(ada: Browser, olga: Browser, study: Study) -> None:
    missing = unsent(2, id="b" * 32, body=[["protocol", "1"], ["scripted", "1"], ["opened-0", "0"]])
    status, page = bring(olga, file_of(study, missing, unsent(1)))
    assert status == 200
    assert "1 stored" in page
    assert "1 refused" in page
    assert "Nothing is chosen yet" in page
    assert len(stored(study)) == 1


def test_what_was_left_for_later_is_left(ada: Browser, olga: Browser, study: Study) -> None:
    status, page = bring(olga, file_of(study, unsent(1, address=f"{PAGE}/1/later", body=[])))
    assert (status, "1 left for later" in page) == (200, True)
    assert stored(study) == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"address": "http://study.test/team/invite"}, "is not the address of an answer"),
        ({"address": "/d/other/annotate/1"}, "and this answer is of “other”"),
        ({"address": f"{PAGE}/99"}, "is not of the person whose file this is"),
        ({"address": "/d/pilot/refine/1"}, "is not of the person whose file this is"),
        ({"id": "short"}, "reload the page and answer again"),
    ],
)
def test_what_fits_no_picture_is_refused(ada: Browser, olga: Browser, study: Study, changed: dict[str, Any], reason: str) -> None:
    _, page = bring(olga, file_of(study, unsent(**changed)))
    assert "1 refused" in page
    assert reason in page
    assert stored(study) == []


def test_an_answer_of_somebody_elses_picture_is_refused(ada: Browser, olga: Browser, study: Study) -> None:
    _, page = bring(olga, file_of(study, unsent(), person=str(study.person("Olga").id)))
    assert "is not of the person whose file this is" in page
    assert stored(study) == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (b"{", ["this is not JSON"]),
        (b"[]", ["this is not a file of answers"]),
        (b'{"format": "multilabelfy-answers", "version": 2}', ["it has version 2, but this Multilabelfy reads version 1"]),
        (
            b'{"format": "multilabelfy-answers", "version": 1, "answers": [7, {"id": 1, "address": "", "given": true, "body": [["a"]]}]}',
            ["“person” is not text", "“dataset” is not text", "answer 1: it is not an object", "answer 2: “id” is of the wrong kind",
             "answer 2: “given” is of the wrong kind", "answer 2: “body” is not a list of [name, value]"],
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_whole_with_every_problem(
    ada: Browser, olga: Browser, study: Study, text: bytes, problems: list[str]
) -> None:
    status, page = bring(olga, text, file_of(study, unsent()))
    assert status == 422
    assert [problem for problem in problems if problem not in page] == []
    assert "1 stored" in page  # the other file is good


def test_no_file_at_all_is_said(olga: Browser) -> None:
    assert olga.post("/team/answers", files=[("files", ("", b"", "application/json"))]).status_code == 422
    assert "Choose" not in olga.get("/team/answers").text


def test_the_import_leaves_a_trace_of_who_brought_what(ada: Browser, olga: Browser, study: Study) -> None:
    bring(olga, file_of(study, unsent()))
    [file] = (study.workspace.folder / "imported-answers").iterdir()
    trace = json.loads(file.read_text())
    assert (trace["by"], trace["dataset"], trace["answers"][0]["id"]) == ("Olga", "pilot", stored(study)[0].client_id)


def test_owners_alone_import(ada: Browser, browser_of: Callable[..., Browser], study: Study) -> None:
    assert ada.get("/team/answers").status_code == 403
    assert bring(browser_of("Ed", Role.EXPERT), file_of(study, unsent()))[0] == 403
    assert stored(study) == []


def test_a_person_whose_door_is_shut_loses_nothing(ada: Browser, olga: Browser, study: Study) -> None:
    people.deactivate(study.workspace, study.person("Ada").id, NOW, by=study.person("Olga"))
    bring(olga, file_of(study, unsent()))
    assert len(stored(study)) == 1


def test_the_command_line_imports_the_same(ada: Browser, study: Study, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from multilabelfy.cli.main import app

    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(file_of(study, unsent()))
    bad.write_text("{")
    run = CliRunner().invoke(app, ["import-answers", str(good), str(bad), "--workspace", str(study.workspace.folder)])
    assert run.exit_code == 1
    assert f"{good}: 1 stored" in run.stdout
    assert f"{bad}: nothing was imported" in run.stdout
    assert len(stored(study)) == 1


def test_an_upload_leaves_no_file(ada: Browser, olga: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    status, _ = bring(olga, b" " * (3 << 20))  # more than is held in memory
    assert (status, list(folder.iterdir())) == (422, [])
