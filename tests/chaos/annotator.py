"""A scripted annotator: works by keys towards a target for each picture, and remembers every choice that was visible on the screen.

It looks before each key, as a person does. Whatever breaks, it goes on from what it sees: what was visible as chosen must be visible again,
and what was entered must not come back empty.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page
from tests.chaos.browser import ChaosBrowser

LOOK = (Path(__file__).parent / "sheet.js").read_text()
TURNS = {"no": "yes", "yes": "maybe", "maybe": "no"}
KEYS = {"": "", "none": "0", "cannot-tell": "u"}
SECONDS_TO_REACT = 45
UNPICTURED = "save once more to answer all the same"
"""How the page asks, once, whether somebody answers though the picture cannot be shown now."""


class Lost(AssertionError):
    """Something that was visible on the screen is not there any more."""


@dataclass(frozen=True)
class Choice:
    """What is chosen on a sheet, and which fives were opened for it."""

    votes: Mapping[int, str]
    outcome: str = ""
    shown: frozenset[int] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Seen:
    """What is on the screen now: `kind` is sheet, between, signed-out, loading, sign-in, page (any other) or nothing (the tab is gone)."""

    kind: str
    raw: Mapping[str, Any]

    @property
    def assignment(self) -> int:
        return int(self.raw.get("assignment", 0))

    def __str__(self) -> str:
        return f"assignment {self.assignment}, now {self.choice}" if self.kind == "sheet" else f"{self.kind} {self.title}"

    @property
    def title(self) -> str:
        return str(self.raw.get("title", ""))

    @property
    def choice(self) -> Choice:
        shown = {label for labels, opened in zip(self.raw["fives"], self.raw["opened"], strict=True) if opened for label in labels}
        return Choice({int(label): vote for label, vote in self.raw["votes"].items()}, self.raw["outcome"], frozenset(shown))


NOTHING = Seen("nothing", {})


@dataclass
class Memory:
    """What one person saw of each picture. `allowed` is what may be visible when it is seen again; `entered` what was saved by Enter."""

    allowed: dict[int, list[Choice]] = field(default_factory=dict)
    entered: dict[int, list[Choice]] = field(default_factory=lambda: defaultdict(list))
    unsure: set[int] = field(default_factory=set)  # a fault fell on the very Enter: it was taken, or the choices are still there
    again: set[int] = field(default_factory=set)  # what an old tab asks again
    n_keys: int = 0
    longest_blank: float = 0.0  # seconds for which a sheet stood without what was visible on it before


@dataclass
class Annotator:
    """One person at one browser."""

    seed: int
    browser: ChaosBrowser
    memory: Memory = field(default_factory=Memory)
    interrupt: Callable[[], None] | None = None  # a fault that falls between the next key and the screen's answer

    @property
    def page(self) -> Page:
        """The tab that the person looks at now."""
        return self.browser.page

    def look(self) -> Seen:
        """What is on the screen."""
        try:
            return _seen(self.page.evaluate(LOOK, [None, False, 0]))
        except BrowserError:
            return NOTHING

    def step(self, seen: Seen) -> Seen:
        """One key towards the target of the sheet in view; returns what is on the screen after it."""
        memory = self.memory
        if self._is_entered(seen):
            return self._asked_again(seen)
        if not self._is_expected(seen):
            return self._wait(seen, f"of {seen} was visible {memory.allowed[seen.assignment]}")
        if seen.assignment in memory.unsure:  # the Enter on which a fault fell was not taken: its choices are there
            memory.entered[seen.assignment].pop()
            memory.unsure.discard(seen.assignment)
        memory.n_keys += 1
        key = self._key(seen, self.target(seen))
        return self._enter(seen) if key == "Enter" else self._choose(seen, key)

    def _enter(self, seen: Seen) -> Seen:
        """Enter: the next five, or the answer is saved."""
        memory, at = self.memory, seen.assignment
        is_last = all(opened or five == seen.raw["five"] for five, opened in enumerate(seen.raw["opened"]))
        if is_last and not seen.raw["isAnswered"]:
            memory.entered[at].append(seen.choice)
            memory.unsure.add(at)
            memory.again.discard(at)
        after = self._press("Enter", seen, is_entered=True)
        if after.kind == "sheet" and after.assignment == at and UNPICTURED in after.raw["refusal"]:  # a person who saw it before says so
            memory.n_keys += 1
            after = self._press("Enter", after, is_entered=True)
        if after.kind == "sheet" and after.assignment == at and is_last:
            raise Lost(f"{seen} was entered and not saved: {after.raw}")
        if after is not NOTHING:
            memory.unsure.discard(at)
        return after

    def _choose(self, seen: Seen, key: str) -> Seen:
        """A digit, or the key of an outcome."""
        allowed = [seen.choice, _after(seen.choice, key, seen)]
        self.memory.allowed[seen.assignment] = allowed
        after = self._press(key, seen)
        if after.kind == "sheet" and after.assignment == seen.assignment:
            if after.choice not in allowed:
                raise Lost(f"key {key} on {seen} made {after.choice}")
            self.memory.allowed[seen.assignment] = [after.choice]
        return after

    def target(self, seen: Seen) -> Choice:
        """What this person will say of a picture: the same whenever they look at it, whatever happened meanwhile."""
        dice = random.Random(f"{self.seed}-{seen.assignment}")
        outcome = dice.choices(list(KEYS), [90, 6, 4])[0]
        labels = [label for five in seen.raw["fives"] for label in five]
        chosen = [] if outcome == "none" else dice.sample(labels, dice.choice([1, 1, 1, 2, 3]))
        return Choice({label: dice.choice(["yes", "yes", "maybe"]) for label in chosen}, outcome)

    def _key(self, seen: Seen, wanted: Choice) -> str:
        """The next key: rows of the five in view first, then an outcome, then Enter."""
        now = seen.choice
        if wanted.outcome == "none" and now.outcome != "none":
            return "0"
        rows = seen.raw["fives"][seen.raw["five"]] if now.outcome != "none" else []
        for number, label in enumerate(rows, 1):
            if now.votes.get(label, "no") != wanted.votes.get(label, "no"):
                return str(number)
        if now.outcome != wanted.outcome:
            return KEYS[wanted.outcome or now.outcome]
        return "Enter"

    def _is_expected(self, seen: Seen) -> bool:
        """Whether the sheet shows what was visible on it before."""
        allowed = self.memory.allowed.get(seen.assignment)
        return not allowed or seen.raw["isAnswered"] or seen.choice in allowed

    def _is_entered(self, seen: Seen) -> bool:
        """Whether the sheet in view was saved by Enter, as far as this person knows."""
        entered = self.memory.entered[seen.assignment]
        if not entered or seen.raw["isAnswered"] or seen.assignment in self.memory.again:
            return False
        return seen.assignment not in self.memory.unsure or seen.choice != entered[-1]

    def _asked_again(self, seen: Seen) -> Seen:
        """An answered picture is asked again: the page goes on by itself once it has read the browser's store.

        Where two tabs are open, one that was loading while the other's answer reached the server may not know of it: the person says the
        same again, which is a revision.
        """
        if not self.browser.may_be_behind:
            return self._wait(seen, f"{seen} was entered as {self.memory.entered[seen.assignment]} and is asked again")
        try:
            return self._wait(seen, "", seconds=3)
        except Lost:
            self.memory.again.add(seen.assignment)
            self.memory.allowed.pop(seen.assignment, None)
            return seen

    def _wait(self, seen: Seen, problem: str, seconds: float = SECONDS_TO_REACT) -> Seen:
        """Until the screen changes. Raises Lost with the problem where it does not."""
        began = time.monotonic()
        changed = self._changed(seen, is_entered=False, seconds=seconds)
        self.memory.longest_blank = max(self.memory.longest_blank, time.monotonic() - began)
        if changed is None:
            raise Lost(problem)
        return changed

    def _press(self, key: str, seen: Seen, *, is_entered: bool = False) -> Seen:
        """Press and wait until the screen answers."""
        try:
            self.page.keyboard.press(key)
        except BrowserError:
            return NOTHING
        if self.interrupt is not None:
            fault, self.interrupt = self.interrupt, None
            fault()
            return NOTHING
        changed = self._changed(seen, is_entered=is_entered, seconds=SECONDS_TO_REACT)
        if changed is None:
            raise Lost(f"key {key} on {seen} did nothing for {SECONDS_TO_REACT} seconds: {seen.raw}\n{self._circumstances(key, seen)}")
        return changed

    def _circumstances(self, key: str, seen: Seen) -> str:
        """What may explain a page that does not answer."""
        about = "[document.activeElement?.outerHTML.slice(0, 200), document.hasFocus(), document.visibilityState, location.href]"
        told = self.page.evaluate(about)
        self.page.keyboard.press(key)
        again = self._changed(seen, is_entered=False, seconds=5)
        return f"{told}; pressed again: {again and again.raw}"

    def _changed(self, seen: Seen, *, is_entered: bool, seconds: float) -> Seen | None:
        """What is on the screen once it is something else; None where that takes longer."""
        before = {"kind": "sheet", **{name: seen.raw[name] for name in ("assignment", "votes", "outcome", "five", "refusal")}}
        try:
            raw = self.page.evaluate(LOOK, [before, is_entered, seconds])
        except BrowserError:
            return NOTHING
        return None if raw is None else _seen(raw)


def _seen(raw: Mapping[str, Any]) -> Seen:
    return Seen(raw["kind"], raw)


def _after(now: Choice, key: str, seen: Seen) -> Choice:
    """What a digit or the key of an outcome makes of a choice."""
    if key in ("0", "u"):
        value = {"0": "none", "u": "cannot-tell"}[key]
        outcome = "" if now.outcome == value else value
        return Choice({} if outcome == "none" else now.votes, outcome)
    label = seen.raw["fives"][seen.raw["five"]][int(key) - 1]
    votes = {**now.votes, label: TURNS[now.votes.get(label, "no")]}
    return Choice({label: vote for label, vote in votes.items() if vote != "no"}, now.outcome if now.outcome == "cannot-tell" else "")
