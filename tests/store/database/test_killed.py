"""A process is killed with -9 in the middle of writing: no committed answer is lost, and no half import is left."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.campaigns import Campaign, new_campaign

from multilabelfy.dataset.model import ImageState
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images

ROOT = Path(__file__).resolve().parents[3]

ANSWERING = """
import sys
from tests.store.campaigns import Campaign
from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.store import people
from multilabelfy.store.database.opening.store import Store

store = Store.open(sys.argv[1])
campaign = Campaign(store, int(sys.argv[2]), overlap=2)
with store.reading() as c:
    ada = people.find(c, "Ada")
while handed := campaign.hand_out(ada, 3):
    for held in handed:
        print(campaign.submit(held, 1, client_id=f"{held.image}").client_id, flush=True)
"""

IMPORTING = """
import sys
from tests.store.campaigns import add_images
from multilabelfy.store.database.opening.store import Store

store = Store.open(sys.argv[1])
with store.writing() as c:
    add_images(c, int(sys.argv[2]), range(1000))
with store.writing() as c:
    print("first import done", flush=True)
    for start in range(1000, 2_000_000, 1000):
        add_images(c, int(sys.argv[2]), range(start, start + 1000))
        print(start, flush=True)
"""


@pytest.mark.parametrize("n_acknowledged", [1, 40])
def test_no_acknowledged_answer_is_lost(database_url: str, n_acknowledged: int) -> None:
    with Store.open(database_url) as store:
        campaign = new_campaign(store, 5000)
        campaign.person("Ada")
        acknowledged = killed_after(ANSWERING, database_url, campaign, n_acknowledged)
        with store.reading() as c:
            stored = {annotation.client_id for annotation in annotations.iterate_latest(c, campaign.dataset)}
            assert set(acknowledged) <= stored
            assert len(stored) < 5000
            assert rebuild.stored_summaries(c, campaign.dataset) == rebuild.recomputed(c, campaign.dataset)


def test_no_half_import_is_left(database_url: str) -> None:
    with Store.open(database_url) as store:
        campaign = new_campaign(store, 0)
        killed_after(IMPORTING, database_url, campaign, 5)
        with store.reading() as c:
            assert len(images.paths(c, campaign.dataset)) == 1000
            assert images.counts(c, campaign.dataset)[ImageState.OPEN] == 1000


def test_work_goes_on_after_the_kill(database_url: str) -> None:
    with Store.open(database_url) as store:
        campaign = new_campaign(store, 5000)
        ada = campaign.person("Ada")
        acknowledged = killed_after(ANSWERING, database_url, campaign, 7)
        (held, *_) = campaign.hand_out(ada, 1)
        assert str(held.image) not in acknowledged
        assert campaign.submit(held, 1, client_id=str(held.image)).revision == 1


def killed_after(script: str, database_url: str, campaign: Campaign, n_lines: int) -> list[str]:
    """Run the script in a process of its own, kill it with -9 after so many lines, and return all that it could still say."""
    command = [sys.executable, "-c", script, database_url, str(campaign.dataset)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(n_lines)]
        process.kill()
        said += process.stdout.read().split("\n")[:-1]
    assert process.returncode == -9
    return said
