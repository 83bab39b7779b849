"""A process is killed with -9 in the middle of writing: no committed answer is lost, and no half import is left."""

from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

import pytest
from tests.processes import processes
from tests.store.campaigns import Campaign, add_images, new_campaign

from multilabelfy.dataset.model import DatasetId, ImageState
from multilabelfy.store import people
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images

Says = Callable[[str], object]


def answering(database_url: str, dataset: DatasetId, say: Says) -> None:
    """Ada answers as long as there is work, and says which answers are stored."""
    store = Store.open(database_url)
    campaign = Campaign(store, dataset, overlap=2)
    with store.reading() as c:
        ada = people.find(c, "Ada")
    while handed := campaign.hand_out(ada, 3):
        for held in handed:
            say(campaign.submit(held, 1, client_id=f"{held.image}").client_id)


def importing(database_url: str, dataset: DatasetId, say: Says) -> None:
    """One import is stored; another one goes on for long."""
    store = Store.open(database_url)
    with store.writing() as c:
        add_images(c, dataset, range(1000))
    with store.writing() as c:
        say("first import done")
        for start in range(1000, 2_000_000, 1000):
            add_images(c, dataset, range(start, start + 1000))
            say(f"{start}")


@pytest.mark.parametrize("n_acknowledged", [1, 40])
def test_no_acknowledged_answer_is_lost(tables_url: str, n_acknowledged: int) -> None:
    with Store.open(tables_url) as store:
        campaign = new_campaign(store, 5000)
        campaign.person("Ada")
        acknowledged = killed_after(answering, tables_url, campaign, n_acknowledged)
        with store.reading() as c:
            stored = {annotation.client_id for annotation in annotations.iterate_latest(c, campaign.dataset)}
            assert set(acknowledged) <= stored
            assert len(stored) < 5000
            assert rebuild.stored_summaries(c, campaign.dataset) == rebuild.recomputed(c, campaign.dataset)


def test_no_half_import_is_left(tables_url: str) -> None:
    with Store.open(tables_url) as store:
        campaign = new_campaign(store, 0)
        killed_after(importing, tables_url, campaign, 5)
        with store.reading() as c:
            assert len(images.paths(c, campaign.dataset)) == 1000
            assert images.counts(c, campaign.dataset)[ImageState.OPEN] == 1000


def test_work_goes_on_after_the_kill(tables_url: str) -> None:
    with Store.open(tables_url) as store:
        campaign = new_campaign(store, 5000)
        ada = campaign.person("Ada")
        acknowledged = killed_after(answering, tables_url, campaign, 7)
        (held, *_) = campaign.hand_out(ada, 1)
        assert str(held.image) not in acknowledged
        assert campaign.submit(held, 1, client_id=str(held.image)).revision == 1


def killed_after(work: Callable[[str, DatasetId, Says], None], database_url: str, campaign: Campaign, n: int) -> list[str]:
    """Do this in a process of its own, kill it with -9 after it said so much, and return all that it could still say."""
    hears, says = processes().Pipe(duplex=False)
    process = processes().Process(target=_work, args=(work, database_url, campaign.dataset, says))
    process.start()
    says.close()
    said = [hears.recv() for _ in range(n)]
    process.kill()
    with suppress(EOFError):
        while True:
            said.append(hears.recv())
    hears.close()
    process.join()
    assert process.exitcode == -9
    return said


def _work(work: Callable[[str, DatasetId, Says], None], database_url: str, dataset: DatasetId, says: Connection) -> None:
    work(database_url, dataset, says.send)
