"""Whatever form was refused: each wrong field says so and why, the first one has the focus, and links above it lead to all of them."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study
from tests.web.conftest import Browser
from tests.web.owner.test_comments import number_of
from tests.web.owner.test_settings import VALUES

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.analysis_plan import default_sections
from multilabelfy.web.app import __file__ as app
from multilabelfy.workflows.importing.uploads import uploads_of

TEMPLATES = Path(app).parent / "templates"


class Controls(HTMLParser):
    """The ids of a page, its wrong fields with what describes them, the focused ones, and the links to fields in an alert."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.wrong: dict[str, list[str]] = {}
        self.focused: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one element."""
        has = {name: value or "" for name, value in attrs}
        self.ids |= {has["id"]} if "id" in has else set()
        if has.get("aria-invalid") == "true":
            self.wrong[has["id"]] = has.get("aria-describedby", "").split()
        if "autofocus" in has:
            self.focused.append(has["id"])
        if tag == "a" and has.get("href", "").startswith("#") and has["href"] != "#main":
            self.links.append(has["href"][1:])


def several(study: Study) -> dict[str, str]:
    """An image that is chosen for an expert, without a reason."""
    return {"id": "1" * 32, "do": "send", "image": str(study.images[0].id)}


FORMS: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "protocol": (
        "/d/pilot/settings/protocol",
        {**VALUES, "overlap": "0", "audit_share": "x", "posterior_margin": "5"},
        ["s-overlap", "s-audit_share", "s-posterior_margin"],
    ),
    "gold": ("/d/pilot/settings/gold", {"n": "500", "kind": ""}, ["gold-n"]),
    "rename": ("/d/pilot/settings/name", {"name": "a/b"}, ["new-name"]),
    "delete": ("/d/pilot/settings/delete", {"name": "other"}, ["name-again"]),
    "guidelines": ("/d/pilot/guidelines", {"text": "word " * 11_000, "do": "save"}, ["text"]),
    "plan": ("/d/pilot/plan", {**default_sections(), "toys": "## Toys", "do": "save"}, ["p-toys"]),
    "team": ("/team/invite", {"name": " ", "role": "annotator"}, ["name"]),
    "dataset's team": ("/d/pilot/team/add", {"name": " ", "role": "annotator"}, ["name"]),
    "unsent answers": ("/team/answers", {}, ["files"]),
    "keys": ("/me", {"key-u": "f", "key-c": "“", "keys_on": "yes", "do": "save"}, ["key-u", "key-f", "key-c"]),
    "upload": ("/new/pictures", {"folder": "x"}, ["pictures"]),
    "upload's name": ("/new/pictures", {"folder": "?"}, ["folder"]),
    "import": ("/new", {"place": "server/etc", "name": "new"}, ["place"]),
    "import's name": ("/new", {"place": "uploaded/pets", "name": "pilot"}, ["name"]),
    "import's file": ("/new", {"place": "uploaded/pets", "name": "new", "labels": "file"}, ["label-file"]),
    "import's overlap": ("/new", {"place": "uploaded/pets", "name": "new", "overlap": "two"}, ["overlap"]),
    "moved pictures": ("/d/pilot/settings/pictures", {"place": "uploaded/none"}, ["place"]),
    "model": ("/d/pilot/proposals", {"model": "resnet"}, ["model"]),
}


def refused(client: Browser, address: str, data: dict[str, str]) -> Controls:
    """The page on which a form was refused."""
    page = client.post(address, data=data, follow_redirects=True)
    assert page.status_code == 422, page.text
    return Controls(page.text)


def check(page: Controls, wrong: list[str]) -> None:
    """These fields are wrong, in this order, and described by what is there; the first has the focus, and an alert links to several."""
    assert list(page.wrong) == wrong
    for field, described in page.wrong.items():
        assert f"{field}-problem" in described
        assert set(described) <= page.ids
    assert page.focused == wrong[:1]
    assert set(page.links) & set(wrong) == set(wrong if page.links or len(wrong) > 1 else [])


@pytest.mark.parametrize("form", FORMS)
def test_a_refused_form_names_the_field_and_puts_the_focus_there(browser_of: Callable[..., Browser], study: Study, form: str) -> None:
    (uploads_of(study.workspace) / "pets").mkdir(parents=True)
    address, data, wrong = FORMS[form]
    check(refused(browser_of("Olga", Role.OWNER), address, data), wrong)


def test_so_do_those_about_one_image_comment_or_person(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0], note="a toy?")
    olga = browser_of("Olga", Role.OWNER)
    comment = number_of(study, "Ann", 0)
    check(refused(olga, f"/d/pilot/comments/{comment}", {"id": "1" * 24, "text": " "}), [f"a-{comment}"])
    check(refused(olga, f"/team/{study.person('Ann').id}/erase", {"name": "Bob"}), ["name-again"])
    check(refused(olga, "/d/pilot/images/several", several(study)), ["several-why"])


def test_so_do_filters_and_the_page_to_sign_in(browser_of: Callable[..., Browser], visitor: Browser) -> None:
    page = Controls(browser_of("Olga", Role.OWNER).get("/d/pilot/images?label=nonsense&n_labels=x").text)
    assert (list(page.wrong), page.focused) == (["f-label", "f-n_labels"], ["f-label"])
    check(refused(visitor, "/sign-in", {"link": "<b>hello</b>"}), ["link"])


def test_no_template_calls_a_field_wrong_without_saying_why() -> None:
    bare = [
        f"{template.relative_to(TEMPLATES)}: {line}"
        for template in TEMPLATES.rglob("*.html")
        for line in template.read_text("utf-8").splitlines()
        if line.count('aria-invalid="true"') > line.count('aria-invalid="true" aria-describedby=')
    ]
    assert bare == []
