"""What no page sends is refused or not found, and never an error of ours: signed in or not."""

import json
import logging
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from tests.studies import Study
from tests.web.annotate.test_annotate import PAGE, form_in, stored
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.analysis_plan import default_sections
from multilabelfy.errors import StoreUnavailable
from multilabelfy.web.page.errors import told
from multilabelfy.workflows.owning.configuring import guidelines_of

NUMBERS = ("9" * 10, str(2**31), str(2**63), "9" * 5000)
PLACES = (
    "/d/pilot/annotate/{n}", "/d/pilot/annotate/{n}/sheet", "/d/pilot/annotate/{n}/feedback",
    "/d/pilot/annotate/search?assignment={n}&q=cat",
    "/d/pilot/annotate/previous?before={n}", "/d/pilot/annotate/ahead?held={n}", "/d/pilot/refine/{n}", "/d/pilot/refine/{n}/case",
    "/d/pilot/refine/search?assignment={n}&q=cat", "/d/pilot/refine/previous?before={n}", "/d/pilot/refine/quick/{n}/1",
    "/d/pilot/refine/quick/1/{n}", "/d/pilot/neighbours/1/{n}", "/d/pilot/neighbours/{n}/1", "/d/pilot/images/{n}", "/d/pilot/labels/{n}",
    "/d/pilot/labels?after={n}", "/d/pilot/images?after={n}", "/d/pilot/images?label={n}", "/d/pilot/images?n_labels={n}",
    "/d/pilot/images?annotator={n}", "/d/pilot/disagreements?label={n}", "/d/pilot/disagreements?start={n}",
    "/d/pilot/disagreements/posterior?threshold={n}&margin={n}", "/d/pilot/guidelines?version={n}",
    "/d/pilot/comments?below={n}", "/pictures/abc-{n}.webp", "/strips/abc-{n}.webp",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_number_is_an_error_of_ours(visitor: Browser, browser_of: Callable[..., Browser], place: str) -> None:
    olga = browser_of("Olga", Role.OWNER)
    for number in NUMBERS:
        for somebody in (visitor, olga):
            assert somebody.get(place.format(n=number)).status_code in (200, 204, 303, 404, 422), (place, number[:20])


@pytest.mark.parametrize("number", NUMBERS)
def test_nor_is_one_that_is_posted(visitor: Browser, browser_of: Callable[..., Browser], number: str) -> None:
    olga = browser_of("Olga", Role.OWNER)
    form = {
        "id": "an-answer-id",
        "yes": number,
        "protocol": number,
        "guidelines": number,
        "elapsed": number,
        "present": number,
        "picture": number,
    }
    for somebody in (visitor, olga):
        for place in ("annotate/{n}", "annotate/1", "refine/{n}", "refine/1", "comments/{n}", "labels/1/references", "images/{n}/reopen"):
            answered = somebody.post(f"/d/pilot/{place.format(n=number)}", data={**form, "move": "first", "text": "x"})
            assert answered.status_code in (303, 401, 403, 404, 422), place
        assert somebody.post(f"/team/{number}/role", data={"role": "owner"}).status_code in (303, 401, 404)


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "//[", "/\\["])
def test_an_address_that_is_none_is_refused(visitor: Browser, browser_of: Callable[..., Browser], study: Study, address: str) -> None:
    assert visitor.get("/sign-in", params={"next": address}).status_code == 200
    assert visitor.post("/sign-in", data={"link": address, "next": address}).status_code in (303, 422)
    assert visitor.post(study.invite("Ada"), data={"next": address}).headers["location"] == "/"
    olga = browser_of("Olga", Role.OWNER)
    del olga.headers["Sec-Fetch-Site"]
    assert olga.post("/team/invite", data={"name": "Zoe"}, headers={"Origin": address}).status_code == 403


def test_half_a_character_is_stored_as_a_question_mark(browser_of: Callable[..., Browser], study: Study) -> None:
    ada = browser_of("Ada")
    ada.get(PAGE)
    body = [["protocol", "1"], ["scripted", "1"], *([f"opened-{five}", "0"] for five in range(4)), ["yes", "1"], ["note", "half \ud800"]]
    answer = {"id": "a" * 32, "assignment": "1", "address": f"{PAGE}/1", "given": 1, "body": body}
    odd = [{**answer, "id": "\ud800" * 10}, {**answer, "address": "http://["}, answer]
    whole = {"format": "multilabelfy-answers", "version": 1, "person": str(study.person("Ada").id), "dataset": "pilot", "answers": odd}
    olga = browser_of("Olga", Role.OWNER)
    came = olga.post("/team/answers", files=[("files", ("answers.json", json.dumps(whole).encode(), "application/json"))])
    assert (came.status_code, "1 stored" in came.text) == (200, True)
    assert [said.note for said in stored(study)] == ["half ?"]
    for text in (b'{"given": ' + b"9" * 5000 + b"}", b"[" * 100_000):
        assert olga.post("/team/answers", files=[("files", ("answers.json", text, "application/json"))]).status_code == 422


def test_text_in_another_charset_is_refused(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n--x--\r\n'
    for charset, status in (("raw-unicode-escape", 415), ("utf-7", 415), ("utf-8", 200)):
        kind = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
        assert olga.post("/team/invite", content=part, headers=kind).status_code == status


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"text=A+good+be"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="te'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nA good be'),
    ],
)
def test_guidelines_that_were_cut_off_on_the_way_are_not_saved(
    browser_of: Callable[..., Browser], study: Study, kind: str, body: bytes
) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert olga.post("/d/pilot/guidelines", content=body, headers={"Content-Type": kind}).status_code in (400, 422)
    assert guidelines_of(study.workspace, "pilot").newest.version == 0
    assert olga.post("/d/pilot/guidelines", data={"text": "A good beginning", "do": "save"}).status_code == 303


def test_a_plan_or_settings_that_were_cut_off_on_the_way_change_nothing(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for path, fields in (("/d/pilot/plan", default_sections()), ("/me", {"back": "/", "language": "de", "keys_on": "yes", "key-u": "x"})):
        whole = urlencode({**fields, "do": "save"})
        assert olga.post(path, content=whole, headers=kind).status_code == 303
        before = olga.get(path).text
        for cut in ("", whole[: len(whole) // 2], whole[:-1], whole.removesuffix("&do=save")):
            assert olga.post(path, content=cut, headers=kind).status_code == 422
        assert olga.get(path).text == before


@pytest.mark.parametrize("version", ["1", "-1", "999999999999999"])
def test_an_answer_cannot_claim_guidelines_that_there_are_not(browser_of: Callable[..., Browser], study: Study, version: str) -> None:
    ada = browser_of("Ada")
    form = form_in(ada.get(PAGE).text)
    assert ada.post(form.pop("action"), data={**form, "guidelines": version, "yes": "1"}).status_code == 422
    assert stored(study) == []


def test_the_log_names_no_invitation(visitor: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr("multilabelfy.workflows.team.people.who_is_invited", fails)
    with caplog.at_level(logging.WARNING):
        assert visitor.get("/sign-in/a-secret-token").status_code == 503
    assert "the disk is full" in caplog.text
    assert "a-secret-token" not in caplog.text
    assert told("/d/pilot") == "/d/pilot"
