"""Images: adding keeps what is there, counts follow states, and pages begin behind the last one."""

import pytest
from tests.store.campaigns import LABELS, add_images, new_campaign, path_of

from multilabelfy.dataset.model import Image, ImageId, ImageState
from multilabelfy.errors import UnknownImage
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import gallery, images


def test_adding_again_adds_what_is_new_and_changes_nothing_else(store: Store) -> None:
    campaign = new_campaign(store, 3)
    with store.writing() as c:
        images.set_state(c, campaign.image(1), ImageState.AGREED)
        before = list(images.iterate(c, campaign.dataset))
        assert add_images(c, campaign.dataset, [4, 2, 1, 3]) == 2
        assert list(images.iterate(c, campaign.dataset))[:3] == before
        assert images.paths(c, campaign.dataset) == [path_of(number) for number in (0, 1, 2, 4, 3)]


def test_a_given_label_that_is_there_stays(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        again = [Image(path_of(0), 5)]
        assert images.add_many(c, campaign.dataset, again, token=str, queue_place=len) == 0
        assert images.by_path(c, campaign.dataset, path_of(0)).given_label == 0


def test_a_path_that_comes_twice_is_one_image(store: Store) -> None:
    campaign = new_campaign(store, 0)
    with store.writing() as c:
        twice = [Image("a.jpg", 1), Image("b.jpg", 2), Image("a.jpg", 3)]
        assert images.add_many(c, campaign.dataset, twice, token=str, queue_place=len) == 2
        assert [(image.path, image.given_label) for image in images.iterate(c, campaign.dataset)] == [("a.jpg", 1), ("b.jpg", 2)]


def test_many_images_come_back_in_the_order_of_the_import(store: Store) -> None:
    campaign = new_campaign(store, 0)
    numbers = [number * 7919 % 2500 for number in range(2500)]
    with store.writing() as c:
        assert add_images(c, campaign.dataset, numbers) == 2500
        expected = [path_of(number) for number in numbers]
        assert [image.path for image in images.iterate(c, campaign.dataset, chunk=999)] == expected
        assert list(images.ids_by_path(c, campaign.dataset)) == expected
        assert images.counts(c, campaign.dataset)[ImageState.OPEN] == 2500


def test_counts_follow_every_change_of_state(store: Store) -> None:
    campaign = new_campaign(store, 3)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.AGREED)
        images.set_state(c, campaign.image(0), ImageState.AGREED)
        images.set_state(c, campaign.image(1), ImageState.DISPUTED)
        images.set_state(c, campaign.image(1), ImageState.REFINED)
        counts = images.counts(c, campaign.dataset)
    assert {state: n for state, n in counts.items() if n} == {ImageState.OPEN: 1, ImageState.AGREED: 1, ImageState.REFINED: 1}
    assert set(counts) == set(ImageState)


def test_an_unreadable_image_is_put_aside_with_its_reason(store: Store) -> None:
    campaign = new_campaign(store, 2)
    with store.writing() as c:
        images.set_unreadable(c, campaign.image(1), "truncated")
        assert images.get(c, campaign.image(1)).state is ImageState.UNREADABLE
        assert images.unreadable(c, campaign.dataset) == [(path_of(1), "truncated")]


def test_images_are_found_by_path_and_by_token(store: Store) -> None:
    campaign = new_campaign(store, 2)
    with store.reading() as c:
        image = images.by_path(c, campaign.dataset, path_of(1))
        assert images.by_token(c, image.token) == images.get(c, image.id) == image
        assert images.get_many(c, [image.id, ImageId(99)]) == {image.id: image}


def test_an_image_that_is_not_there_is_named(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.reading() as c:
        with pytest.raises(UnknownImage, match=r"no image 'b\.jpg' in this dataset"):
            images.by_path(c, campaign.dataset, "b.jpg")
        with pytest.raises(UnknownImage, match="no image number 77"):
            images.get(c, ImageId(77))
        with pytest.raises(UnknownImage, match="no such picture"):
            images.by_token(c, "guessed")


def test_a_page_begins_behind_the_last_one(store: Store) -> None:
    campaign = new_campaign(store, 5)
    with store.reading() as c:
        first = gallery.page(c, campaign.dataset, limit=2)
        second = gallery.page(c, campaign.dataset, after_place=first[-1].place, limit=2)
    assert [image.path for image in first + second] == [path_of(number) for number in range(4)]


def test_pages_follow_their_filter(store: Store) -> None:
    campaign = new_campaign(store, 12)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    one, two = campaign.hand_out(ada, 2)
    campaign.submit(one, 4)
    campaign.submit(one, 2, client_id="revised")
    campaign.submit(two, 3)
    campaign.submit(campaign.hand_out(bob)[0], 2)
    with store.writing() as c:
        images.set_state(c, campaign.image(7), ImageState.DISPUTED)
    expected = {
        ImageFilter(state=ImageState.DISPUTED): [7],
        ImageFilter(given_label=3): [3, 9],
        ImageFilter(text="CLASS/00000"): list(range(10)),
        ImageFilter(text="%"): [],
        ImageFilter(annotator=ada.id): [0, 1],
        ImageFilter(annotator=bob.id): [0],
        ImageFilter(label=4): [],
        ImageFilter(label=2): [0],
        ImageFilter(annotator=ada.id, label=3): [1],
        ImageFilter(n_labels=1): [],
    }
    with store.reading() as c:
        for wanted, numbers in expected.items():
            assert [image.path for image in gallery.page(c, campaign.dataset, wanted)] == [path_of(number) for number in numbers], wanted
            assert gallery.count(c, campaign.dataset, wanted) == len(numbers)


def test_two_datasets_may_have_images_of_one_path(store: Store) -> None:
    one, two = new_campaign(store, 2, name="one"), new_campaign(store, 3, name="two")
    with store.reading() as c:
        assert len(images.paths(c, one.dataset)) == 2
        assert images.by_path(c, two.dataset, path_of(1)).dataset == two.dataset
        assert len(LABELS) == 6
