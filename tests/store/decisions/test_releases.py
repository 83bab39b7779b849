"""Numbered releases: each keeps what changed, and every one can be read back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from tests.store.campaigns import NOW, Campaign, new_campaign, path_of

from multilabelfy.annotation.model import Relation
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import UnknownRelease
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import gallery, images
from multilabelfy.store.decisions import releases
from multilabelfy.store.schema import final_labels


def test_the_first_release_has_everything(store: Store) -> None:
    campaign = new_campaign(store, 3)
    finals = [final(campaign, 2, 1), final(campaign, 0, 3, 4)]
    released = release(campaign, finals, n_unresolved=1)
    assert (released.number, released.n_images, released.n_unresolved) == (1, 2, 1)
    assert (released.n_added, released.n_changed, released.n_removed) == (2, 0, 0)
    assert read(campaign, 1) == [(path_of(0), finals[1]), (path_of(2), finals[0])]


def test_every_detail_of_final_labels_is_read_back(store: Store) -> None:
    campaign = new_campaign(store, 1)
    ada = campaign.person("Ada")
    empty = replace(
        final(campaign, 0),
        source=LabelSource.REFINED,
        reason=EmptyReason.OTHER,
        reason_note="a map",
        relation=Relation.BOTH,
        decided_by=(ada.id,),
        before=(1, 2),
    )
    release(campaign, [empty])
    assert read(campaign, 1) == [(path_of(0), empty)]


def test_a_release_stores_only_what_changed(store: Store) -> None:
    campaign = new_campaign(store, 4)
    first = [final(campaign, number, 1) for number in range(3)]
    release(campaign, first)
    second = [first[0], final(campaign, 1, 2), final(campaign, 3, 1)]
    changed = release(campaign, second)
    assert (changed.number, changed.n_added, changed.n_changed, changed.n_removed) == (2, 1, 1, 1)
    assert n_rows(store) == 3 + 3
    same = release(campaign, second)
    assert (same.number, same.n_added, same.n_changed, same.n_removed) == (3, 0, 0, 0)
    assert n_rows(store) == 3 + 3


def test_chances_that_moved_are_stored_and_are_not_a_change(store: Store) -> None:
    campaign = new_campaign(store, 3)
    settled = replace(final(campaign, 0, 1), source=LabelSource.POSTERIOR, chances=(0.91,))
    other = replace(final(campaign, 1, 1), source=LabelSource.POSTERIOR, chances=(0.92,))
    release(campaign, [settled, other])
    moved = replace(settled, chances=(0.93,))
    second = release(campaign, [moved, replace(other, source=LabelSource.AGREED, chances=()), final(campaign, 2, 1)])
    assert (second.n_added, second.n_changed, second.n_removed) == (1, 1, 0)
    assert read(campaign, 1)[0] == (path_of(0), settled)
    assert read(campaign, 2)[0] == (path_of(0), moved)


def test_another_reason_or_relation_is_a_change_and_another_annotator_who_agrees_is_not(store: Store) -> None:
    campaign = new_campaign(store, 3)
    ada = campaign.person("Ada")
    first = [replace(final(campaign, 0), reason=EmptyReason.UNUSABLE), final(campaign, 1, 1, 2), final(campaign, 2, 1)]
    release(campaign, first)
    second = [
        replace(first[0], reason=EmptyReason.OTHER, reason_note="a map"),
        replace(first[1], relation=Relation.BOTH),
        replace(first[2], decided_by=(ada.id,)),
    ]
    assert release(campaign, second).n_changed == 2
    assert [labels for _, labels in read(campaign, 2)] == second


def test_any_release_can_be_read_back(store: Store) -> None:
    campaign = new_campaign(store, 2)
    one, two = final(campaign, 0, 1), final(campaign, 1, 2)
    release(campaign, [one, two])
    release(campaign, [one])
    release(campaign, [one, replace(two, labels=(3,))])
    assert read(campaign, 1) == [(path_of(0), one), (path_of(1), two)]
    assert read(campaign, 2) == [(path_of(0), one)]
    assert read(campaign, 3) == [(path_of(0), one), (path_of(1), replace(two, labels=(3,)))]
    with store.reading() as c:
        assert releases.of_image(c, campaign.image(1)) == [(3, replace(two, labels=(3,))), (2, None), (1, two)]


def test_releases_are_listed_newest_first(store: Store) -> None:
    campaign = new_campaign(store, 1)
    made = [release(campaign, []), release(campaign, [final(campaign, 0, 1)])]
    with store.reading() as c:
        assert releases.all_releases(c, campaign.dataset) == made[::-1]
        assert releases.latest(c, campaign.dataset) == made[1]


def test_a_release_that_is_not_there_is_named(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.reading() as c, pytest.raises(UnknownRelease, match="no release of final labels yet"):
        list(releases.labels_of(c, campaign.dataset, 1))
    release(campaign, [])
    with store.reading() as c, pytest.raises(UnknownRelease, match="no release 2: the numbers run from 1 to 1"):
        list(releases.labels_of(c, campaign.dataset, 2))


def test_releases_of_two_datasets_do_not_mix(store: Store) -> None:
    one, two = new_campaign(store, 1, name="one"), new_campaign(store, 1, name="two")
    release(one, [final(one, 0, 1)])
    release(two, [final(two, 0, 2)])
    assert read(two, 1) == [(path_of(0), final(two, 0, 2))]


def test_more_images_than_a_chunk_are_read_back_in_order(store: Store) -> None:
    campaign = new_campaign(store, 2 * releases.CHUNK + 1)
    with store.reading() as c:
        finals = [FinalLabels(image.id, (0,), LabelSource.AGREED) for image in images.iterate(c, campaign.dataset)]
    release(campaign, finals[::-1])
    assert [final for _, final in read(campaign, 1)] == finals


def test_images_are_found_by_what_their_newest_release_says(store: Store) -> None:
    campaign = new_campaign(store, 3)
    empty = replace(final(campaign, 1), reason=EmptyReason.UNUSABLE)
    release(campaign, [final(campaign, 0, 2, 12), final(campaign, 1, 1), final(campaign, 2, 1)])
    release(campaign, [final(campaign, 0, 2, 12), empty])
    assert found(campaign, ImageFilter(n_labels=2)) == [path_of(0)]
    assert found(campaign, ImageFilter(n_labels=1)) == []
    assert [found(campaign, ImageFilter(final_label=label)) for label in (2, 12, 1)] == [[path_of(0)], [path_of(0)], []]
    assert found(campaign, ImageFilter(n_labels=0, reason=EmptyReason.UNUSABLE, state=ImageState.OPEN)) == [path_of(1)]


def final(campaign: Campaign, number: int, *labels: int) -> FinalLabels:
    return FinalLabels(campaign.image(number), labels, LabelSource.AGREED)


def release(campaign: Campaign, finals: Sequence[FinalLabels], n_unresolved: int = 0) -> Release:
    with campaign.store.writing() as c:
        return releases.add(c, campaign.dataset, finals, n_unresolved, NOW)


def read(campaign: Campaign, number: int) -> list[tuple[str, FinalLabels]]:
    with campaign.store.reading() as c:
        return list(releases.labels_of(c, campaign.dataset, number))


def found(campaign: Campaign, wanted: ImageFilter) -> list[str]:
    with campaign.store.reading() as c:
        return [image.path for image in gallery.page(c, campaign.dataset, wanted)]


def n_rows(store: Store) -> int:
    with store.reading() as c:
        return int(c.execute(select(func.count()).select_from(final_labels)).scalar_one())
