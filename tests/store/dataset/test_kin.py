"""How pictures look to a model, and which of them look alike."""

import numpy as np
from tests.store.campaigns import NOW, new_campaign, scores

from multilabelfy.proposals.embeddings import checked_embeddings
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.looks import embeddings, kin
from multilabelfy.store.dataset.looks.kin import Kin


def test_vectors_have_unit_length_and_the_first_of_a_run_stays(store: Store) -> None:
    campaign = new_campaign(store, 3)
    ids = [campaign.image(number) for number in range(3)]
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        assert embeddings.newest_run(c, campaign.dataset) is None
        embeddings.add_chunk(c, run, ids[:2], np.array([[3, 4], [0, 0]], np.float32))
        embeddings.add_chunk(c, run, ids, np.array([[1, 0], [1, 0], [0, -2]], np.float32))
        assert (embeddings.newest_run(c, campaign.dataset), embeddings.n_of(c, run)) == (run, 3)
        read = [(images, vectors.round(3).tolist()) for images, vectors in embeddings.iterate(c, run, size=2)]
    unit = [np.float16(0.6).round(3).item(), np.float16(0.8).round(3).item()]
    assert read == [(ids[:2], [unit, [0, 0]]), (ids[2:], [[0, -1]])]


def test_the_newest_run_with_vectors_counts(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        older, newer = (proposals.start_run(c, campaign.dataset, source, 5, NOW) for source in ("older", "newer"))
        embeddings.add_chunk(c, older, [campaign.image(0)], np.ones((1, 2), np.float32))
        assert embeddings.newest_run(c, campaign.dataset) == older
        embeddings.add_chunk(c, newer, [campaign.image(0)], np.ones((1, 4), np.float32))
        assert embeddings.newest_run(c, campaign.dataset) == newer


def test_kin_are_read_back_nearest_first_until_they_are_forgotten(store: Store) -> None:
    campaign, other = new_campaign(store, 3), new_campaign(store, 1, name="other")
    first, second, third = (campaign.image(number) for number in range(3))
    with store.writing() as c:
        nearest = np.array([[third, second], [first, third]], np.int64)
        kin.add_chunk(c, campaign.dataset, [first, second], nearest, np.array([[0.75, 0.5], [0.5, 0.25]]))
        assert kin.of_image(c, first) == [Kin(third, 0.75), Kin(second, 0.5)]
        assert kin.of_image(c, third) == []
        kin.forget(c, other.dataset)
        assert kin.n_of(c, campaign.dataset) == 2
        kin.forget(c, campaign.dataset)
        assert kin.n_of(c, campaign.dataset) == 0


def test_an_image_waits_for_a_run_until_it_has_proposals_and_where_they_are_wanted_embeddings(store: Store) -> None:
    campaign = new_campaign(store, 4)
    ids = [campaign.image(number) for number in range(4)]
    with store.writing() as c:
        run, other = (proposals.start_run(c, campaign.dataset, source, 5, NOW) for source in ("model", "other"))
        proposals.add_chunk(c, run, ids[:3], *scores(3))
        embeddings.add_chunk(c, run, ids[:2], np.ones((2, 2), np.float32))
        embeddings.add_chunk(c, other, ids[2:], np.ones((2, 2), np.float32))

        assert [image.id for image in proposals.pending(c, run)] == ids[3:]
        assert [image.id for image in proposals.pending(c, run, embedded=True)] == ids[2:]
        assert [image.id for image in proposals.pending(c, run, embedded=True, after=ids[2])] == ids[3:]
        assert (proposals.n_pending(c, run), proposals.n_pending(c, run, embedded=True)) == (1, 2)
        assert proposals.proposed_of(c, run, ids) == set(ids[:3])


def test_vectors_that_were_rounded_before_are_stored_as_they_are(store: Store) -> None:
    """So a cluster's workers, who send them in half precision, store what threads store."""
    campaign = new_campaign(store, 40)
    ids = [campaign.image(number) for number in range(40)]
    rounded = checked_embeddings(np.random.default_rng(0).normal(size=(40, 300)), images=[str(image) for image in ids], source="model")
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        embeddings.add_chunk(c, run, ids, rounded)
        ((_, kept),) = embeddings.iterate(c, run)
    assert np.array_equal(kept, rounded)
