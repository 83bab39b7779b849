"""Jobs that run in the background of a server: known to all its workers, each owned by one, taken over when that one dies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from multilabelfy.store import jobs
from multilabelfy.store.jobs import BackgroundJob
from multilabelfy.workflows.workspace import Workspace

REPORT, PROPOSE, OVERLAP, QUEUE = "report", "propose", "overlap", "queue"
"""What is done in the background for a dataset, one at a time each."""
BACKUP = "backup"
"""The name of what is done for the whole workspace; those of datasets have a space."""
MOST_TRIES = 3
LOST = "It was interrupted each time: the server ended or was killed while it ran. Run it on the command line."


@dataclass(frozen=True, slots=True)
class Job:
    """A job as pages see it: its command's arguments, and once it has ended its problem or output.

    `n_before` is how much of its work was done when it began; `seconds` is its age.
    """

    name: str
    arguments: tuple[str, ...]
    longest_seconds: float | None
    n_before: int
    seconds: float
    is_running: bool
    stop_asked: bool
    problem: str
    output: str


def job_name(what: str, dataset: str) -> str:
    """The name of a dataset's job of this kind."""
    return f"{what} {dataset}"


def names_of(dataset: str) -> list[str]:
    """The names of all jobs of a dataset of this name."""
    return [job_name(what, dataset) for what in (REPORT, PROPOSE, OVERLAP, QUEUE)]


def begin_job(
    workspace: Workspace, name: str, arguments: Sequence[str], *, longest: float | None, n_before: int, owner: str, lease: timedelta
) -> bool:
    """Begin a job, unless the one of this name still runs; says whether it was begun."""
    with workspace.store.writing() as c:
        return jobs.begin(c, name, arguments, longest=longest, n_before=n_before, owner=owner, lease=lease)


def job_of(workspace: Workspace, name: str) -> Job | None:
    """The job of this name as it stands; None if there never was one."""
    with workspace.store.reading() as c:
        return _seen(jobs.of(c, name))


def prolong_job(workspace: Workspace, name: str, owner: str, lease: timedelta) -> Job | None:
    """Prolong one's own lease, and read the job; None if it is another worker's now."""
    with workspace.store.writing() as c:
        return _seen(jobs.prolong(c, name, owner, lease))


def end_job(workspace: Workspace, name: str, owner: str, *, problem: str, output: str) -> None:
    """Write down how one's own job ended."""
    with workspace.store.writing() as c:
        jobs.end(c, name, owner, problem=problem, output=output)


def release_jobs(workspace: Workspace, owner: str) -> None:
    """Leave one's own jobs to whichever worker looks next."""
    with workspace.store.writing() as c:
        jobs.release(c, owner)


def ask_job_to_stop(workspace: Workspace, name: str) -> None:
    """Let whichever worker runs a job end it."""
    with workspace.store.writing() as c:
        jobs.ask_to_stop(c, name)


def adopt_jobs(workspace: Workspace, owner: str, lease: timedelta) -> list[Job]:
    """Take over the jobs that lost their workers; one that has lost too many ends with its problem."""
    with workspace.store.reading() as c:
        if not jobs.lapsed(c):
            return []
    with workspace.store.writing() as c:
        taken = [job for job in jobs.lapsed(c) if jobs.take_over(c, job.name, owner, lease)]
        for job in taken:
            if job.n_tries >= MOST_TRIES or job.stop_asked:
                jobs.end(c, job.name, owner, problem="" if job.stop_asked else LOST, output="")
        return [_job(job) for job in taken if job.n_tries < MOST_TRIES and not job.stop_asked]


def _seen(job: BackgroundJob | None) -> Job | None:
    return None if job is None else _job(job)


def _job(job: BackgroundJob) -> Job:
    return Job(
        job.name,
        job.arguments,
        job.longest_seconds,
        job.n_before,
        job.seconds,
        job.is_running,
        job.stop_asked,
        job.problem,
        job.output,
    )
