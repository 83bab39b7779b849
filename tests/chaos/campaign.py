"""One chaotic campaign: a study, a server, a network and a browser that break by a seed, an annotator who works on, and the reckoning.

At the end every choice that was visible on the screen when it was entered is in the database exactly once, with the fives that were opened,
and what was visible when a fault fell was visible again.
"""

import contextlib
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright
from tests.browser.live import HARDLY_PICTURED
from tests.browser.serving import ServerProcess
from tests.chaos.annotator import Annotator, Choice, Lost, Seen
from tests.chaos.browser import ChaosBrowser
from tests.chaos.faults import Faults
from tests.chaos.network import Network
from tests.studies import NAME, Study, ready_study

from multilabelfy.annotation.model import Annotation, AssignmentId, Outcome, Role, Vote
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.store.answers import annotations
from multilabelfy.store.handing_out import assignments
from multilabelfy.web.app import utcnow

PROTOCOL = replace(PAPER, n_candidates=10, maybe_allowed=True)
OTHER_HOST = "annotator.test"
PATIENCE = 120.0
"""Seconds without a new picture, everything being whole, after which the page counts as stuck."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run shall be: `secure` is an address at which browsers give service workers, locks and caches."""

    seed: int
    n_answers: int
    secure: bool = True
    rate: float = 0.03

    @property
    def kind(self) -> str:
        return "an address of this machine" if self.secure else "plain http from another host"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it."""

    n_answers: int
    n_keys: int
    n_faults: int
    seconds: float
    log: tuple[str, ...]
    longest_blank: float = 0.0
    lost: str = ""


def run(wanted: Wanted, folder: Path) -> Came:
    """Play one campaign in `folder`."""
    began = time.monotonic()
    study = ready_study(
        folder, protocol=PROTOCOL, n_images=wanted.n_answers, n_exemplars=1, unpictured=HARDLY_PICTURED, size=(32, 24), now=utcnow()
    )
    with contextlib.closing(study.workspace), _stage(wanted, study, folder) as (annotator, faults):
        lost = ""
        try:
            _work(wanted, study, annotator, faults)
            _reckon(study, annotator)
            if faults.browser.complaints:
                raise Lost(f"scripts failed: {faults.browser.complaints[:5]}")
        except Lost as error:
            lost = str(error)
            faults.say(f"LOST: {lost}")
        n = sum(map(len, annotator.memory.entered.values()))
        seconds = time.monotonic() - began
        return Came(n, annotator.memory.n_keys, faults.counts.total(), seconds, tuple(faults.log), annotator.memory.longest_blank, lost)


@contextlib.contextmanager
def _stage(wanted: Wanted, study: Study, folder: Path) -> Iterator[tuple[Annotator, Faults]]:
    server = ServerProcess(study.workspace.folder)
    network = Network(server.port)
    host = "127.0.0.1" if wanted.secure else OTHER_HOST
    arguments = () if wanted.secure else (f"--host-resolver-rules=MAP {OTHER_HOST} 127.0.0.1",)
    with contextlib.ExitStack() as stack, sync_playwright() as playwright:
        stack.callback(network.close)
        server.start()
        stack.callback(server.kill)
        browser = ChaosBrowser(playwright, folder / "profile", f"http://{host}:{network.port}", arguments)
        stack.callback(browser.close)
        annotator = Annotator(wanted.seed, browser)
        upon = lambda fault: setattr(annotator, "interrupt", fault)  # noqa: E731
        faults = Faults(wanted.seed, wanted.rate, server, network, browser, study.workspace, upon, folder / "chaos.log")
        yield annotator, faults


def _work(wanted: Wanted, study: Study, annotator: Annotator, faults: Faults) -> None:
    link = study.invite("Ada", Role.ANNOTATOR, utcnow())
    page = f"/d/{NAME}/annotate"
    seen = annotator.look()
    moved = time.monotonic()
    n_before = -1
    while True:
        n = len([one for one in annotator.memory.entered.values() if one])
        if n != n_before:
            n_before, moved = n, time.monotonic()
        if time.monotonic() - moved > PATIENCE:
            raise Lost(f"no new picture for {PATIENCE:.0f} seconds; on the screen: {seen.raw}")
        if seen.kind == "sheet":
            if faults.perhaps(n, f"assignment {seen.assignment}"):
                seen = annotator.look()
            if seen.kind == "sheet":
                seen = annotator.step(seen)
            continue
        if seen.title == "Finished: thank you":
            return
        faults.heal("the annotator had nothing to do")
        seen = _find_back(annotator, seen, page, link)


def _find_back(annotator: Annotator, seen: Seen, page: str, link: str) -> Seen:
    """From whatever is on the screen back to the annotate page."""
    tab = annotator.page
    with contextlib.suppress(BrowserError):
        if seen.kind in ("between", "loading"):
            tab.wait_for_timeout(20)
        elif seen.kind in ("sign-in", "signed-out"):
            tab.goto(link)
            tab.get_by_role("button", name="Continue as").click()
            tab.goto(page)
        else:
            tab.wait_for_timeout(50)
            tab.goto(page, wait_until="domcontentloaded")
    return annotator.look()


def _reckon(study: Study, annotator: Annotator) -> None:
    """Hold the database against what was visible. Raises Lost with every difference."""
    wrong = []
    with study.workspace.store.reading() as c:
        for assignment, entered in annotator.memory.entered.items():
            stored = annotations.history(c, assignments.get(c, AssignmentId(assignment)).image)
            kept = sorted(_told(_choice_of(one), one.screen.shown()) for one in stored)
            seen = sorted(_told(choice, choice.shown) for choice in entered)
            if kept != seen:
                wrong.append(f"assignment {assignment}: seen {seen}, stored {kept}")
        n = len(list(annotations.iterate_latest(c, study.dataset.id)))
    if n != len(study.images):
        wrong.append(f"{len(study.images)} pictures, {n} answers")
    if wrong:
        raise Lost("\n".join(wrong[:20]))


def _told(choice: Choice, shown: Collection[int]) -> str:
    """A choice as a line. Who cannot tell says between which labels: a yes or a maybe among them is not kept."""
    votes = sorted(choice.votes) if choice.outcome == "cannot-tell" else sorted(choice.votes.items())
    return f"{votes} {choice.outcome} of {sorted(shown)}"


def _choice_of(said: Annotation) -> Choice:
    outcome = "" if said.outcome is Outcome.LABELLED else said.outcome.value
    votes = {label: vote.name.lower() for label, vote in said.answers.items() if vote is not Vote.NO}
    return Choice(votes or dict.fromkeys(said.unsure_between, "yes"), outcome)
