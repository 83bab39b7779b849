"""Progress in a few figures."""

from sqlalchemy import update
from tests.store.campaigns import after, new_campaign

from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import progress
from multilabelfy.store.schema import images


def test_recent_answers_are_counted_without_revisions_and_missing_ones_image_by_image(store: Store) -> None:
    campaign = new_campaign(store, 4)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    for minutes, held in enumerate(campaign.hand_out(ada, 3)):
        campaign.submit(held, 1, now=after(minutes))
        campaign.submit(held, 2, client_id=f"again{held.id}", now=after(minutes))
    campaign.submit(campaign.hand_out(bob)[0], 1, now=after(5))
    with store.reading() as c:
        assert progress.n_given(c, campaign.dataset, after(1)) == 3
        assert progress.n_answers_wanted(c, campaign.dataset, 2) == 4  # of eight, four were given
        assert progress.n_answers_wanted(c, campaign.dataset, 3) == 8  # the images have 2, 1, 1 and no answers
        assert progress.n_answers_wanted(c, campaign.dataset, 1) == 1
    with store.writing() as c:
        c.execute(update(images).where(images.c.id == campaign.image(0)).values(n_wanted=5))
    with store.reading() as c:
        assert progress.n_answers_wanted(c, campaign.dataset, 2) == 3 + 1 + 1 + 2
