"""Twenty people at once, on both databases: no image beyond its overlap, none twice to one person, no answer lost or doubled."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from tests.store.campaigns import NOW, Campaign, add_images, new_campaign

from multilabelfy.annotation.model import Annotation, Annotator, Role
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.store import people
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images

N_PEOPLE = 20


def test_twenty_at_once_never_exceed_the_overlap(store: Store) -> None:
    campaign = new_campaign(store, 40, overlap=2)
    everyone = [campaign.person(f"person {number}") for number in range(N_PEOPLE)]
    answered: list[tuple[Annotator, ImageId]] = []

    def work(person: Annotator) -> None:
        while handed := campaign.hand_out(person, 2):
            for held in handed:
                campaign.submit(held, 1)
                answered.append((person, held.image))

    at_once([lambda person=person: work(person) for person in everyone])  # type: ignore[misc]
    assert max(Counter(answered).values()) == 1, "nobody is given an image twice"
    assert Counter(Counter(image for _, image in answered).values()) == {2: 40}, "each image is answered by two, none by three"
    assert_as_logged(campaign, n_answers=80)


def test_twenty_that_hold_without_answering_never_exceed_the_overlap(store: Store) -> None:
    campaign = new_campaign(store, 5, overlap=3)
    everyone = [campaign.person(f"person {number}") for number in range(N_PEOPLE)]
    held: list[ImageId] = []
    at_once([lambda person=person: held.extend(x.image for x in campaign.hand_out(person, 3)) for person in everyone])  # type: ignore[misc]
    assert Counter(Counter(held).values()) == {3: 5}
    assert_as_logged(campaign, n_answers=0)


def test_an_answer_that_is_sent_many_times_at_once_is_applied_once(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    replies: list[Annotation] = []
    at_once([lambda: replies.append(campaign.submit(held, 1, client_id="once"))] * 8)
    assert len(replies) == 8
    assert len(set(map(repr, replies))) == 1
    assert_as_logged(campaign, n_answers=1)


def test_two_imports_at_once_add_each_image_once(store: Store) -> None:
    campaign = new_campaign(store, 0)

    def add() -> None:
        with store.writing() as c:
            add_images(c, campaign.dataset, range(300))

    at_once([add] * 4)
    with store.reading() as c:
        stored = list(images.iterate(c, campaign.dataset))
        assert [image.place for image in stored] == list(range(300))
        assert images.counts(c, campaign.dataset)[ImageState.OPEN] == 300


def test_who_looks_for_a_name_before_adding_it_adds_it_once_however_many_want_it(store: Store) -> None:
    def join() -> None:
        with store.writing() as c:
            if not people.named(c, "Ada"):
                people.add(c, "Ada", Role.ANNOTATOR, NOW)

    at_once([join] * 6)
    with store.reading() as c:
        assert [person.name for person in people.everyone(c)] == ["Ada"]


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Run all of these on threads that start together; a failure of one fails the test."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def assert_as_logged(campaign: Campaign, n_answers: int) -> None:
    with campaign.store.reading() as c:
        assert len(list(annotations.iterate_latest(c, campaign.dataset))) == n_answers
        assert rebuild.stored_summaries(c, campaign.dataset) == rebuild.recomputed(c, campaign.dataset)
