"""Twenty-four hours of a study lose and double nothing (`make day`: 16 people, thousands of answers)."""

import random
from datetime import timedelta
from pathlib import Path

from tests.fast_forward.day import Wanted, run
from tests.web.conftest import one_loop

__all__ = ["one_loop"]
PACE = timedelta(minutes=15)


def test_a_day_and_a_night_of_a_study_lose_and_double_nothing(tmp_path: Path) -> None:
    wanted = Wanted(n_people=3, n_images=30, seed=random.randrange(10**6), pace=PACE, trouble=0.05, backup_hours=6)
    ledger = run(wanted, tmp_path)
    assert len(ledger.acknowledged) > 30, wanted
    assert len(ledger.backups) == 4
