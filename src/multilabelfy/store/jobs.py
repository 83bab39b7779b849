"""Background jobs, each under a lease: a row with its owner, a worker that prolongs it while the job runs.

Whoever finds a lease lapsed takes the job over. Leases run by the database's clock.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, text, update

from multilabelfy.dataset.jobs import Job
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import background_jobs as jobs


def begin(c: Connection, job: Job, lease: timedelta) -> bool:
    """Begin a job of `job.owner`, unless the one of its name still runs; says whether it was begun."""
    now, known = database_now(c), of(c, job.name)
    if known is not None and known.is_running:
        return False
    c.execute(delete(jobs).where(jobs.c.name == job.name))
    row = {"name": job.name, "arguments": [job.work, dict(job.values)], "owner": job.owner, "n_tries": 1}
    row |= {"longest_seconds": job.longest_seconds, "n_before": job.n_before}
    times = {"began_at": now, "alive_until": now + lease, "ended_at": None}
    c.execute(insert(jobs).values(**row, **times, stop_asked=False, problem="", output=""))
    return True


def of(c: Connection, name: str) -> Job | None:
    """The job of this name, running or ended; None if there never was one. One that lost its worker still counts as running."""
    return next(iter(_read(c, jobs.c.name == name)), None)


def lapsed(c: Connection) -> list[Job]:
    """The jobs that lost their worker."""
    return _read(c, jobs.c.ended_at.is_(None) & (jobs.c.alive_until <= database_now(c)))


def take_over(c: Connection, name: str, owner: str, lease: timedelta) -> bool:
    """Make this worker the owner of a job that lost its own; false if another one was faster."""
    now = database_now(c)
    lost = (jobs.c.name == name) & jobs.c.ended_at.is_(None) & (jobs.c.alive_until <= now)
    taken = c.execute(update(jobs).where(lost).values(owner=owner, alive_until=now + lease, n_tries=jobs.c.n_tries + 1))
    return taken.rowcount == 1


def prolong(c: Connection, name: str, owner: str, lease: timedelta) -> Job | None:
    """Prolong one's own lease, and read the job, which somebody may have asked to stop; None if it is another worker's now."""
    own = (jobs.c.name == name) & (jobs.c.owner == owner) & jobs.c.ended_at.is_(None)
    kept = c.execute(update(jobs).where(own).values(alive_until=database_now(c) + lease))
    return of(c, name) if kept.rowcount else None


def end(c: Connection, name: str, owner: str, *, problem: str, output: str) -> None:
    """Write down how one's own job ended."""
    own = (jobs.c.name == name) & (jobs.c.owner == owner) & jobs.c.ended_at.is_(None)
    c.execute(update(jobs).where(own).values(ended_at=database_now(c), problem=problem, output=output))


def release(c: Connection, owner: str) -> None:
    """Let the leases of one's own jobs lapse now; this does not count as a try."""
    own = (jobs.c.owner == owner) & jobs.c.ended_at.is_(None)
    c.execute(update(jobs).where(own).values(owner="", alive_until=database_now(c), n_tries=jobs.c.n_tries - 1))


def ask_to_stop(c: Connection, name: str) -> None:
    """Let whoever runs a job end it."""
    c.execute(update(jobs).where(jobs.c.name == name, jobs.c.ended_at.is_(None)).values(stop_asked=True))


def forget(c: Connection, names: Sequence[str]) -> None:
    """Delete the jobs of these names. A worker that still runs one loses its lease, and stops."""
    c.execute(delete(jobs).where(jobs.c.name.in_(names)))


def _read(c: Connection, which: ColumnElement[bool]) -> list[Job]:
    now: datetime = database_now(c)
    return [_job(row, now) for row in c.execute(select(jobs).where(which).order_by(jobs.c.name))]


def _job(row: Row[Any], now: datetime) -> Job:
    work, values = row.arguments if len(row.arguments) == 2 and isinstance(row.arguments[1], dict) else ("", {})
    return Job(
        row.name,
        work,
        values,
        row.longest_seconds,
        row.n_before,
        row.owner,
        row.n_tries,
        seconds=(now - row.began_at).total_seconds(),
        is_running=row.ended_at is None,
        is_stopped=row.stop_asked,
        problem=row.problem,
        output=row.output,
    )


_NOW = {"sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"), "postgresql": text("SELECT clock_timestamp() AT TIME ZONE 'UTC'")}


def database_now(c: Connection) -> datetime:
    """The time now, aware, in UTC."""
    now = c.execute(_NOW[c.dialect.name]).scalar_one()
    return (datetime.fromisoformat(now) if isinstance(now, str) else now).replace(tzinfo=UTC)
