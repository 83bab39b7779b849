"""Who is given which image: never too often, never twice, and nothing is lost when somebody leaves."""

from tests.store.campaigns import after, new_campaign

from multilabelfy.store.engine import Store


def test_two_people_are_given_the_same_first_images(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=2)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    assert [x.image for x in campaign.hand_out(ada, 2)] == [campaign.image(0), campaign.image(1)]
    assert [x.image for x in campaign.hand_out(bob, 2)] == [campaign.image(0), campaign.image(1)]


def test_an_abandoned_image_returns_to_the_queue(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    campaign.hand_out(ada)
    assert campaign.hand_out(bob, now=after(29)) == []
    assert [x.image for x in campaign.hand_out(bob, now=after(31))] == [campaign.image(0)]
