"""`make day`: twenty-four hours of a study in fast-forward, at the size that is asked for; prints what happened in them."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from tests.fast_forward.day import Wanted, run


def main() -> int:
    """0 where everything holds."""
    parser = argparse.ArgumentParser(prog="make day", description=__doc__)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--images", type=int, default=5_000)
    parser.add_argument("--seed", type=int, help="what happens is drawn by it; a random one where none is given")
    parser.add_argument("--database-url", help="an empty PostgreSQL; without it SQLite")
    chosen = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if chosen.seed is None else chosen.seed
    print(f"seed {seed}, {chosen.people} people, {chosen.images:,} images", flush=True)
    with tempfile.TemporaryDirectory(prefix="day-") as folder, start_blocking_portal() as TestClient.portal:
        began = time.monotonic()
        ledger = run(Wanted(chosen.people, chosen.images, seed), Path(folder), chosen.database_url)
    print(
        f"{len(ledger.acknowledged):,} answers in 24 hours; {ledger.n_lost} acknowledgements lost, {ledger.n_late} answers hours late, "
        f"{ledger.n_away} times away with pictures in hand, {ledger.n_ended} sessions ended, {len(ledger.backups)} backups compared"
    )
    print(f"nothing was lost, nothing doubled, in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
