"""Images that are moved among their kin in the queue: who is given them, and that nobody misses one or gets it twice."""

from tests.databases import only_sqlite
from tests.store.campaigns import LEASE, NOW, Campaign, after, new_campaign

from multilabelfy.annotation.model import Annotator, Task
from multilabelfy.annotation.overlap import POLICY as ADAPTIVE
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.proposals.kin.groups import KIN_POLICY, STEP
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import handing_out, kin_order, overlap_decisions


def test_assignments_come_in_the_new_order_and_name_what_made_it(store: Store) -> None:
    campaign = new_campaign(store, 4, overlap=1)
    put_among_kin(campaign, {3: 1.0 + STEP, 0: 1.0 + 2 * STEP})
    taken = campaign.hand_out(campaign.person("Ada"), 4)
    assert [assignment.image for assignment in taken] == [campaign.image(number) for number in (1, 3, 0, 2)]
    assert [assignment.policy for assignment in taken] == [handing_out.FIXED_OVERLAP, KIN_POLICY, KIN_POLICY, handing_out.FIXED_OVERLAP]


def test_whoever_has_passed_the_new_place_is_given_the_image_and_nobody_twice(store: Store) -> None:
    """Ada has worked through all but the last image when it is moved to the front, and through all when it is moved back."""
    campaign = new_campaign(store, 4, overlap=2)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    seen = work(campaign, ada, 3)
    put_among_kin(campaign, {3: -1.0, 0: -1.0 + STEP})
    seen += work(campaign, ada, 1)
    assert work(campaign, ada, 1) == []
    with campaign.store.writing() as c:
        kin_order.place_as_drawn(c, campaign.dataset, {campaign.image(3): 3.0, campaign.image(0): 0.0})
    assert work(campaign, ada, 1) == []
    assert seen == [campaign.image(number) for number in range(4)]
    assert work(campaign, bob, 5) == [campaign.image(number) for number in range(4)]


def test_every_image_gets_its_answers_while_the_queue_is_put_in_order_again_and_again(store: Store) -> None:
    campaign = new_campaign(store, 9, overlap=2)
    people = [campaign.person(name) for name in ("Ada", "Bob", "Cem")]
    seen: dict[Annotator, list[ImageId]] = {person: [] for person in people}
    for turn in range(9):
        for person in people:
            seen[person] += work(campaign, person, 1 if turn < 8 else 9)
        group = [(turn * 2 + number) % 9 for number in range(3)]
        put_among_kin(campaign, {image: turn % 4 + place * STEP for place, image in enumerate(group)})
        with campaign.store.writing() as c:
            kin_order.place_as_drawn(c, campaign.dataset, {campaign.image(group[0]): float(group[0])})
    answers = [image for images_of_one in seen.values() for image in images_of_one]
    assert all(len(set(images_of_one)) == len(images_of_one) for images_of_one in seen.values())
    assert sorted(answers) == sorted([*(campaign.image(number) for number in range(9))] * 2)


@only_sqlite("store")
def test_what_no_longer_waits_or_was_put_first_stays(store: Store) -> None:
    campaign = new_campaign(store, 3)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.DISPUTED)
        images.set_queue_places(c, campaign.dataset, [(campaign.image(1), -5.0)], policy="suspects:loss")
    put_among_kin(campaign, dict.fromkeys(range(3), 7.0))
    with store.reading() as c:
        assert [image.id for image in images.moved_in_queue(c, campaign.dataset, KIN_POLICY)] == [campaign.image(2)]
        assert [(image.image, image.queue_place) for image in kin_order.waiting_images(c, campaign.dataset)] == [(campaign.image(2), 7.0)]


@only_sqlite("store")
def test_an_adaptive_overlap_takes_an_image_from_its_kin_once_it_is_in_doubt(store: Store) -> None:
    campaign = new_campaign(store, 2)
    put_among_kin(campaign, {0: 0.5})
    with store.writing() as c:
        overlap_decisions.move_behind(c, campaign.image(0), 1.5)
        assert [image.id for image in images.moved_in_queue(c, campaign.dataset, ADAPTIVE)] == [campaign.image(0)]


def put_among_kin(campaign: Campaign, places: dict[int, float]) -> None:
    """Move images, by their numbers, in a transaction of its own."""
    with campaign.store.writing() as c:
        kin_order.place_among_kin(c, campaign.dataset, {campaign.image(number): place for number, place in places.items()})


def work(campaign: Campaign, person: Annotator, n: int) -> list[ImageId]:
    """The person answers up to n images, each handed out alone; which."""
    answered = []
    for _ in range(n):
        with campaign.store.writing() as c:
            taken = handing_out.hand_out(
                c, campaign.dataset, person.id, task=Task.ANNOTATE, n=1, overlap=campaign.overlap, now=NOW, lease=LEASE
            )
        for assignment in taken:
            campaign.submit(assignment, 1, client_id=f"{assignment.id}", now=after(1))
            answered.append(assignment.image)
    return answered
