"""Background jobs under leases, on both databases: one worker has a job, and another takes it over once the lease has lapsed."""

from datetime import UTC, datetime, timedelta

from multilabelfy.dataset.jobs import Job
from multilabelfy.store import jobs
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.jobs import database_now

LONG, LAPSED = timedelta(minutes=1), timedelta(seconds=-1)


def begin(store: Store, owner: str, lease: timedelta = LONG) -> bool:
    with store.writing() as c:
        return jobs.begin(c, Job("report pilot", "report", {"name": "pilot"}, 600, 3, owner), lease)


def job(store: Store) -> Job:
    with store.reading() as c:
        found = jobs.of(c, "report pilot")
    assert found is not None
    return found


def test_the_database_s_clock_is_aware_and_goes_right(store: Store) -> None:
    with store.reading() as c:
        assert abs(datetime.now(UTC) - database_now(c)) < timedelta(minutes=1)


def test_a_job_runs_once_at_a_time_and_may_begin_again_after_its_end(store: Store) -> None:
    assert [begin(store, "one"), begin(store, "two")] == [True, False]
    found = job(store)
    assert (found.owner, found.work, found.values, found.n_before, found.longest_seconds) == ("one", "report", {"name": "pilot"}, 3, 600)
    with store.writing() as c:
        jobs.end(c, "report pilot", "one", problem="no paper", output="")
    assert (job(store).is_running, job(store).problem) == (False, "no paper")
    assert begin(store, "two")
    assert (job(store).is_running, job(store).problem, job(store).owner) == (True, "", "two")


def test_a_lease_that_lapsed_is_taken_over_by_one_alone(store: Store) -> None:
    begin(store, "one", LAPSED)
    assert not begin(store, "three")  # it counts as running until somebody has it again
    with store.writing() as c:
        assert [found.name for found in jobs.lapsed(c)] == ["report pilot"]
        assert [jobs.take_over(c, "report pilot", owner, LONG) for owner in ("two", "three")] == [True, False]
        assert jobs.lapsed(c) == []
        assert jobs.prolong(c, "report pilot", "one", LONG) is None
        jobs.end(c, "report pilot", "one", problem="late", output="")
    assert (job(store).owner, job(store).n_tries, job(store).is_running) == ("two", 2, True)


def test_a_prolonged_lease_does_not_lapse_and_says_who_asked_to_stop(store: Store) -> None:
    begin(store, "one", LAPSED)
    with store.writing() as c:
        jobs.ask_to_stop(c, "report pilot")
        kept = jobs.prolong(c, "report pilot", "one", LONG)
        assert kept is not None
        assert kept.is_stopped
        assert jobs.lapsed(c) == []


def test_what_a_worker_leaves_may_be_taken_at_once_and_counts_as_no_try(store: Store) -> None:
    begin(store, "one")
    with store.writing() as c:
        jobs.release(c, "one")
    with store.writing() as c:
        assert jobs.take_over(c, "report pilot", "two", LONG)
    assert job(store).n_tries == 1


def test_an_unknown_job_is_none(store: Store) -> None:
    with store.reading() as c:
        assert jobs.of(c, "nothing") is None
