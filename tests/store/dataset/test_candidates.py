"""A frozen set of candidates stays."""

from tests.store.campaigns import NOW, new_campaign

from multilabelfy.dataset.model import ImageId
from multilabelfy.proposals.model import Candidate
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import candidates


def test_the_first_set_stands(store: Store) -> None:
    campaign = new_campaign(store, 2)
    first, second = (Candidate(1, "model", 1), Candidate(2, "decoy", 31), Candidate(0, "given")), (Candidate(5, "model", 1),)
    with store.writing() as c:
        assert candidates.freeze(c, campaign.image(0), first, 1, NOW) == first
        assert candidates.freeze(c, campaign.image(0), second, 2, NOW) == first
    with store.reading() as c:
        assert candidates.frozen(c, [campaign.image(0), campaign.image(1), ImageId(99)]) == {campaign.image(0): first}
