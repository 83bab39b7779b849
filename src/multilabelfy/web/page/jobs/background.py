"""Run works in the background of the pages: one job per name at a time, whichever server process was asked, and known to all of them.

Where the overlap of a study adapts, its policy follows the votes in such a job, begun whenever there are answers that it does not know.
So does the order of the experts' queue, where the protocol wants it by expected gain.

The server process that began a job owns it under a lease in the database, which it prolongs. The job ends with it; another one then runs
it again, for each work (`works.py`) may be run again.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request

from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import StoreUnavailable
from multilabelfy.web.page.jobs.worker_process import LONGEST_SECONDS, WorkerProcess
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


@dataclass
class Background:
    """The jobs of a workspace's pages; `count` is told of each that begins (1) or ends (-1) in this worker."""

    workspace: Workspace
    count: Callable[[int], None] = lambda _: None
    lease: timedelta = LEASE
    beat_seconds: float = BEAT_SECONDS
    clock: Callable[[], float] = time.monotonic
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _own: dict[str, WorkerProcess] = field(default_factory=dict)
    _rests_until: dict[str, float] = field(default_factory=dict)

    def start(
        self,
        name: str,
        work: str,
        values: Mapping[str, Any],
        *,
        longest: float | None = LONGEST_SECONDS,
        n_before: int = 0,
        afterwards: Callable[[], object] = lambda: None,
    ) -> bool:
        """Start a job, unless the one of this name is still under way; returns whether it was started.

        `longest` is how many seconds it may take (None: any time); `afterwards` is called once it has ended. Raises StoreUnavailable.
        """
        job = Job(name, work, values, longest, n_before, self.owner)
        begun = begin_job(self.workspace, job, self.lease)
        if begun:
            self._follow(job, afterwards)
        return begun

    def of(self, name: str) -> Job:
        """The job of this name as it stands; one that was never started is not running."""
        return job_of(self.workspace, name)

    def stop(self, name: str) -> None:
        """End a job, at once if it is this process's, else at the next beat of its own; what it has stored stays."""
        ask_job_to_stop(self.workspace, name)
        if name in self._own:
            self._own[name].stop()

    def take_over(self) -> None:
        """Run again what lost its worker."""
        for job in adopt_jobs(self.workspace, self.owner, self.lease):
            log.warning("The job '%s' lost its worker and is run again.", job.name)
            self._follow(job, lambda: None)

    def follow_votes(self) -> None:
        """Let the policy of each adaptive overlap, and of each experts' queue by gain, catch up with the answers.

        One that takes long is begun rarely, as `KeptFigures` makes what pages show: it costs no more than a tenth of the server's time.
        """
        for work, behind in ((OVERLAP, datasets_behind), (QUEUE, queues_behind)):
            for dataset in behind(self.workspace):
                job, begun = job_name(work, dataset), self.clock()
                if begun >= self._rests_until.get(job, begun):
                    self.start(job, work, {"name": dataset}, afterwards=partial(self._rest, job, begun))

    def _rest(self, job: str, begun: float) -> None:
        now = self.clock()
        self._rests_until[job] = now + STANDS_FOR * self.workspace.settings.workers * (now - begun)

    def let_go(self) -> None:
        """The server ends: its jobs end with it, and whoever serves next runs them again at once."""
        if self._own:
            with suppress(StoreUnavailable):
                release_jobs(self.workspace, self.owner)
        for process in list(self._own.values()):
            process.stop()

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
                log.warning("Background jobs were not looked after: %s", error)
            pause.wait(self.lease.total_seconds() / 4)

    def _follow(self, job: Job, afterwards: Callable[[], object]) -> None:
        name = job.name
        process = self._own[name] = WorkerProcess(self.workspace, job.work, job.values, job.longest_seconds)
        self.count(1)

        def follow() -> None:
            try:
                process.run(lambda: self._beat(name, process), every=self.beat_seconds)
                end_job(self.workspace, name, self.owner, problem=process.problem, output=process.output)
            except StoreUnavailable as error:
                log.warning("The end of the job '%s' was not written down: %s", name, error)
            finally:
                if self._own.get(name) is process:
                    del self._own[name]
                self.count(-1)
                afterwards()

        threading.Thread(target=follow, daemon=True).start()

    def _beat(self, name: str, process: WorkerProcess) -> None:
        """Prolong the lease. One that was asked to stop, or is another worker's by now, ends."""
        try:
            job = prolong_job(self.workspace, name, self.owner, self.lease)
        except StoreUnavailable as error:
            log.warning("The lease of the job '%s' was not prolonged: %s", name, error)
            return
        if job is None or job.is_stopped:
            process.stop()


async def background_of(request: Request) -> Background:
    """The jobs that pages have started."""
    background: Background = request.app.state.background
    return background


Commands = Annotated[Background, Depends(background_of)]
