"""The rules of counting in SQL choose what the pure ones choose."""

from sqlalchemy import select
from tests.store.campaigns import after, new_campaign

from multilabelfy.annotation.counting import counting, standing
from multilabelfy.store.answers import annotations
from multilabelfy.store.answers.counting import is_first_of_counting, is_standing
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.schema import annotations as rows


def test_sql_and_the_pure_rule_choose_the_same_answers(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    late, kept = campaign.hand_out(ada, 2)
    [taken] = [one for one in campaign.hand_out(bob, 2, now=after(31)) if one.image == late.image]
    campaign.submit(taken, 1, client_id="in-time", now=after(32))
    campaign.submit(late, 2, client_id="surplus", now=after(33))
    campaign.submit(late, 3, client_id="surplus-revised", now=after(34))
    campaign.submit(taken, 4, client_id="in-time-revised", now=after(35))
    campaign.submit(taken, 5, client_id="in-time-again", now=after(36))
    campaign.submit(kept, 1, client_id="elsewhere", now=after(37))
    with store.reading() as c:
        newest = standing([one for image in (late.image, kept.image) for one in annotations.history(c, image)])
        stands = set(c.execute(select(rows.c.client_id).where(is_standing())).scalars())
        counted = list(c.execute(select(rows.c.image_id, rows.c.annotator_id).where(is_first_of_counting())))
    assert stands == {one.client_id for one in newest} >= {"surplus-revised", "in-time-again"}
    assert sorted(map(tuple, counted)) == sorted((one.image, one.annotator) for one in counting(newest))
    assert len(counting(newest)) < len(newest)
