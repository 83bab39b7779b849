"""Reference pictures in their order."""

import pytest
from tests.store.campaigns import Campaign, new_campaign

from multilabelfy.dataset.model import Exemplar
from multilabelfy.errors import UnknownImage
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import exemplars
from multilabelfy.store.dataset.looks import fingerprints


@pytest.fixture
def campaign(store: Store) -> Campaign:
    made = new_campaign(store, 0)
    with store.writing() as c:
        new = [Exemplar(0, "cat/1.jpg"), Exemplar(1, "dog/1.jpg"), Exemplar(0, "cat/2.jpg"), Exemplar(0, "cat/3.jpg")]
        assert exemplars.add_many(c, made.dataset, new, token=token) == 4
    return made


def test_reference_pictures_come_in_the_order_in_which_they_were_chosen(campaign: Campaign) -> None:
    assert shown(campaign) == ["cat/1.jpg", "cat/2.jpg", "cat/3.jpg"]
    with campaign.store.reading() as c:
        assert exemplars.of_labels(c, campaign.dataset, [3]) == {3: []}


def test_adding_again_adds_only_what_is_new(campaign: Campaign) -> None:
    with campaign.store.writing() as c:
        again = [Exemplar(0, "cat/2.jpg"), Exemplar(0, "cat/4.jpg"), Exemplar(0, "cat/4.jpg")]
        assert exemplars.add_many(c, campaign.dataset, again, token=token) == 1
    assert shown(campaign) == ["cat/1.jpg", "cat/2.jpg", "cat/3.jpg", "cat/4.jpg"]


def test_an_owner_reorders_removes_and_brings_back(campaign: Campaign) -> None:
    with campaign.store.writing() as c:
        one, two, three = exemplars.of_labels(c, campaign.dataset, [0])[0]
        exemplars.reorder(c, campaign.dataset, 0, [three.id])
        exemplars.remove(c, one.id)
    assert shown(campaign) == ["cat/3.jpg", "cat/2.jpg"]
    with campaign.store.writing() as c:
        exemplars.reorder(c, campaign.dataset, 0, [one.id, two.id])
    assert shown(campaign) == ["cat/1.jpg", "cat/2.jpg", "cat/3.jpg"]


def test_one_picture_may_stand_for_two_labels(campaign: Campaign) -> None:
    with campaign.store.writing() as c:
        assert exemplars.add_many(c, campaign.dataset, [Exemplar(1, "cat/1.jpg")], token=token) == 1
        dataset, found = exemplars.by_token(c, token("cat/1.jpg"))
    assert (dataset, found.path) == (campaign.dataset, "cat/1.jpg")


def test_an_unknown_token_is_refused(store: Store) -> None:
    with store.reading() as c, pytest.raises(UnknownImage, match="no such picture"):
        exemplars.by_token(c, "guessed")


def test_what_pictures_look_like_is_kept(store: Store, campaign: Campaign) -> None:
    judged = new_campaign(store, 1, name="judged").image(0)
    with store.writing() as c:
        reference = exemplars.of_labels(c, campaign.dataset, [0])[0][0].id
        assert fingerprints.of_images(c, [judged]) == {judged: None}
        fingerprints.set_of_image(c, judged, "0123456789abcdef")
        fingerprints.set_of_exemplar(c, reference, "f" * 16)
        assert fingerprints.of_images(c, [judged]) == {judged: "0123456789abcdef"}
        assert fingerprints.of_exemplars(c, [reference]) == {reference: "f" * 16}
        fingerprints.set_of_exemplars(c, {reference: "0" * 16})
        fingerprints.set_of_images(c, {judged: "1" * 16})
        assert (fingerprints.of_exemplars(c, [reference]), fingerprints.of_images(c, [judged])) == (
            {reference: "0" * 16},
            {judged: "1" * 16},
        )


def token(path: str) -> str:
    return path.replace("/", "-")


def shown(campaign: Campaign) -> list[str]:
    with campaign.store.reading() as c:
        return [exemplar.path for exemplar in exemplars.of_labels(c, campaign.dataset, [0])[0]]
