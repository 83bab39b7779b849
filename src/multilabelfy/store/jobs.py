"""Background jobs, each under a lease: a row with its owner, a worker that prolongs it while the job runs.

Whoever finds a lease lapsed takes the job over. Leases run by the database's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, text, update

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import background_jobs as jobs


@dataclass(frozen=True, slots=True)
class BackgroundJob:
    """A job as it stands: a command's arguments, who runs it, and once it has ended its problem or output.

    `n_before` is how much of its work was done when it began; `seconds` is its age; `n_tries` counts the workers that had it.
    """

    name: str
    arguments: tuple[str, ...]
    longest_seconds: float | None
    n_before: int
    owner: str
    n_tries: int
    seconds: float
    is_running: bool
    stop_asked: bool
    problem: str
    output: str


def begin(
    c: Connection, name: str, arguments: Sequence[str], *, longest: float | None, n_before: int, owner: str, lease: timedelta
) -> bool:
    """Begin a job, unless the one of this name still runs; says whether it was begun."""
    now, known = database_now(c), of(c, name)
    if known is not None and known.is_running:
        return False
    c.execute(delete(jobs).where(jobs.c.name == name))
    row = {"name": name, "arguments": list(arguments), "longest_seconds": longest, "n_before": n_before, "owner": owner, "n_tries": 1}
    times = {"began_at": now, "alive_until": now + lease, "ended_at": None}
    c.execute(insert(jobs).values(**row, **times, stop_asked=False, problem="", output=""))
    return True


def of(c: Connection, name: str) -> BackgroundJob | None:
    """The job of this name, running or ended; None if there never was one. One that lost its worker still counts as running."""
    return next(iter(_read(c, jobs.c.name == name)), None)


def lapsed(c: Connection) -> list[BackgroundJob]:
    """The jobs that lost their worker."""
    return _read(c, jobs.c.ended_at.is_(None) & (jobs.c.alive_until <= database_now(c)))


def take_over(c: Connection, name: str, owner: str, lease: timedelta) -> bool:
    """Make this worker the owner of a job that lost its own; false if another one was faster."""
    now = database_now(c)
    lost = (jobs.c.name == name) & jobs.c.ended_at.is_(None) & (jobs.c.alive_until <= now)
    taken = c.execute(update(jobs).where(lost).values(owner=owner, alive_until=now + lease, n_tries=jobs.c.n_tries + 1))
    return taken.rowcount == 1


def prolong(c: Connection, name: str, owner: str, lease: timedelta) -> BackgroundJob | None:
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


def _read(c: Connection, which: ColumnElement[bool]) -> list[BackgroundJob]:
    now: datetime = database_now(c)
    return [
        BackgroundJob(
            row.name,
            tuple(row.arguments),
            row.longest_seconds,
            row.n_before,
            row.owner,
            row.n_tries,
            seconds=(now - row.began_at).total_seconds(),
            is_running=row.ended_at is None,
            stop_asked=row.stop_asked,
            problem=row.problem,
            output=row.output,
        )
        for row in c.execute(select(jobs).where(which).order_by(jobs.c.name))
    ]


_NOW = {"sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"), "postgresql": text("SELECT clock_timestamp() AT TIME ZONE 'UTC'")}


def database_now(c: Connection) -> datetime:
    """The time now, aware, in UTC."""
    now = c.execute(_NOW[c.dialect.name]).scalar_one()
    return (datetime.fromisoformat(now) if isinstance(now, str) else now).replace(tzinfo=UTC)
