"""What is broken while the annotator works: which fault comes when is drawn by a seed, and each is logged."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from tests.browser.serving import ServerProcess
from tests.chaos.browser import ChaosBrowser
from tests.chaos.network import Network, Trouble, Weather

from multilabelfy.store import people
from multilabelfy.workflows.workspace import Workspace

WEIGHTS = {
    "server killed": 3,
    "network cut": 3,
    "browser offline": 2,
    "network slow": 2,
    "server answers 500": 3,
    "answer dropped after the commit": 4,
    "tab closed": 3,
    "tab closed upon a key": 4,
    "tab crashed": 2,
    "tab reloaded": 2,
    "tab duplicated": 2,
    "other tab taken up": 2,
    "session ended": 2,
    "cookie deleted": 1,
    "browser closed": 1,
    "browser killed": 1,
}


@dataclass
class Faults:
    """The faults of one run. `upon` is called with what shall fall between a key and the screen's answer."""

    seed: int
    rate: float
    server: ServerProcess
    network: Network
    browser: ChaosBrowser
    workspace: Workspace
    upon: Callable[[Callable[[], None]], None]
    file: Path
    log: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._until = 0.0

    def perhaps(self, n_answers: int, where: str) -> bool:
        """Break something now and then; says whether the screen must be looked at again."""
        if n_answers >= self._until and self._until:
            self.heal("it passed by itself")
        if self._dice.random() >= self.rate:
            return False
        name = self._dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self.counts[name] += 1
        self.say(f"answer {n_answers}, {where}: {name}")
        self._until = n_answers + self._dice.randint(1, 4)
        getattr(self, "_" + name.replace(" ", "_"))()
        return True

    def heal(self, why: str) -> None:
        """The network is whole, the browser is online, the server runs."""
        self._until = 0.0
        self.network.weather = Weather()
        self.browser.set_offline(False)
        if not self.server.is_running:
            self.server.begin()
            self.say(f"server started ({why})")

    def say(self, line: str) -> None:
        """Note what happened, with the seconds since the beginning; the file has it at once."""
        self.log.append(f"{time.monotonic() - self._began:7.1f} s  {line}")
        with self.file.open("a") as file:
            file.write(f"{self.log[-1]}\n")

    def _server_killed(self) -> None:
        self.server.kill()

    def _network_cut(self) -> None:
        self.network.weather = Weather(Trouble.CUT, 10**6)

    def _browser_offline(self) -> None:
        self.browser.set_offline(True)

    def _network_slow(self) -> None:
        self.network.weather = Weather(Trouble.SLOW, self._dice.randint(1, 8), self._dice.uniform(0.1, 1.0))

    def _server_answers_500(self) -> None:
        self.network.weather = Weather(Trouble.FAIL, self._dice.randint(1, 6))

    def _answer_dropped_after_the_commit(self) -> None:
        self.network.weather = Weather(Trouble.DROP, self._dice.randint(1, 3))

    def _tab_closed(self) -> None:
        self.browser.close_tab()

    def _tab_closed_upon_a_key(self) -> None:
        self.upon(self.browser.close_tab)

    def _tab_crashed(self) -> None:
        self.browser.crash_tab()

    def _tab_reloaded(self) -> None:
        with contextlib.suppress(BrowserError):
            self.browser.page.reload(wait_until="commit", timeout=5000)

    def _tab_duplicated(self) -> None:
        self.browser.duplicate_tab(stay=self._dice.random() < 0.5)

    def _other_tab_taken_up(self) -> None:
        self.browser.change_tab()

    def _session_ended(self) -> None:
        with self.workspace.store.writing() as c:
            people.close_sessions_of(c, people.find(c, "Ada").id)

    def _cookie_deleted(self) -> None:
        self.browser.delete_cookies()

    def _browser_closed(self) -> None:
        self.browser.restart()

    def _browser_killed(self) -> None:
        self.browser.kill()
