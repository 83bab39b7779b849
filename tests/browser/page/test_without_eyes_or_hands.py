"""The whole task by ear and by Tab: what a screen reader is told, and that each control of each page is reached, seen and left by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.live import LiveServer
from tests.browser.scenes import ASKING, Scenes

from multilabelfy.annotation.model import Outcome, Relation, Role, Vote
from multilabelfy.store.answers import annotations, comments
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
ANNOTATE, REFINE, QUICK = "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/refine/quick"
MOST_TABS = 150


def listening(page: Page, path: str) -> Page:
    """A page whose sheet has the focus."""
    page.goto(path)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    return page


def test_a_sheet_tells_the_question_five_labels_with_their_synonyms_and_what_else_can_be_said(scenes: Scenes) -> None:
    page = listening(scenes.page("fresh"), ANNOTATE)
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
        - figure:
          - img "The picture to label"
          - button "M magnifier"
          - button "L lighter"
          - button "Z enlarge"
        - region "Labels":
          - heading "Which of these are in the picture?" [level=1]
          - group "Fives":
            - button "five 1"
            - button "five 2"
            - button "five 3"
            - button "five 4"
          - group "Five 1 of 4":
            - list:
              - listitem:
                - checkbox "tabby tabby cat"
              - listitem:
                - checkbox "tiger cat"
              - listitem:
                - checkbox "Egyptian cat"
              - listitem:
                - checkbox "lynx catamount"
              - listitem:
                - checkbox "remote control remote"
          - group "Chosen labels"
          - group "The whole picture":
            - checkbox "0 no label fits"
            - checkbox "U cannot tell"
            - checkbox "F unfit picture"
          - button "Next five Enter"
        - link "← previous"
        - button "leave for later →"
    """)
    expect(page.get_by_role("status").first).to_contain_text("all saved")
    page.close()


def test_what_changes_is_said_aloud(scenes: Scenes) -> None:
    page = listening(scenes.page("fresh"), ANNOTATE)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", name="tabby")).to_be_checked()
    expect(page.get_by_role("group", name="Chosen labels").get_by_role("button")).to_have_text(["×", "×"])
    expect(page.get_by_role("group", name="How do the chosen labels relate?").get_by_role("radio")).to_have_count(3)
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Five 2 of 4")).to_be_visible()
    expect(page.locator("[aria-live=polite]", has_text="five 2 of 4")).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("several objects")
    page.keyboard.press("/")
    page.keyboard.type("cat")
    field = page.get_by_role("combobox", name="Search all labels")
    expect(field).to_have_attribute("aria-expanded", "true")
    chosen = page.get_by_role("option", selected=True)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    page.keyboard.type("xyz")
    expect(page.locator("[aria-live=polite][data-part=found-text]")).to_contain_text("No label is called")
    page.close()


def test_a_picture_is_answered_with_tab_and_space_alone(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study(protocol=ASKING, n_images=1)
    page = page_as(server=server)
    page.goto("/me")
    page.get_by_label("Letters, digits and signs work as keys").uncheck()
    page.get_by_role("button", name="Save").click()
    listening(page, ANNOTATE)
    for name in ("tabby tabby cat", "lynx catamount"):
        tab_to(page, name)
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    for _ in range(3):
        tab_to(page, "Next five")
        page.keyboard.press("Enter")
    tab_to(page, "several objects")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="several objects")).to_be_checked()
    tab_to(page, "Save and next")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Finished: thank you")
    with server.study.workspace.store.reading() as c:
        [said] = annotations.history(c, server.study.images[0].id)
    assert (said.outcome, said.answers, said.relation) == (Outcome.LABELLED, {0: Vote.YES, 3: Vote.YES}, Relation.SEVERAL_OBJECTS)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(NAME_OF_FOCUSED)
        if name in " ".join((found or "").split()):
            return
    raise AssertionError(f"Tab reaches no “{name}”")


NAME_OF_FOCUSED = """(at => at.matches('body, main') ? '' : at.ariaLabel ?? (at.labels?.length ? at.labels[0].innerText : at.innerText))
  (document.activeElement)"""

PAGES = {
    "annotate": ("fresh", Role.ANNOTATOR, ANNOTATE),
    "refine": ("disputed", Role.EXPERT, REFINE),
    "quick": ("disputed", Role.EXPERT, QUICK),
    "datasets": ("worked", Role.OWNER, "/"),
    "overview": ("worked", Role.OWNER, "/d/pilot"),
    "images": ("worked", Role.OWNER, "/d/pilot/images"),
    "an image": ("worked", Role.OWNER, "/d/pilot/images/1"),
    "labels": ("worked", Role.OWNER, "/d/pilot/labels"),
    "a label": ("worked", Role.OWNER, "/d/pilot/labels/1"),
    "comments": ("worked", Role.OWNER, "/d/pilot/comments"),
    "disagreements": ("worked", Role.OWNER, "/d/pilot/disagreements"),
    "disagreements, by posterior": ("worked", Role.OWNER, "/d/pilot/disagreements/posterior"),
    "annotators": ("careless", Role.OWNER, "/d/pilot/annotators"),
    "planner": ("careless", Role.OWNER, "/d/pilot/planner"),
    "report": ("worked", Role.OWNER, "/d/pilot/report"),
    "settings": ("worked", Role.OWNER, "/d/pilot/settings"),
    "guidelines": ("worked", Role.OWNER, "/d/pilot/guidelines"),
    "plan": ("worked", Role.OWNER, "/d/pilot/plan"),
    "team": ("worked", Role.OWNER, "/team"),
    "own settings": ("worked", Role.OWNER, "/me"),
}
FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex='0']"


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_every_control_in_the_order_of_the_page_and_shows_where_it_is(scenes: Scenes, name: str) -> None:
    scene, role, path = PAGES[name]
    page = scenes.page(scene, role)
    page.goto(path)
    if path in (ANNOTATE, REFINE, QUICK):
        expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    page.wait_for_load_state("networkidle")
    wanted = page.evaluate(
        f"[...document.querySelectorAll(`{FOCUSABLE}`)].filter(one => one.checkVisibility({{ visibilityProperty: true }}) && !one.disabled"
        " && !(one.type === 'radio' && one.form.elements[one.name][0] !== one)).map((one, i) => (one.dataset.tabOrder = i)).length"
    )
    page.locator(".skip").focus()  # the first of the page
    reached = [0]
    for _ in range(2 * wanted):
        page.keyboard.press("Tab")
        at = page.evaluate(SEEN)
        if at is None:
            break
        assert at["isSeen"], f"the focus cannot be seen on {at['html']}"
        reached.append(at["order"])
    page.close()
    assert reached == sorted(reached)
    assert len(set(reached)) >= wanted


SEEN = """(() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const shown = [at, at.nextElementSibling, at.closest('.choice'), at.closest('.chip')].filter(Boolean);
  const isSeen = shown.map(one => getComputedStyle(one)).some(look => look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2);
  const opener = at.closest('.card-body') && at.closest('details').querySelector('summary'); // a card that scrolls has the focus, too
  return { order: Number((opener ?? at).dataset.tabOrder ?? -1), html: at.outerHTML.slice(0, 120), isSeen };
})()"""


@pytest.mark.parametrize(
    ("key", "seen"), [("/", ".search .popup"), ("c", ".note textarea"), ("?", "#keys"), ("z", "#zoom"), ("Shift+Digit2", ".card-body")]
)
def test_escape_closes_what_a_key_opened_and_the_sheet_listens_again(scenes: Scenes, key: str, seen: str) -> None:
    page = listening(scenes.page("fresh"), ANNOTATE)
    page.keyboard.press(key)
    expect(page.locator(f"{seen}:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(f"{seen}:visible")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.get_by_role("checkbox", name="tabby")).to_be_checked()
    page.close()


def test_without_scripts_comments_are_answered_and_experts_talk(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    answer(server.study, "Ann", 0, [0], note="is a toy a cat?", now=utcnow())
    answer(server.study, "Bob", 0, [1], now=utcnow())
    owner = page_as(Role.OWNER, server=server, java_script_enabled=False)
    owner.goto("/d/pilot/comments")
    owner.locator("summary", has_text="Answer").click()
    owner.get_by_label("Your answer to Ann").fill("Count it as a cat.")
    owner.get_by_role("button", name="Send the answer").click()
    expect(owner.get_by_text("Every comment is answered.")).to_be_visible()
    with server.study.workspace.store.reading() as c:
        assert comments.n_unread(c, server.study.person("Ann").id) == 1
    expert = page_as(Role.EXPERT, server=server, java_script_enabled=False)
    expert.goto(REFINE)
    expert.locator("summary", has_text="discuss").click()
    expert.get_by_label("To other experts").fill("is it a toy?")
    expert.get_by_role("button", name="Add the note").click()
    expect(expert.locator(".discussion")).to_contain_text("is it a toy?")
