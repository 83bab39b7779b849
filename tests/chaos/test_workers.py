"""Workers are killed while sixteen people answer: nothing acknowledged is lost or doubled (`make chaos-workers`: 10,000 answers)."""

import random
from pathlib import Path

import pytest
from tests.chaos.workers import Wanted, run
from tests.databases import new_postgres_schema

pytestmark = [pytest.mark.chaos, pytest.mark.long]


def test_every_acknowledged_answer_is_stored_once_whichever_worker_is_killed(tmp_path: Path) -> None:
    wanted = Wanted(n_answers=40, n_kills=1, seed=random.randrange(10**6))
    assert len(run(wanted, tmp_path).acknowledged) >= 40


@pytest.mark.postgres
def test_on_postgresql_too_every_acknowledged_answer_is_stored_once(tmp_path: Path, postgres_server: str) -> None:
    wanted = Wanted(n_answers=40, n_kills=1, seed=random.randrange(10**6))
    assert len(run(wanted, tmp_path, new_postgres_schema(postgres_server)).acknowledged) >= 40
