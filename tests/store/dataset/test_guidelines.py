"""Guidelines in versions."""

from tests.store.campaigns import NOW, after, new_campaign

from multilabelfy.annotation.study.protocol import Guidelines
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import guidelines
from multilabelfy.store.dataset.guidelines import NONE_YET


def test_guidelines_are_empty_at_first(store: Store) -> None:
    campaign = new_campaign(store, 0)
    with store.reading() as c:
        assert guidelines.latest(c, campaign.dataset) == NONE_YET
        assert guidelines.get(c, campaign.dataset, 3) == NONE_YET
        assert guidelines.history(c, campaign.dataset) == []


def test_each_version_of_the_guidelines_is_kept(store: Store) -> None:
    campaign = new_campaign(store, 0)
    owner = campaign.person("Ola")
    with store.writing() as c:
        assert guidelines.add(c, campaign.dataset, "Tick all.", owner.id, NOW) == 1
        assert guidelines.add(c, campaign.dataset, "Tick all.", owner.id, after(1)) == 1
        assert guidelines.add(c, campaign.dataset, "Tick *all*.", None, after(2)) == 2
        first, second = Guidelines(1, "Tick all.", owner.id, NOW), Guidelines(2, "Tick *all*.", None, after(2))
        assert guidelines.history(c, campaign.dataset) == [second, first]
        assert guidelines.latest(c, campaign.dataset) == second
        assert guidelines.get(c, campaign.dataset, 1) == first
