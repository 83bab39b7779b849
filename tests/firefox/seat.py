"""A person before a served study in Firefox: what is on the page, what they do there, and what the store holds of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.browser.serving import ServerProcess
from tests.firefox.bidi import Tab
from tests.studies import NAME, Study

from multilabelfy.annotation.model import Annotation, Role, Vote
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import annotations
from multilabelfy.store.decisions import refinements
from multilabelfy.web.app import utcnow

DESK = "document.querySelector('.desk > annotate-desk, .desk > refine-desk')"
SHEET = "document.querySelector('.desk > * > .sheet')"
AT_REST = f"new Promise((done) => {DESK}.whenFree(async () => done((await {SHEET}?.settled, true))))"


@dataclass
class Seat:
    """Who sits before the tab, at a study and its server."""

    tab: Tab
    study: Study
    server: ServerProcess

    def sign_in(self, name: str, role: Role) -> None:
        """Go through an invitation."""
        self.tab.go(self.server.address + self.study.invite(name, role, utcnow()))
        self.tab.until(f"document.querySelector('main button.first')?.textContent.includes({name!r})")
        self.tab.click("main button.first")
        self.tab.until("location.pathname === '/'")

    def open(self, page: str) -> None:
        """Open "annotate" or "refine" and wait until its sheet listens."""
        self.tab.go(f"{self.server.address}/d/{NAME}/{page}")
        self.tab.until(f"document.documentElement.matches('.scripted') && document.activeElement === {SHEET}")

    def press(self, *keys: str) -> None:
        """Press keys, and wait until all that was pressed is done."""
        self.tab.press(*keys)
        self.tab.until(AT_REST)

    def click(self, selector: str, text: str = "") -> None:
        """Click, and wait until that is done."""
        self.tab.click(selector, text)
        self.tab.until(AT_REST)

    @property
    def image(self) -> int:
        """The number of the image in view, by its picture's address."""
        self.tab.until(f"!!{SHEET}")
        src = str(self.tab.evaluate(f"{SHEET}.querySelector('img.judged').getAttribute('src')"))
        return next(number for number, image in enumerate(self.study.images) if image.token in src)

    def labels(self) -> list[int]:
        """The labels of the rows in view, from above."""
        rows = f"[...{SHEET}.querySelectorAll('[data-part=row]')].filter((row) => row.checkVisibility())"
        found: list[int] = self.tab.evaluate(f"{rows}.map((row) => Number(row.dataset.label))")
        return found

    def text(self, selector: str) -> str:
        """What the first element of this kind says."""
        return str(self.tab.evaluate(f"document.querySelector({selector!r})?.textContent.trim().replace(/\\s+/g, ' ')"))

    def wait_for_text(self, selector: str, text: str) -> None:
        """Wait until an element of this kind says this."""
        self.tab.until(f"[...document.querySelectorAll({selector!r})].some((one) => one.textContent.includes({text!r}))")

    def wait_until_left(self, image: int) -> None:
        """Wait until another sheet is in view, or none."""
        token = self.study.images[image].token
        self.tab.until(f"!{SHEET}?.querySelector('img.judged').getAttribute('src').includes({token!r})")

    def wait_until_saved(self) -> None:
        """Wait until nothing that was done here is unsent."""
        self.tab.until(f"{DESK}?.dataset.unsent === '0'")
        self.wait_for_text("save-status", "all saved")

    def answers(self, image: int) -> list[Annotation]:
        """The revisions that are stored of this image, Bob's aside."""
        with self.study.workspace.store.reading() as c:
            ada = self.study.person("Ada").id
            return [one for one in annotations.history(c, self.study.images[image].id) if one.annotator == ada]

    def decisions(self, image: int) -> list[Refinement]:
        """The decisions that are stored of this image."""
        with self.study.workspace.store.reading() as c:
            return refinements.history(c, self.study.images[image].id)


def votes(yes: Collection[int] = (), maybe: Collection[int] = ()) -> dict[int, Vote]:
    """Votes as they are stored."""
    return {**dict.fromkeys(yes, Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}


def hold(wanted: Any, seen: Any, what: str) -> None:
    """Raise where what was seen is not what was wanted."""
    if wanted != seen:
        raise AssertionError(f"{what}: {wanted} was wanted, {seen} was seen")
