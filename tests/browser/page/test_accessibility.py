"""axe-core finds nothing to say against any page in any state, light and dark, wide and on a phone.

WCAG 2.0 and 2.1 A and AA, 2.2 AA (the size of targets) and axe's best practices. There is no list of exceptions. The picture that is
judged has no alternative text by nature: it is called "The picture to label", and everything else is described. In the dark, where colours
alone are judged, a page is passed over if each of its texts looks like one that was judged before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import LiveServer
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role
from multilabelfy.store.schema import sessions

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
ANNOTATE, REFINE, QUICK = "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/refine/quick"


@dataclass(frozen=True)
class State:
    """A page in a state: the scene, who looks, where, and what brings it there."""

    scene: str
    role: Role | None
    path: str
    bring: Callable[[Page], None] = lambda _: None

    @property
    def is_desk(self) -> bool:
        """Whether the browser keeps what is done on the page: each such state has a browser of its own, the others share one."""
        return self.path.startswith((ANNOTATE, REFINE))


def violations(page: Page, **options: object) -> list[str]:
    """What axe-core finds on the page as it is now: the rule, the element, and what is wrong with it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run({ ...options, resultTypes: ['violations'] })", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} – {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


LOOKS = """() => {
  const isClear = colour => colour === "rgba(0, 0, 0, 0)";
  const lineage = one => one ? [one, ...lineage(one.parentElement)] : [];
  const look = one => {
    const own = getComputedStyle(one), behind = lineage(one).map(each => getComputedStyle(each));
    const grounds = behind.map(style => style.backgroundColor).filter(colour => !isClear(colour));
    const layers = behind.map(style => `${style.backgroundImage} ${style.opacity}`).filter(layer => layer !== "none 1");
    const letters = [own.color, own.fontSize, own.fontWeight, own.textDecorationLine];
    return [one.localName, one.getAttribute("class"), letters, grounds, layers].join();
  };
  const hasText = one => [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const texts = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility() && (hasText(one) || one.labels !== undefined));
  return [...new Set(texts.map(look))];
}"""
"""Of each text in view: what it is, its colours with all that lies behind it, and its letters."""


def everything(page: Page, judged: set[str]) -> list[str]:
    """All rules in light, then those of colour in dark, then all others on a phone, where nothing is wider than the window.

    `judged` is how the texts looked in the dark that have been judged; this page's are added.
    """
    rules = {"type": "tag", "values": TAGS}
    found = violations(page, runOnly=rules)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    looks = set(page.evaluate(LOOKS))
    if not looks <= judged:
        found += [f"dark: {line}" for line in violations(page, runOnly={"type": "rule", "values": COLOURS})]
        judged |= looks
    page.set_viewport_size({"width": 360, "height": 1600})  # as if scrolled: what the bar at the bottom covers now is reached
    found += [f"phone: {line}" for line in violations(page, runOnly=rules, rules={rule: {"enabled": False} for rule in COLOURS})]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"phone: {too_wide} px too wide"] if too_wide else found


def keys(*pressed: str) -> Callable[[Page], None]:
    """Press these on a sheet that listens; more than one letter after a `+` is typed."""

    def press(page: Page) -> None:
        expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
        for key in pressed:
            page.keyboard.type(key[1:]) if key.startswith("'") else page.keyboard.press(key)

    return press


def then(bring: Callable[[Page], None], seen: str) -> Callable[[Page], None]:
    """Bring the page there and wait for this to be in view."""

    def brought(page: Page) -> None:
        bring(page)
        expect(page.locator(seen).first).to_be_visible()

    return brought


def click(button: str) -> Callable[[Page], None]:
    """Press this button."""

    def press(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()

    return press


def opened(*names: str) -> Callable[[Page], None]:
    """Open the summaries of these names."""

    def open_all(page: Page) -> None:
        for name in names:
            page.locator("summary", has_text=name).first.click()

    return open_all


def answer_without_a_connection(page: Page) -> None:
    """One answer is kept in the browser."""
    keys()(page)
    ahead(page)
    page.context.set_offline(True)
    keys("0", *["Enter"] * 4)(page)
    expect(page.locator("save-status")).to_contain_text("kept here")
    page.locator("save-menu summary").click()


def all_pictures_without_a_connection(page: Page) -> None:
    """No picture is left in the browser."""
    keys()(page)
    ahead(page)
    page.context.set_offline(True)
    for _ in range(3):
        keys("0", *["Enter"] * 4)(page)
    expect(page.locator("[data-part=between]")).to_be_visible()


def zoomed(page: Page) -> None:
    keys("z")(page)
    expect(page.locator("#zoom [data-part=scale]")).not_to_have_text("100%")


def first_image(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".tile a").first.click()


def sent(field: str, text: str, button: str) -> Callable[[Page], None]:
    """Fill a field, by its name, also with what the browser would not let through, and send the form by this button."""

    def send(page: Page) -> None:
        page.locator(f"[name='{field}']").first.evaluate("(field, text) => { field.value = text; field.form.noValidate = true }", text)
        with page.expect_navigation():
            page.locator("button", has_text=button).first.evaluate("button => button.click()")

    return send


def sent_without_a_file(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit() }")


ADA, ED, OLGA = Role.ANNOTATOR, Role.EXPERT, Role.OWNER
STATES = {
    "sign in": State("fresh", None, "/sign-in"),
    "sign in, not a link": State("fresh", None, "/sign-in", sent("link", "what?", "Continue")),
    "an invitation that ended": State("fresh", None, "/sign-in/nothing"),
    "not found, by nobody": State("fresh", None, "/nowhere"),
    "not found": State("fresh", OLGA, "/d/nowhere"),
    "not allowed": State("fresh", ADA, "/d/pilot/settings"),
    "no datasets": State("empty", ADA, "/"),
    "no datasets, owner": State("empty", OLGA, "/"),
    "datasets": State("worked", ADA, "/", opened("Ada")),
    "datasets, owner": State("worked", OLGA, "/", opened("Olga")),
    "overview of an annotator": State("worked", ADA, "/d/pilot"),
    "overview": State("worked", OLGA, "/d/pilot"),
    "overview, unproposed": State("unproposed", OLGA, "/d/pilot"),
    "annotate": State("fresh", ADA, ANNOTATE, keys()),
    "annotate, two chosen, relation asked": State("fresh", ADA, ANNOTATE, then(keys("1", "2", "3", "3", "s"), ".relation")),
    "annotate, unfit": State("fresh", ADA, ANNOTATE, then(keys("f", "2"), ".reasons")),
    "annotate, none": State("fresh", ADA, ANNOTATE, keys("1", "0")),
    "annotate, the hierarchy": State("fresh", ADA, ANNOTATE, then(keys("/"), "[role=option]")),
    "annotate, in the hierarchy": State("fresh", ADA, ANNOTATE, then(keys("/", "'feli", "Enter"), "[role=option][data-up], [role=option]")),
    "annotate, found": State("fresh", ADA, ANNOTATE, then(keys("/", "'cat"), "[role=option][aria-selected=true]")),
    "annotate, nothing found": State("fresh", ADA, ANNOTATE, then(keys("/", "'unicorn"), "[data-part=found-text]:not(:empty)")),
    "annotate, a card": State("fresh", ADA, ANNOTATE, then(keys("Shift+Digit2"), ".card[open] .beside")),
    "annotate, the note": State("fresh", ADA, ANNOTATE, then(keys("c"), ".note textarea")),
    "annotate, the keys": State("fresh", ADA, ANNOTATE, then(keys("?"), "#keys[open]")),
    "annotate, enlarged": State("fresh", ADA, ANNOTATE, zoomed),
    "annotate, magnified and lighter": State("fresh", ADA, ANNOTATE, then(keys("m", "l"), "[data-part=lens]")),
    "annotate, refused": State("fresh", ADA, ANNOTATE, then(keys(*["Enter"] * 4), ".refusal")),
    "annotate, kept here": State("fresh", ADA, ANNOTATE, answer_without_a_connection),
    "annotate, between two": State("fresh", ADA, ANNOTATE, all_pictures_without_a_connection),
    "annotate, own answer": State("worked", ADA, f"{ANNOTATE}/previous", keys()),
    "annotate, search first": State("searching", ADA, ANNOTATE, keys()),
    "annotate, paused": State("paused", ADA, ANNOTATE),
    "annotate, unproposed": State("unproposed", ADA, ANNOTATE),
    "annotate, waiting": State("waiting", ADA, ANNOTATE),
    "annotate, finished": State("finished", ADA, ANNOTATE),
    "practice": State("practising", ADA, ANNOTATE, keys()),
    "practice feedback": State("practising", ADA, f"{ANNOTATE}/1/feedback"),
    "refine": State("disputed", ED, REFINE, keys()),
    "refine, empty with its reason": State("disputed", ED, REFINE, then(keys("1", "2", "3", "0", "4"), ".why-empty")),
    "refine, refused": State("disputed", ED, REFINE, then(keys("0", "Enter"), ".refusal")),
    "refine, found": State("disputed", ED, REFINE, then(keys("/", "'cat"), "[role=option][aria-selected=true]")),
    "refine, a card": State("disputed", ED, REFINE, then(keys("Shift+Digit1"), ".card[open] .beside")),
    "refine, the note": State("disputed", ED, REFINE, then(keys("c"), ".note textarea")),
    "refine, to discuss": State("disputed", ED, REFINE, then(keys("d"), ".talk textarea")),
    "refine, the filter": State("disputed", ED, REFINE, then(opened("filter"), ".filtering")),
    "refine, the keys": State("disputed", ED, REFINE, then(keys("?"), "#keys[open]")),
    "refine, own decision": State("disputed", ED, f"{REFINE}/previous", keys()),
    "refine, nothing fits the filter": State("disputed", ED, f"{REFINE}?label=unicorn"),
    "refine, blind": State("blind", ED, REFINE, keys("1", "2")),
    "refine, nothing": State("finished", ED, REFINE),
    "quick": State("disputed", ED, QUICK, keys()),
    "quick, refused": State("disputed", ED, QUICK, then(keys("Enter"), ".refusal")),
    "quick, nothing": State("finished", ED, QUICK),
    "answers": State("worked", ADA, "/answers"),
    "no answers": State("fresh", ADA, "/answers"),
    "disagreements": State("worked", OLGA, "/d/pilot/disagreements", opened("Two by two")),
    "disagreements, none yet": State("fresh", ED, "/d/pilot/disagreements"),
    "disagreements, all agree": State("finished", OLGA, "/d/pilot/disagreements"),
    "disagreements, by posterior": State("worked", OLGA, "/d/pilot/disagreements/posterior"),
    "disagreements, by posterior, nothing waits": State("finished", ED, "/d/pilot/disagreements/posterior"),
    "annotators": State("careless", OLGA, "/d/pilot/annotators", opened("All pairs")),
    "annotators, a few answers": State("worked", OLGA, "/d/pilot/annotators"),
    "annotators, none yet": State("fresh", OLGA, "/d/pilot/annotators"),
    "planner": State("careless", OLGA, "/d/pilot/planner"),
    "planner, none yet": State("fresh", OLGA, "/d/pilot/planner?sensitivity=5&false_yes=80"),
    "disputed pictures": State("worked", ED, "/d/pilot/disagreements?label=0"),
    "disputed pictures, none": State("finished", ED, "/d/pilot/disagreements?label=3"),
    "images": State("worked", OLGA, "/d/pilot/images", opened("More")),
    "deletion": State("worked", OLGA, "/d/pilot/settings/delete"),
    "an owner looks": State("fresh", OLGA, "/d/pilot/annotate"),
    "images, none fits": State("worked", ED, "/d/pilot/images?state=unreadable"),
    "images, a filter that does not fit": State("worked", OLGA, "/d/pilot/images?n_labels=many&label=unicorn"),
    "an image": State("worked", OLGA, "/d/pilot/images", first_image),
    "an image nobody saw": State("fresh", ED, "/d/pilot/images", first_image),
    "labels": State("worked", OLGA, "/d/pilot/labels"),
    "labels, none fits": State("worked", OLGA, "/d/pilot/labels?q=unicorn"),
    "a label": State("worked", OLGA, "/d/pilot/labels/1"),
    "a label without pictures": State("worked", ED, "/d/pilot/labels/55"),
    "comments": State("worked", OLGA, "/d/pilot/comments?state=all", opened("Answer")),
    "comments, none": State("fresh", OLGA, "/d/pilot/comments"),
    "comments, none fits": State("finished", OLGA, "/d/pilot/comments?kind=missing"),
    "report": State("worked", OLGA, "/d/pilot/report"),
    "report, none": State("fresh", OLGA, "/d/pilot/report"),
    "new dataset": State("empty", OLGA, "/new"),
    "new dataset, refused": State("worked", OLGA, "/new", sent("name", "a/b", "Import")),
    "proposals": State("worked", OLGA, "/d/pilot/proposals"),
    "proposals, none": State("unproposed", OLGA, "/d/pilot/proposals"),
    "proposals, refused": State("worked", OLGA, "/d/pilot/proposals", sent("model", "python:x:y", "Propose labels")),
    "settings": State("worked", OLGA, "/d/pilot/settings", opened("Set each value")),
    "settings, refused": State("worked", OLGA, "/d/pilot/settings", sent("overlap", "x", "Use these values")),
    "moved pictures": State("worked", OLGA, "/d/pilot/settings/pictures"),
    "settings, nothing yet": State("fresh", OLGA, "/d/pilot/settings"),
    "settings, paused": State("paused", OLGA, "/d/pilot/settings"),
    "guidelines": State("worked", OLGA, "/d/pilot/guidelines"),
    "guidelines, none": State("fresh", ADA, "/d/pilot/guidelines"),
    "guidelines, an earlier version": State("worked", OLGA, "/d/pilot/guidelines?version=1"),
    "guidelines, a preview": State("worked", OLGA, "/d/pilot/guidelines", click("Preview")),
    "guidelines, refused": State("worked", OLGA, "/d/pilot/guidelines", sent("text", "long " * 12_001, "Save as version")),
    "analysis plan": State("worked", OLGA, "/d/pilot/plan", opened("Freeze")),
    "analysis plan, none": State("fresh", OLGA, "/d/pilot/plan"),
    "analysis plan, refused": State("fresh", OLGA, "/d/pilot/plan", sent("measures", "## one", "Save the draft")),
    "team": State("worked", OLGA, "/team", opened("Manage", "Block access")),
    "team, a link": State("fresh", OLGA, "/team", sent("name", "Grace", "Make a link")),
    "own sessions": State("fresh", ADA, "/me/sessions"),
    "team of a dataset": State("worked", OLGA, "/d/pilot/team", opened("Remove")),
    "team of a dataset, refused": State("worked", OLGA, "/d/pilot/team", sent("name", " ", "Add")),
    "erase a name": State("worked", OLGA, "/team/1/erase", sent("name", "nobody", "Erase it")),
    "security log": State("worked", OLGA, "/team/log"),
    "security log, nothing matches": State("worked", OLGA, "/team/log?kind=deleted"),
    "team, refused": State("fresh", OLGA, "/team", sent("name", " ", "Make a link")),
    "unsent answers": State("fresh", OLGA, "/team/answers"),
    "unsent answers, no file": State("fresh", OLGA, "/team/answers", sent_without_a_file),
    "own settings": State("worked", ADA, "/me"),
    "own settings, saved": State("worked", ADA, "/me?saved=true"),
    "own settings, refused": State("worked", ADA, "/me", sent("key-u", "c", "Save")),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(scenes: Scenes, state: str) -> None:
    one = STATES[state]
    page = scenes.page(one.scene, one.role, own=True) if one.is_desk else scenes.kept_page(one.scene, one.role)
    answer = page.goto(one.path)
    assert answer is not None
    assert answer.status < 500
    one.bring(page)
    found = everything(page, scenes.judged_in_the_dark)
    if one.is_desk:
        page.context.close()
    assert found == []


def test_axe_finds_nothing_on_an_invitation(scenes: Scenes) -> None:
    page = scenes.page("fresh", None)
    page.goto(scenes.link("fresh", "Hedy", Role.ANNOTATOR))
    found = everything(page, scenes.judged_in_the_dark)
    page.close()
    assert found == []


def test_axe_finds_nothing_where_one_is_asked_again_who_it_is(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    live_server.accept_complaints()  # the browser notes the status
    page = page_as(Role.OWNER, base_url=live_server.address.replace("127.0.0.1", "study.test"))
    with live_server.study.workspace.store.writing() as c:
        c.execute(update(sessions).values(proven_at=None))
    page.goto("/d/pilot/export/votes")
    expect(page.get_by_role("heading", name="Who is it?")).to_be_visible()
    assert everything(page, set()) == []
