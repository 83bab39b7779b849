"""axe-core finds nothing to say against any page in any state, light and dark, wide and on a phone.

WCAG 2.0 and 2.1 A and AA, 2.2 AA (the size of targets) and axe's best practices. There is no list of exceptions. The picture that is
judged has no alternative text by nature: it is called "The picture to label", and everything else is described. What looks and is like
something that was judged before is passed over: each page is judged as a whole once, and then what a state brings that is new.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import LiveServer, cut_off
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
        """Whether the browser keeps what is done on the page: each such state begins with an empty browser, the others share a page."""
        return self.path.startswith((ANNOTATE, REFINE))


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
  const isText = one => one.checkVisibility() && (hasText(one) || one.labels !== undefined);
  return (globalThis.judging = [...document.querySelectorAll("body *")].filter(isText)).map(look);
}"""
"""Of each text in view: what it is, its colours with all that lies behind it, and its letters."""

FORMS = """() => {
  const box = one => Object.values(one.getBoundingClientRect().toJSON()).map(Math.round).join();
  const place = one => { const { width, height } = one.getBoundingClientRect(); return Math.min(width, height) < 24 ? box(one) : "" };
  const told = one => [...one.attributes].map(({ name }) => name).filter(name => /^(aria-|role|alt|type|tabindex|title)/.test(name));
  const control = one => one.matches("a, button, summary, input, select, textarea, [tabindex]") ? place(one) : "";
  const scrolls = one => one.scrollHeight > one.clientHeight + 14 || one.scrollWidth > one.clientWidth + 14;
  const kind = one => [one.localName, one.getAttribute("class"), told(one)].join();
  const around = one => one.parentElement.closest("header, nav, main, footer, aside, dialog, [role]")?.localName;
  const text = one => one.innerText === undefined || one.innerText.trim() !== "";
  const form = one => [kind(one), kind(one.parentElement), around(one), text(one), scrolls(one), control(one)].join();
  const seen = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility({ visibilityProperty: true }));
  const headings = seen.filter(one => one.matches("h1, h2, h3, h4")).map(one => one.localName);
  const apart = seen.filter(one => !around(one)).map(kind);
  const whole = [innerWidth > 900 ? location.pathname : "", ...headings, ...apart].join();
  globalThis.judging = [document.documentElement, ...seen];
  return [whole, ...seen.map(form)];
}"""
"""Of each element in view: what it is and in what, whether it has a text and scrolls, and where it is if it is small. The first is the page
as a whole: its headings, what lies outside of its regions, and on a wide window its path."""
WHOLE = 0

AXE_RUN = """({ only, options }) => {
  const include = only?.map(place => globalThis.judging[place]);
  if (include?.some(one => !one.isConnected)) return null;
  return axe.run(include ? { include } : document, { ...options, resultTypes: ["violations"] });
}"""
"""None where the page was drawn anew meanwhile, so that an element is gone."""


@dataclass
class Judged:
    """How the texts looked that were judged so far, in light and in dark, and what the elements were, on a wide window and on a phone."""

    looks: dict[Literal["light", "dark"], set[str]] = field(default_factory=lambda: {"light": set(), "dark": set()})
    wide: set[str] = field(default_factory=set)
    phone: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def judged() -> Judged:
    return Judged()


def everything(page: Page, judged: Judged) -> list[str]:
    """All rules but those of colour on a wide window and on a phone, where nothing is wider than it, and those of colour in light and dark.

    They go over what is unlike all that was judged before, and over the whole page where its path or its headings are new.
    """
    all_but_colours = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {rule: {"enabled": False} for rule in COLOURS}}
    found = violations(page, FORMS, judged.wide, all_but_colours)
    for scheme, looks in judged.looks.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {line}" for line in violations(page, LOOKS, looks, {"runOnly": {"type": "rule", "values": COLOURS}})]
    page.set_viewport_size({"width": 360, "height": 1600})  # as if scrolled: what the bar at the bottom covers now is reached
    found += [f"phone: {line}" for line in violations(page, FORMS, judged.phone, all_but_colours)]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"phone: {too_wide} px too wide"] if too_wide else found


def violations(page: Page, script: str, judged: set[str], options: dict[str, object]) -> list[str]:
    """What axe-core finds in what a script tells to be unlike all that was judged, which is added: the rule, the element, what is wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = None
    while found is None:
        new: dict[str, int] = {}
        for place, told in enumerate(page.evaluate(script)):
            if told not in judged:
                new.setdefault(told, place)
        if not new:
            return []
        is_whole = script == FORMS and WHOLE in new.values()
        found = page.evaluate(AXE_RUN, {"only": None if is_whole else list(new.values()), "options": options})
    judged |= set(new)
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} – {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


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
    cut_off(page)
    keys("0", *["Enter"] * 4)(page)
    expect(page.locator("save-status")).to_contain_text("kept here")
    page.locator("save-menu summary").click()


def all_pictures_without_a_connection(page: Page) -> None:
    """No picture is left in the browser."""
    keys()(page)
    ahead(page)
    cut_off(page)
    for _ in range(3):
        keys("0", *["Enter"] * 4)(page)
    expect(page.locator("[data-part=between]")).to_be_visible()


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
    "refine, the filter": State("disputed", ED, REFINE, then(opened("filter"), ".filtering")),
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
    "overview, without pictures": State("voted", OLGA, "/d/pilot"),
    "images, without pictures": State("voted", OLGA, "/d/pilot/images"),
    "an image without pictures": State("voted", OLGA, "/d/pilot/images", first_image),
    "disagreements, without pictures": State("voted", OLGA, "/d/pilot/disagreements"),
    "disagreements, by posterior, without pictures": State("voted", OLGA, "/d/pilot/disagreements/posterior"),
    "annotators, without pictures": State("voted", OLGA, "/d/pilot/annotators"),
    "annotate, without pictures": State("voted", ED, ANNOTATE),
    "refine, without pictures": State("voted", ED, REFINE),
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
    "backups": State("worked", OLGA, "/backups", then(click("Make a backup now"), "main:has(.downloads):has(button.first)")),
    "backups, none": State("fresh", OLGA, "/backups"),
    "team, refused": State("fresh", OLGA, "/team", sent("name", " ", "Make a link")),
    "unsent answers": State("fresh", OLGA, "/team/answers"),
    "unsent answers, no file": State("fresh", OLGA, "/team/answers", sent_without_a_file),
    "own settings": State("worked", ADA, "/me"),
    "own settings, saved": State("worked", ADA, "/me?saved=true"),
    "own settings, refused": State("worked", ADA, "/me", sent("key-u", "c", "Save")),
}  # fmt: skip


VISITS: dict[str, tuple[State, dict[str, tuple[tuple[str, ...], str]]]] = {
    "annotate": (State("fresh", ADA, ANNOTATE), {
        "as it comes": ((), "[data-part=row]"),
        "the hierarchy": (("/",), "[role=option]"),
        "in the hierarchy": (("'feli", "Enter"), "[role=option][data-up], [role=option]"),
        "found": (("Escape", "/", "'cat"), "[role=option][aria-selected=true]"),
        "nothing found": (("'xyz",), "[data-part=found-text]:not(:empty)"),
        "a card": (("Escape", "Shift+Digit2"), ".card[open] .beside"),
        "the note": (("Escape", "c"), ".note textarea"),
        "the keys": (("Escape", "?"), "#keys[open]"),
        "enlarged": (("Escape", "z"), "#zoom [data-part=scale]:not(:empty)"),
        "magnified and lighter": (("Escape", "m", "l"), "[data-part=lens]"),
        "refused": (("m", *["Enter"] * 4), ".refusal"),
        "two chosen, relation asked": (("1", "2", "3", "3", "s"), ".relation"),
        "none": (("0",), ".choice:has([value=none]:checked)"),
        "unfit": (("0", "f", "2"), ".reasons"),
    }),
    "refine": (State("disputed", ED, REFINE), {
        "as it comes": ((), "[data-part=row]"),
        "found": (("/", "'cat"), "[role=option][aria-selected=true]"),
        "a card": (("Escape", "Shift+Digit1"), ".card[open] .beside"),
        "the note": (("Escape", "c"), ".note textarea"),
        "to discuss": (("Escape", "d"), ".talk textarea"),
        "the keys": (("Escape", "?"), "#keys[open]"),
        "refused": (("Escape", "0", "Enter"), ".refusal"),
        "empty with its reason": (("4",), ".why-empty"),
    }),
}  # fmt: skip
"""What keys bring into view, one after the other on one page: what is pressed, and what then is seen."""


@pytest.mark.parametrize("visit", VISITS)
def test_axe_finds_nothing_in_what_keys_bring(look_at: Callable[..., Page], judged: Judged, visit: str) -> None:
    begun, steps = VISITS[visit]
    page = look_at(begun.scene, begun.role)
    page.goto(begun.path)
    keys()(page)
    found = []
    for step, (pressed, seen) in steps.items():
        for key in pressed:
            page.keyboard.type(key[1:]) if key.startswith("'") else page.keyboard.press(key)
        expect(page.locator(seen).first, step).to_be_visible()
        found += [f"{step}, {line}" for line in everything(page, judged)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 1280, "height": 800})
    assert found == []


WITHOUT_A_CONNECTION = ("annotate, kept here", "annotate, between two")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(scenes: Scenes, judged: Judged, state: str) -> None:
    one = STATES[state]
    own = state in WITHOUT_A_CONNECTION
    page = scenes.page(one.scene, one.role, own=own) if one.is_desk else scenes.kept_page(one.scene, one.role)
    answer = page.goto(one.path)
    assert answer is not None
    assert answer.status < 500
    one.bring(page)
    found = everything(page, judged)
    if one.is_desk:
        (page.context if own else page).close()
    assert found == []


def test_axe_finds_nothing_on_an_invitation(scenes: Scenes, judged: Judged) -> None:
    page = scenes.page("fresh", None)
    page.goto(scenes.link("fresh", "Hedy", Role.ANNOTATOR))
    found = everything(page, judged)
    page.close()
    assert found == []


def test_axe_finds_nothing_where_one_is_asked_again_who_it_is(
    page_as: Callable[..., Page], live_server: LiveServer, judged: Judged
) -> None:
    live_server.accept_complaints()  # the browser notes the status
    page = page_as(Role.OWNER, base_url=live_server.address.replace("127.0.0.1", "study.test"))
    with live_server.study.workspace.store.writing() as c:
        c.execute(update(sessions).values(proven_at=None))
    page.goto("/d/pilot/export/votes")
    expect(page.get_by_role("heading", name="Who is it?")).to_be_visible()
    assert everything(page, judged) == []
