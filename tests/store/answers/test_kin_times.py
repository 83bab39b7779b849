"""The times of answers among kin and singly, as the report compares them."""

from dataclasses import replace

from tests.store.campaigns import NOW, after, answer, new_campaign

from multilabelfy.proposals.kin.groups import STEP
from multilabelfy.store.answers import annotations
from multilabelfy.store.answers.counting import timed_answers
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import kin_order


def test_answers_of_both_kinds_come_with_their_newest_time_and_their_group(store: Store) -> None:
    campaign = new_campaign(store, 6)
    with store.writing() as c:
        images.set_queue_places(c, campaign.dataset, [(campaign.image(number), number / 8) for number in range(6)])
        kin_order.place_among_kin(c, campaign.dataset, {campaign.image(number): 0.5 + number * STEP for number in (4, 1)})
        images.set_queue_places(c, campaign.dataset, [(campaign.image(5), -1.0)], policy="suspects:loss")
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    taken = {assignment.image: assignment for assignment in campaign.hand_out(ada, 6)}
    for assignment in taken.values():
        campaign.submit(assignment, 1, now=after(1))
    (first, *_) = campaign.hand_out(bob, 1)
    campaign.submit(first, 1)
    revised = taken[campaign.image(4)]
    with store.writing() as c:
        again = replace(answer(revised, 2, 3, client_id="again", now=after(5)), present_ms=7000)
        annotations.append(c, again, assignment=revised.id)
    with store.reading() as c:
        timed = {each.image: each for each in timed_answers(c, campaign.dataset)}
    assert {image: each.is_among_kin for image, each in timed.items()} == {campaign.image(n): n in (1, 4) for n in range(5)}
    assert timed[campaign.image(4)].chosen == {2, 3}
    assert {image: each.seconds for image, each in timed.items()} == {campaign.image(n): 7.0 if n == 4 else 1.0 for n in range(5)}
    assert timed[campaign.image(1)].group == timed[campaign.image(4)].group
    assert len({each.group for each in timed.values()}) == 4
    assert {each.annotator for each in timed.values()} == {ada.id}, "Bob was given no image among its kin"
    assert timed[campaign.image(1)].handed_at == NOW


def test_where_nobody_was_given_an_image_among_its_kin_nothing_is_read(store: Store) -> None:
    campaign = new_campaign(store, 2)
    campaign.submit(campaign.hand_out(campaign.person("Ada"))[0], 1)
    with store.reading() as c:
        assert timed_answers(c, campaign.dataset) == []
