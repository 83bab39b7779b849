"""The same study in a real browser, by keys alone from the invitation to the last picture, in both protocols."""

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.annotate.test_annotate_keys import settle
from tests.browser.live import served_workspace
from tests.end_to_end.photo_study import NAME, PhotoStudy, photo_study
from tests.end_to_end.test_study_over_forms import answer_everything

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.team import people

pytestmark = [pytest.mark.browser, pytest.mark.real_data, pytest.mark.long("a study from its pictures to its report, key by key")]

N_PHOTOS = 6  # one for each row of the known answers' table
MOST_TABS = 60
END = "main h1:not([data-part=between] *)"  # a page that says that there is no picture


@pytest.fixture(params=["paper", "blind"])
def study(request: pytest.FixtureRequest, shared_data: Path, tmp_path: Path) -> Iterator[PhotoStudy]:
    with photo_study(shared_data, tmp_path, request.param, N_PHOTOS, referenced=False) as ready:
        yield ready


def test_known_answers_by_keys_alone_give_the_final_labels_worked_out_by_hand(study: PhotoStudy, chromium: Browser, tmp_path: Path) -> None:
    with served_workspace(study.workspace) as address:
        with person(chromium, address, study, "Ada", Role.ANNOTATOR) as page:
            assert work_through(page, study, "Ada", "answer-sheet", say_nothing) == N_PHOTOS
        assert answer_everything(study, "Bob") == N_PHOTOS  # over the forms, without scripts
        with person(chromium, address, study, "Eve", Role.EXPERT) as page:
            work_through(page, study, "Eve", "refine-case", why_nothing, reveals=study.protocol.refinement is RefinementStyle.BLIND)
    resolved = resolve(study.workspace, NAME, utcnow())
    assert resolved.release is not None
    assert (resolved.release.n_images, resolved.n_unresolved) == (N_PHOTOS, 0)
    export(study.workspace, NAME, "final-labels", tmp_path / "final.json")
    by_hand = {path: [str(label) for label in sorted(study.known(path).final)] for path in study.paths}
    assert json.loads((tmp_path / "final.json").read_text()) == by_hand


@contextlib.contextmanager
def person(chromium: Browser, address: str, study: PhotoStudy, name: str, role: Role) -> Iterator[Page]:
    """Somebody who opens their invitation and gets to work, with the keyboard."""
    link = people.invite(study.workspace, name, role, utcnow()).link
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(link[link.index("/sign-in/") :])
    activate(page, "Continue as")
    page.wait_for_url("**/")
    activate(page, "Refine" if role is Role.EXPERT else "Annotate")
    yield page
    context.close()


def activate(page: Page, text: str) -> None:
    """Tab to the button or link of this text and press Enter."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if text in (page.evaluate("document.activeElement.innerText") or ""):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab reaches no “{text}”")


def work_through(
    page: Page, study: PhotoStudy, name: str, sheet: str, when_empty: Callable[[Page, bool], None], *, reveals: bool = False
) -> int:
    """Answer picture after picture until there is none; returns how many pictures were answered."""
    seen: list[str] = []
    while (picture := next_picture(page, sheet, seen)) is not None:
        seen.append(picture)
        known = study.known(study.path_of(picture))
        chosen = set(known.of(name))
        answer(page, sheet, chosen, partial(when_empty, page, known.ada_is_unsure and name == "Ada"))
        if reveals:
            expect(page.get_by_role("heading", name="What the annotators said")).to_be_visible()
            expect(page.locator(sheet)).to_be_focused()
            page.keyboard.press("Enter")  # keep the answer
    return len(set(seen))


def next_picture(page: Page, sheet: str, seen: list[str]) -> str | None:
    """The address of the picture that now wants an answer; None where the page says that there is none."""
    expect(page.locator(f"html.scripted {sheet}, {END}").first).to_be_visible()
    if seen:
        expect(page.locator(f"{sheet} img.judged[src='{seen[-1]}']")).to_have_count(0)
        expect(page.locator(f"html.scripted {sheet} img.judged, {END}").first).to_be_visible()
    shown = page.locator(f"{sheet} img.judged")
    if not shown.count():
        return None
    expect(page.locator(sheet)).to_be_focused()  # its keys are listened to
    return shown.first.get_attribute("src")


def answer(page: Page, sheet: str, chosen: set[int], when_empty: Callable[[], None]) -> None:
    """Tick in each five, search for the rest, say how they relate, and save."""
    n_chosen, left, is_touched = len(chosen), set(chosen), False
    dots = page.locator(f"{sheet} [data-part=dot]").count()
    for five in range(max(dots, 1)):
        settle(page)  # the five of the Enter before it is in view
        rows = [int(row.get_attribute("data-label") or "") for row in page.locator(f"{sheet} [data-part=row]:visible").all()]
        for digit, label in enumerate(rows, start=1):
            box = page.locator(f"{sheet} input[name=yes][value='{label}']")
            if box.is_checked() != (label in chosen):
                page.keyboard.press(str(digit))
                is_touched = True
            left.discard(label)
        if five + 1 < dots:
            page.keyboard.press("Enter")
    is_asked = not is_touched and not left and page.locator(f"{sheet}[data-starts-ticked]").count() > 0
    for label in sorted(left):
        search(page, sheet, label)
    if not n_chosen:
        when_empty()
    if n_chosen > 1 and page.locator(f"{sheet} input[name=relation]").count():
        page.keyboard.press("s")
        is_asked = False
    if is_asked:
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def search(page: Page, sheet: str, label: int) -> None:
    """Find a label that is not among the candidates, by its key."""
    page.keyboard.press("/")
    page.keyboard.type(imagenet1k()[label].key)
    page.keyboard.press("Enter")
    expect(page.locator(f"{sheet} input[name=yes][value='{label}']")).to_be_checked()


def say_nothing(page: Page, unsure: bool) -> None:
    page.keyboard.press("u" if unsure else "0")


def why_nothing(page: Page, unsure: bool) -> None:
    page.keyboard.press("0")
    page.keyboard.press("1")  # no class of the label space is present
