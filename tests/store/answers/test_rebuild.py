"""The summaries that are kept beside the log equal the ones that the log gives."""

import random
from dataclasses import replace

from sqlalchemy import update
from tests.databases import only_sqlite
from tests.deciding import append_decision
from tests.store.campaigns import LEASE, Campaign, add_images, after, answer, new_campaign

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator, Role, Task, Vote
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import assignments, leases
from multilabelfy.store.schema import image_counts, label_choices, person_counts
from multilabelfy.store.schema import images as image_rows


def test_after_a_random_campaign_the_kept_summaries_are_the_rebuilt_ones(store: Store) -> None:
    campaign = random_campaign(store, random.Random(0))
    with store.reading() as c:
        kept = rebuild.stored_summaries(c, campaign.dataset)
        assert kept == rebuild.recomputed(c, campaign.dataset)
    assert all((kept.answers, kept.images, kept.people, kept.choices))


def test_summaries_that_were_damaged_are_repaired(store: Store) -> None:
    campaign = random_campaign(store, random.Random(7))
    with store.writing() as c:
        before = rebuild.stored_summaries(c, campaign.dataset)
        c.execute(update(image_rows).values(n_answers=7, n_leases=7))
        c.execute(update(image_counts).values(n_images=7))
        c.execute(update(person_counts).values(n_answered=7))
        c.execute(update(label_choices).values(n_yes=7))
        assert rebuild.stored_summaries(c, campaign.dataset) != before
        rebuild.rebuild(c, campaign.dataset)
        assert rebuild.stored_summaries(c, campaign.dataset) == before


@only_sqlite("store")
def test_one_dataset_is_rebuilt_without_the_others(store: Store) -> None:
    one, two = random_campaign(store, random.Random(1), "one"), new_campaign(store, 2, name="two")
    (held,) = two.hand_out(two.person("Zoe"))
    two.submit(held, 1)
    with store.writing() as c:
        before = rebuild.stored_summaries(c, two.dataset)
        rebuild.rebuild(c, one.dataset)
        assert rebuild.stored_summaries(c, two.dataset) == before


def random_campaign(store: Store, rng: random.Random, name: str = "pilot") -> Campaign:
    """Some people work in any order, come late, revise, leave for later, refine; images are added and put aside meanwhile."""
    campaign = new_campaign(store, 12, name=name)
    people = [campaign.person(f"{name} {number}") for number in range(4)]
    expert = campaign.person(f"{name} expert", Role.EXPERT)
    for minutes in range(0, 300, 5):
        take_a_step(campaign, rng, rng.choice(people), minutes)
    with store.writing() as c:
        add_images(c, campaign.dataset, range(12, 15))
        images.set_unreadable(c, campaign.image(11), "gone")
        for number in range(4):
            images.set_state(c, campaign.image(number), ImageState.DISPUTED)
    for held in campaign.hand_out(expert, 3, now=after(400), task=Task.REFINE):
        refine(campaign, held, rng)
    return campaign


def take_a_step(campaign: Campaign, rng: random.Random, person: Annotator, minutes: int) -> None:
    for held in campaign.hand_out(person, rng.randint(1, 3), now=after(minutes)):
        what = rng.choice(("answer", "answer", "leave", "keep", "late"))
        with campaign.store.writing() as c:
            if what == "leave":
                assignments.leave_for_later(c, held.id)
            elif what == "late":
                leases.return_expired(c, campaign.dataset, after(minutes) + LEASE)
            if what in ("answer", "late"):
                answers = {rng.randrange(6): rng.choice((Vote.MAYBE, Vote.YES)) for _ in range(rng.randrange(3))}
                said = replace(answer(held, client_id=f"{held.id}-{minutes}"), answers=answers, submitted_at=after(minutes))
                annotations.append(c, said, assignment=held.id)
                again = replace(said, client_id=f"{held.id}-{minutes}-again", answers={5: Vote.YES})
                annotations.append(c, again, assignment=held.id)


def refine(campaign: Campaign, held: Assignment, rng: random.Random) -> None:
    said = Refinement(f"r{held.id}", held.image, held.annotator, (), (), {1: Vote.YES}, None, after(401), present_ms=5)
    with campaign.store.writing() as c:
        append_decision(c, said, dataset=campaign.dataset, assignment=held.id)
        if rng.random() < 0.5:
            revealed = replace(said, client_id=f"s{held.id}", answer_revealed={})
            append_decision(c, revealed, dataset=campaign.dataset, assignment=held.id)
