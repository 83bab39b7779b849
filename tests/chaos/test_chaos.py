"""Whatever breaks while somebody annotates, nothing that was visible on their screen is lost (`make chaos`: 10,000 answers)."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.browser import installed_browser

ROOT = Path(__file__).resolve().parents[2]
N_ANSWERS, N_NIGHTLY = 25, 500
RATE = 0.07  # some eight faults each way; `make chaos` is the longest run

pytestmark = [pytest.mark.browser, pytest.mark.chaos, pytest.mark.long("browsers are killed and start again")]


@pytest.mark.parametrize("way", ["secure", "plain"])
def test_every_choice_that_was_visible_is_stored_exactly_once_whatever_breaks(way: str, nightly: bool) -> None:
    """In a process of its own: it starts and kills browsers. `pytest-randomly` seeds it, and the run prints its seed and what it broke."""
    if installed_browser() is None:
        pytest.skip("needs a Chromium: run `python scripts/browser.py`, or name one in MULTILABELFY_CHROMIUM")
    seed = str(random.randrange(10**6))
    wanted = ["--answers", str(N_NIGHTLY if nightly else N_ANSWERS), "--seed", seed, "--way", way, "--rate", str(RATE)]
    command = [sys.executable, "-m", "tests.chaos.run", *wanted]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(played.stdout)  # noqa: T201 – what was injected, for whoever reads a failure
    assert played.returncode == 0, played.stdout + played.stderr
