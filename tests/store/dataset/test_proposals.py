"""Proposals of runs that stop and go on."""

import numpy as np
import pytest
from tests.store.campaigns import NOW, Campaign, add_images, after, new_campaign, path_of, scores

from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.errors import InvalidInput
from multilabelfy.proposals.model import Proposal
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images, proposals


def test_proposals_are_read_back_best_first_and_to_the_last_bit(store: Store) -> None:
    campaign = new_campaign(store, 2, state=ImageState.UNPROPOSED)
    third = float(np.float32(1 / 3))
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 2, NOW)
        labels, values = np.array([[5, 0], [1, 2]], np.int32), np.array([[1 / 3, 0.25], [0.5, 0.5]], np.float32)
        assert proposals.add_chunk(c, run, [campaign.image(0), campaign.image(1)], labels, values) == 2
        assert proposals.of_image(c, campaign.image(0)) == [Proposal(5, 1, third, "model"), Proposal(0, 2, 0.25, "model")]
        assert [(path, len(found)) for path, found in proposals.iterate(c, campaign.dataset)] == [(path_of(0), 2), (path_of(1), 2)]


def test_the_best_of_a_run_come_with_their_scores_and_a_shorter_list_ends(store: Store) -> None:
    campaign = new_campaign(store, 2, state=ImageState.UNPROPOSED)
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 3, NOW)
        proposals.add_chunk(
            c, run, [campaign.image(1)], np.array([[5, 0, 2, 1]], np.int32), np.array([[0.5, 0.25, 0.125, 0.0625]], np.float32)
        )
        proposals.add_chunk(c, run, [campaign.image(0)], np.array([[1, 2]], np.int32), np.array([[0.75, 0.125]], np.float32))
        [best] = proposals.best_of_runs(c, campaign.dataset, [campaign.image(0), campaign.image(1)])
    assert (best.source, best.place.tolist()) == ("model", [0, 1])
    assert best.labels.tolist() == [[1, 2, -1], [5, 0, 2]]
    assert best.scores.tolist() == [[0.75, 0.125, 0], [0.5, 0.25, 0.125]]


def test_an_interrupted_run_goes_on_where_it_stopped(store: Store) -> None:
    campaign = new_campaign(store, 5, state=ImageState.UNPROPOSED)
    propose(campaign, "model", 2)
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 5, after(1))
        assert proposals.n_pending(c, run) == 3
        assert [image.path for image in proposals.pending(c, run)] == [path_of(number) for number in (2, 3, 4)]
        (stored,) = proposals.runs(c, campaign.dataset)
        assert (stored.id, stored.n_done, stored.started_at, stored.finished_at) == (run, 2, NOW, None)


def test_a_chunk_that_comes_twice_is_stored_once(store: Store) -> None:
    campaign = new_campaign(store, 2, state=ImageState.UNPROPOSED)
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        chunk = ([campaign.image(0), campaign.image(1)], *scores(2))
        assert proposals.add_chunk(c, run, *chunk) == 2
        assert proposals.add_chunk(c, run, *chunk) == 0
        assert len(proposals.of_image(c, campaign.image(0))) == 5


def test_images_open_with_their_first_proposals(store: Store) -> None:
    campaign = new_campaign(store, 3, state=ImageState.UNPROPOSED)
    propose(campaign, "model", 2)
    with store.reading() as c:
        counts = images.counts(c, campaign.dataset)
    assert (counts[ImageState.OPEN], counts[ImageState.UNPROPOSED]) == (2, 1)


def test_a_second_model_opens_nothing_that_is_done(store: Store) -> None:
    campaign = new_campaign(store, 1, state=ImageState.UNPROPOSED)
    propose(campaign, "one", 1)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.AGREED)
    propose(campaign, "two", 1)
    with store.reading() as c:
        assert images.get(c, campaign.image(0)).state is ImageState.AGREED
        assert [found.source for found in proposals.of_image(c, campaign.image(0))] == ["one"] * 5 + ["two"] * 5


def test_unreadable_images_do_not_wait(store: Store) -> None:
    campaign = new_campaign(store, 2, state=ImageState.UNPROPOSED)
    with store.writing() as c:
        images.set_unreadable(c, campaign.image(0), "0 bytes")
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        assert [image.path for image in proposals.pending(c, run)] == [path_of(1)]


def test_pending_images_come_behind_the_last_one(store: Store) -> None:
    campaign = new_campaign(store, 5, state=ImageState.UNPROPOSED)
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        first = proposals.pending(c, run, limit=2)
        second = proposals.pending(c, run, after=first[-1].id, limit=2)
        assert [image.path for image in second] == [path_of(2), path_of(3)]
        assert proposals.pending(c, run, after=ImageId(10**9)) == []


def test_a_run_waits_again_for_images_that_were_added(store: Store) -> None:
    campaign = new_campaign(store, 1, state=ImageState.UNPROPOSED)
    propose(campaign, "model", 1)
    with store.writing() as c:
        add_images(c, campaign.dataset, [7], state=ImageState.UNPROPOSED)
        run = proposals.start_run(c, campaign.dataset, "model", 5, NOW)
        assert proposals.n_pending(c, run) == 1


def test_another_number_of_labels_is_refused_with_the_way_out(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        proposals.start_run(c, campaign.dataset, "model", 20, NOW)
        with pytest.raises(InvalidInput, match="proposed 20 labels an image before, now 10 are asked for\nRun it with -k 20"):
            proposals.start_run(c, campaign.dataset, "model", 10, NOW)


def test_a_run_is_finished_once(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, "model", 20, NOW)
        proposals.finish_run(c, run, after(1))
        proposals.finish_run(c, run, after(2))
        assert [found.finished_at for found in proposals.runs(c, campaign.dataset)] == [after(1)]


def propose(campaign: Campaign, source: str, n: int) -> None:
    with campaign.store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, source, 5, NOW)
        proposals.add_chunk(c, run, [image.id for image in proposals.pending(c, run, limit=n)], *scores(n))
