"""Datasets by name, their protocol in versions, and pausing."""

from dataclasses import replace

import pytest
from tests.store.campaigns import LABELS, NOW, after, new_campaign

from multilabelfy.annotation.study.protocol import BLIND, PAPER, REAL
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId
from multilabelfy.errors import InvalidInput, UnknownDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets


def add(c: Connection, name: str, seed: int = 2**40) -> DatasetId:
    places = {"images_root": "/pictures", "reference_root": "/reference"}
    return datasets.add(c, name=name, labels=LABELS, protocol=BLIND, seed=seed, now=NOW, **places)


def test_a_dataset_comes_back_as_it_was_added(store: Store) -> None:
    with store.writing() as c:
        number = add(c, "pilot")
    expected = StoredDataset(number, "pilot", "/pictures", "/reference", "animals", 2**40, BLIND, 1, False, NOW)
    with store.reading() as c:
        assert datasets.find(c, "pilot") == datasets.get(c, number) == expected
        assert datasets.all_datasets(c) == [expected]


def test_an_unknown_name_is_answered_with_the_names_there_are_only_where_they_may_be_read(store: Store) -> None:
    with store.writing() as c:
        with pytest.raises(UnknownDataset) as alone:
            datasets.find(c, "pilot")
        add(c, "b")
        add(c, "a")
        with pytest.raises(UnknownDataset) as among_others:
            datasets.find(c, "pilot")
    assert alone.value.known == "There is none yet: import one first."
    assert among_others.value.known == "There are 'a', 'b'."
    assert str(alone.value) == str(among_others.value) == "There is no dataset 'pilot' in this workspace."


@pytest.mark.parametrize(("name", "why"), [("pilot", "already a dataset"), (" ", "1 to 100"), ("x" * 101, "1 to 100")])
def test_a_name_that_does_not_fit_is_refused(store: Store, name: str, why: str) -> None:
    new_campaign(store, 0, name="pilot")
    with pytest.raises(InvalidInput, match=why), store.writing() as c:
        add(c, name)


def test_every_version_of_a_protocol_is_kept(store: Store) -> None:
    campaign = new_campaign(store, 0)
    with store.writing() as c:
        assert datasets.set_protocol(c, campaign.dataset, REAL, after(1)) == 2
        assert datasets.set_protocol(c, campaign.dataset, REAL, after(2)) == 2
        assert datasets.set_protocol(c, campaign.dataset, replace(REAL, overlap=3), after(3)) == 3
        assert datasets.get(c, campaign.dataset).protocol == replace(REAL, overlap=3)
        assert datasets.protocol_versions(c, campaign.dataset) == [
            (1, PAPER, NOW),
            (2, REAL, after(1)),
            (3, replace(REAL, overlap=3), after(3)),
        ]


def test_a_dataset_is_paused_and_its_references_may_move(store: Store) -> None:
    campaign = new_campaign(store, 0)
    with store.writing() as c:
        datasets.set_paused(c, campaign.dataset, True)
        datasets.set_reference_root(c, campaign.dataset, "/elsewhere")
        stored = datasets.get(c, campaign.dataset)
    assert (stored.paused, stored.reference_root) == (True, "/elsewhere")
