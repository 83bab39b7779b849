"""Run our own commands in the background of the pages: one per name at a time, whichever worker was asked, and known to all of them.

Where the overlap of a study adapts, its policy follows the votes in such a command, begun whenever there are answers that it does not know.
So does the order of the experts' queue, where the protocol wants it by expected gain.

The worker that began a command owns it under a lease in the database, which it prolongs. The command ends with its worker; another worker
then runs it again. Each of these commands may be run again: what it has stored stays, and it goes on from there or begins anew.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from multilabelfy.errors import StoreUnavailable
from multilabelfy.web.page.commands.own_commands import LONGEST_SECONDS, OwnCommand
from multilabelfy.workflows.analysing.analysis_cache import STANDS_FOR
from multilabelfy.workflows.serving.jobs import (
    OVERLAP,
    QUEUE,
    adopt_jobs,
    ask_job_to_stop,
    begin_job,
    end_job,
    job_name,
    job_of,
    prolong_job,
    release_jobs,
)
from multilabelfy.workflows.settling.behind import datasets_behind, queues_behind
from multilabelfy.workflows.workspace import Workspace

LEASE = timedelta(minutes=2)
"""Longer than any writing transaction: an import of a million images keeps the write lock for a minute, in which nobody can prolong."""
BEAT_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A command that is running or done: `problem` is its message if it failed, `output` what it printed if it did not.

    `arguments` are the command's; `n_before` is how much of its work was done when it began, `seconds` ago.
    """

    is_running: bool = False
    is_stopped: bool = False
    problem: str = ""
    output: str = ""
    n_before: int = 0
    seconds: float = 0.0
    arguments: tuple[str, ...] = ()

    def seconds_left(self, n_done: int, n_total: int) -> float | None:
        """How long the rest takes at the pace so far; None before there is one."""
        n_new = n_done - self.n_before
        return self.seconds / n_new * (n_total - n_done) if self.is_running and n_new > 0 else None


@dataclass
class Background:
    """The commands of a workspace's pages; `count` is told of each that begins (1) or ends (-1) in this worker."""

    workspace: Workspace
    count: Callable[[int], None] = lambda _: None
    lease: timedelta = LEASE
    beat_seconds: float = BEAT_SECONDS
    clock: Callable[[], float] = time.monotonic
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _own: dict[str, OwnCommand] = field(default_factory=dict)
    _rests_until: dict[str, float] = field(default_factory=dict)

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        longest: float | None = LONGEST_SECONDS,
        n_before: int = 0,
        afterwards: Callable[[], object] = lambda: None,
    ) -> bool:
        """Start a command, unless the one of this name is still under way; returns whether it was started.

        `longest` is how many seconds it may take (None: any time); `afterwards` is called once it has ended. Raises StoreUnavailable.
        """
        begun = begin_job(self.workspace, name, arguments, longest=longest, n_before=n_before, owner=self.owner, lease=self.lease)
        if begun:
            self._follow(name, arguments, longest, afterwards)
        return begun

    def of(self, name: str) -> Running:
        """The state of the command of this name; one that was never started is not running."""
        job = job_of(self.workspace, name)
        if job is None:
            return Running()
        return Running(job.is_running, job.stop_asked, job.problem, job.output, job.n_before, job.seconds, job.arguments)

    def stop(self, name: str) -> None:
        """End a command, at once if it is this worker's, else at the next beat of its own; what it has stored stays."""
        ask_job_to_stop(self.workspace, name)
        if name in self._own:
            self._own[name].stop()

    def take_over(self) -> None:
        """Run again what lost its worker."""
        for job in adopt_jobs(self.workspace, self.owner, self.lease):
            log.warning("The command '%s' lost its worker and is run again.", job.name)
            self._follow(job.name, job.arguments, job.longest_seconds, lambda: None)

    def follow_votes(self) -> None:
        """Let the policy of each adaptive overlap, and of each experts' queue by gain, catch up with the answers.

        One that takes long is begun rarely, as `KeptFigures` makes what pages show: it costs no more than a tenth of the server's time.
        """
        for command, behind in ((OVERLAP, datasets_behind), (QUEUE, queues_behind)):
            for dataset in behind(self.workspace):
                job, begun = job_name(command, dataset), self.clock()
                if begun >= self._rests_until.get(job, begun):
                    self.start(job, [command, "--", dataset], afterwards=partial(self._rest, job, begun))

    def _rest(self, job: str, begun: float) -> None:
        now = self.clock()
        self._rests_until[job] = now + STANDS_FOR * self.workspace.settings.workers * (now - begun)

    def let_go(self) -> None:
        """The server ends: its commands end with it, and whoever serves next runs them again at once."""
        if self._own:
            with suppress(StoreUnavailable):
                release_jobs(self.workspace, self.owner)
        for command in list(self._own.values()):
            command.stop()

    def watch(self) -> None:
        """From now on take over what loses its worker, and follow the votes, as long as this process lives."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while True:
            try:
                self.take_over()
                self.follow_votes()
            except StoreUnavailable as error:
                log.warning("Background commands were not looked after: %s", error)
            pause.wait(self.lease.total_seconds() / 4)

    def _follow(self, name: str, arguments: Sequence[str], longest: float | None, afterwards: Callable[[], object]) -> None:
        command = self._own[name] = OwnCommand(self.workspace, arguments, longest)
        self.count(1)

        def follow() -> None:
            try:
                command.run(lambda: self._beat(name, command), every=self.beat_seconds)
                end_job(self.workspace, name, self.owner, problem=command.problem, output=command.output)
            except StoreUnavailable as error:
                log.warning("The end of the command '%s' was not written down: %s", name, error)
            finally:
                if self._own.get(name) is command:
                    del self._own[name]
                self.count(-1)
                afterwards()

        threading.Thread(target=follow, daemon=True).start()

    def _beat(self, name: str, command: OwnCommand) -> None:
        """Prolong the lease. A command that was asked to stop, or is another worker's by now, ends."""
        try:
            job = prolong_job(self.workspace, name, self.owner, self.lease)
        except StoreUnavailable as error:
            log.warning("The lease of the command '%s' was not prolonged: %s", name, error)
            return
        if job is None or job.stop_asked:
            command.stop()


async def background_of(request: Request) -> Background:
    """The commands that pages have started."""
    background: Background = request.app.state.background
    return background


Commands = Annotated[Background, Depends(background_of)]
