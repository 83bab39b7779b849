"""Jobs that run in the background of a server: known to all its workers, each owned by one, taken over when that one dies."""

from datetime import timedelta

from multilabelfy.dataset.jobs import Job
from multilabelfy.store import jobs
from multilabelfy.workflows.workspace import Workspace

REPORT, PROPOSE, OVERLAP, QUEUE = "report", "propose", "overlap", "queue"
"""What is done in the background for a dataset, one at a time each."""
BACKUP = "backup"
"""The name of what is done for the whole workspace; those of datasets have a space."""
MOST_TRIES = 3
OF_OLDER_VERSION = "It was interrupted when Multilabelfy was brought up to date. What it has stored stays: start it again."
LOST = "It was interrupted each time: the server ended or was killed while it ran. Run it on the command line."


def job_name(what: str, dataset: str) -> str:
    """The name of a dataset's job of this kind."""
    return f"{what} {dataset}"


def names_of(dataset: str) -> list[str]:
    """The names of all jobs of a dataset of this name."""
    return [job_name(what, dataset) for what in (REPORT, PROPOSE, OVERLAP, QUEUE)]


def begin_job(workspace: Workspace, job: Job, lease: timedelta) -> bool:
    """Begin a job of `job.owner`, unless the one of its name still runs; says whether it was begun."""
    with workspace.store.writing() as c:
        return jobs.begin(c, job, lease)


def job_of(workspace: Workspace, name: str) -> Job:
    """The job of this name as it stands; one that never was is not running."""
    with workspace.store.reading() as c:
        return jobs.of(c, name) or Job(name)


def prolong_job(workspace: Workspace, name: str, owner: str, lease: timedelta) -> Job | None:
    """Prolong one's own lease, and read the job; None if it is another worker's now."""
    with workspace.store.writing() as c:
        return jobs.prolong(c, name, owner, lease)


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
        lost = {job.name: _why_lost(job) for job in taken}
        for name, problem in lost.items():
            if problem is not None:
                jobs.end(c, name, owner, problem=problem, output="")
        return [job for job in taken if lost[job.name] is None]


def _why_lost(job: Job) -> str | None:
    """Why a job that lost its worker is not run again, which may be that it was stopped; None if it is."""
    if job.is_stopped:
        return ""
    return OF_OLDER_VERSION if not job.work else LOST if job.n_tries >= MOST_TRIES else None
