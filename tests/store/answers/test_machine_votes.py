"""Machines' votes are kept once, apart from people's answers, and go with their dataset."""

from sqlalchemy import func, select
from tests.store.campaigns import NOW, after, new_campaign

from multilabelfy.annotation.machines import MachineRater, MachineVote
from multilabelfy.annotation.model import Vote
from multilabelfy.store.answers import machine_votes
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets
from multilabelfy.store.schema import machine_votes as rows


def test_what_a_machine_said_first_stays_and_only_what_is_new_is_added(store: Store) -> None:
    campaign = new_campaign(store, 2)
    image, other = campaign.image(0), campaign.image(1)
    with store.writing() as c:
        machine = machine_votes.found_or_added(c, campaign.dataset, "python:mine:look", NOW)
        assert machine_votes.add(c, machine, image, {1: Vote.YES, 2: None}, NOW) == 2
        assert machine_votes.add(c, machine, image, {1: Vote.NO, 2: Vote.NO, 3: Vote.MAYBE}, after(1)) == 1
    with store.reading() as c:
        assert machine_votes.asked_about(c, machine, [image, other]) == {image: frozenset({1, 2, 3})}
        assert list(machine_votes.iterate(c, campaign.dataset)) == [
            MachineVote(machine, image, 1, Vote.YES, NOW),
            MachineVote(machine, image, 2, None, NOW),
            MachineVote(machine, image, 3, Vote.MAYBE, after(1)),
        ]


def test_a_machine_is_known_by_its_name_and_is_counted_by_what_it_said(store: Store) -> None:
    campaign = new_campaign(store, 2)
    with store.writing() as c:
        first = machine_votes.found_or_added(c, campaign.dataset, "one", NOW)
        second = machine_votes.found_or_added(c, campaign.dataset, "two", after(1))
        assert machine_votes.found_or_added(c, campaign.dataset, "one", after(2)) == first
        machine_votes.add(c, second, campaign.image(0), {1: Vote.YES, 2: None}, NOW)
        machine_votes.add(c, second, campaign.image(1), {4: Vote.NO}, NOW)
    with store.reading() as c:
        assert machine_votes.all_machines(c, campaign.dataset) == [
            MachineRater(first, "one", NOW),
            MachineRater(second, "two", after(1), n_images=2, n_votes=2, n_silent=1),
        ]


def test_they_are_deleted_with_their_dataset(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        machine = machine_votes.found_or_added(c, campaign.dataset, "one", NOW)
        machine_votes.add(c, machine, campaign.image(0), {1: Vote.YES}, NOW)
        datasets.delete_all_of(c, campaign.dataset)
        assert c.execute(select(func.count()).select_from(rows)).scalar_one() == 0
        assert machine_votes.all_machines(c, campaign.dataset) == []
