"""Who is given which image: never too often, never twice, and nothing is lost when somebody leaves."""

from dataclasses import replace

import pytest
from tests.databases import only_sqlite
from tests.store.campaigns import LEASE, NOW, Campaign, after, new_campaign

from multilabelfy.annotation.model import Annotator, AssignmentId, Role, Task
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.errors import UnknownImage
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import assignments, handing_out, leases
from multilabelfy.store.handing_out.assignments import Available


@only_sqlite("store")
def test_two_people_are_given_the_same_first_images(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=2)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    assert given(campaign, ada, 2) == given(campaign, bob, 2) == [campaign.image(0), campaign.image(1)]


@only_sqlite("store")
def test_a_third_person_is_given_what_the_first_two_do_not_have(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=2)
    for name in ("Ada", "Bob"):
        campaign.hand_out(campaign.person(name), 2)
    assert given(campaign, campaign.person("Cem"), 2) == [campaign.image(2)]


@only_sqlite("store")
def test_asking_again_gives_what_one_holds_and_renews_it(store: Store) -> None:
    campaign = new_campaign(store, 5)
    ada = campaign.person("Ada")
    first = campaign.hand_out(ada, 2)
    again = campaign.hand_out(ada, 3, now=after(20))
    assert [x.id for x in again[:2]] == [x.id for x in first]
    assert {x.expires_at for x in again} == {after(20) + LEASE}


@only_sqlite("store")
def test_nobody_is_given_an_image_twice(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=2)
    ada = campaign.person("Ada")
    for assignment in campaign.hand_out(ada, 2):
        campaign.submit(assignment, 1)
    assert given(campaign, ada, 2) == []


@only_sqlite("store")
def test_an_abandoned_image_returns_to_the_queue(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    campaign.hand_out(ada)
    assert given(campaign, bob, now=after(29)) == []
    assert given(campaign, bob, now=after(30)) == [campaign.image(0)]


def test_an_abandoned_image_comes_back_to_its_person_under_the_same_number(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=1)
    ada = campaign.person("Ada")
    (first,) = campaign.hand_out(ada)
    (again,) = campaign.hand_out(ada, now=after(60))
    assert (again.id, again.image, again.handed_at) == (first.id, first.image, after(60))


@only_sqlite("store")
def test_what_was_left_for_later_goes_to_others_meanwhile(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    leave(campaign, campaign.hand_out(ada)[0].id)
    assert given(campaign, bob) == [campaign.image(0)]


@only_sqlite("store")
def test_what_was_left_for_later_comes_back_before_the_end(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=1)
    ada = campaign.person("Ada")
    leave(campaign, campaign.hand_out(ada)[0].id)
    order = []
    while handed := campaign.hand_out(ada):
        order.append(handed[0].image)
        campaign.submit(handed[0], 1)
    assert order == [campaign.image(1), campaign.image(2), campaign.image(0)]


@only_sqlite("store")
def test_what_was_left_for_later_does_not_come_back_once_others_answered_it(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    leave(campaign, campaign.hand_out(ada)[0].id)
    campaign.submit(campaign.hand_out(bob)[0], 1)
    assert given(campaign, ada) == []
    assert counts(campaign, ada) == (0, 0, 0)


@only_sqlite("store")
def test_a_paused_dataset_gives_nothing_and_goes_on_afterwards(store: Store) -> None:
    campaign = new_campaign(store, 2)
    ada = campaign.person("Ada")
    (held,) = campaign.hand_out(ada)
    pause(campaign, True)
    assert given(campaign, ada) == []
    campaign.submit(held, 1)
    pause(campaign, False)
    assert given(campaign, ada) == [campaign.image(1)]


@only_sqlite("store")
def test_images_that_become_available_behind_a_persons_cursor_are_given(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=1)
    ada = campaign.person("Ada")
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.UNPROPOSED)
    for assignment in campaign.hand_out(ada, 3):
        campaign.submit(assignment, 1)
    assert given(campaign, ada) == []
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.OPEN)
    assert given(campaign, ada) == [campaign.image(0)]


@only_sqlite("store")
def test_a_larger_overlap_opens_what_everybody_has_passed(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    campaign.submit(campaign.hand_out(ada)[0], 1)
    assert given(campaign, bob) == []
    with store.writing() as c:
        protocol = datasets.get(c, campaign.dataset).protocol
        datasets.set_protocol(c, campaign.dataset, type(protocol)(preset="paper", overlap=2), NOW)
    wider = Campaign(store, campaign.dataset, overlap=2)
    assert given(wider, bob) == [campaign.image(0)]


def test_a_new_order_of_the_queue_holds_for_everybody(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    campaign.hand_out(ada)
    with store.writing() as c:
        images.set_queue_places(c, campaign.dataset, [(campaign.image(2), -1.0)])
    assert given(campaign, bob) == [campaign.image(2)]


def test_an_assignment_names_the_policy_that_moved_its_image_in_the_queue(store: Store) -> None:
    campaign = new_campaign(store, 3, overlap=1)
    ada, expert = campaign.person("Ada"), campaign.person("Eve", Role.EXPERT)
    with store.writing() as c:
        images.set_queue_places(c, campaign.dataset, [(campaign.image(2), -1.0)], policy="suspects:loss")
        images.set_state(c, campaign.image(0), ImageState.DISPUTED)
    assert [(one.image, one.policy) for one in campaign.hand_out(ada, n=2)] == [
        (campaign.image(2), "suspects:loss"),
        (campaign.image(1), handing_out.FIXED_OVERLAP),
    ]
    assert [one.policy for one in campaign.hand_out(expert, task=Task.REFINE)] == [handing_out.FIXED_OVERLAP]
    with store.reading() as c:
        assert [image.id for image in images.moved_in_queue(c, campaign.dataset, "suspects:")] == [campaign.image(2)]


@only_sqlite("store")
def test_a_late_answer_takes_nothing_from_who_holds_the_image_now(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    (late,) = campaign.hand_out(ada)
    campaign.hand_out(bob, now=after(31))
    campaign.submit(late, 1, now=after(32))
    assert given(campaign, bob, now=after(33)) == [campaign.image(0)]


@only_sqlite("store")
def test_what_others_have_completed_is_taken_from_its_holder(store: Store) -> None:
    campaign = new_campaign(store, 2, overlap=2)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    (of_ada,) = campaign.hand_out(ada)
    campaign.hand_out(bob)
    campaign.submit(of_ada, 1)
    now_one = replace(campaign, overlap=1)
    assert given(now_one, bob, now=after(1)) == [campaign.image(1)]


@only_sqlite("store")
def test_a_lapsed_assignment_can_be_held_again_while_its_image_is_wanted(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    (lapsed,) = campaign.hand_out(ada)
    with store.writing() as c:
        assert leases.return_expired(c, campaign.dataset, after(31)) == [lapsed.image]
        assert assignments.reclaim(c, lapsed.id, overlap=1, now=after(31), lease=LEASE)
    assert given(campaign, bob, now=after(32)) == []
    assert given(campaign, bob, now=after(62)) == [campaign.image(0)]
    with store.writing() as c:
        assert not assignments.reclaim(c, lapsed.id, overlap=1, now=after(63), lease=LEASE)


@only_sqlite("store")
def test_a_lease_that_is_nearly_as_long_as_a_new_one_is_not_written_anew(store: Store) -> None:
    campaign = new_campaign(store, 1)
    ada = campaign.person("Ada")
    (held,) = campaign.hand_out(ada)
    assert [each.expires_at for each in campaign.hand_out(ada, now=after(3))] == [held.expires_at]
    assert [each.expires_at for each in campaign.hand_out(ada, now=after(4))] == [after(4) + LEASE]
    with store.reading() as c:
        assert assignments.get(c, held.id).expires_at == after(4) + LEASE


def test_a_renewed_lease_holds_longer(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    (held,) = campaign.hand_out(ada)
    with store.writing() as c:
        leases.extend(c, [held.id], after(25) + LEASE)
    assert given(campaign, bob, now=after(50)) == []


def test_the_way_back_goes_over_ones_own_answers_newest_first(store: Store) -> None:
    campaign = new_campaign(store, 3)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    handed = campaign.hand_out(ada, 3)
    campaign.submit(campaign.hand_out(bob)[0], 1)
    for minutes, assignment in enumerate((handed[1], handed[0])):
        campaign.submit(assignment, 1, now=after(minutes))
    with store.reading() as c:
        way = (ada.id, campaign.dataset, Task.ANNOTATE)
        last = assignments.previous(c, *way, handed[2].id)
        assert last is not None
        assert last.image == handed[0].image
        before = assignments.previous(c, *way, last.id)
        assert before is not None
        assert before.image == handed[1].image
        assert assignments.previous(c, *way, before.id) is None
        assert assignments.next_after(c, *way, before.id) == last
        assert assignments.next_after(c, *way, last.id) is None


def test_it_is_told_what_waits_and_what_others_hold(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    assert available(campaign, bob) == Available(now=True, n_later=0, held_by_others=False)
    (held,) = campaign.hand_out(ada)
    assert available(campaign, bob) == Available(now=False, n_later=0, held_by_others=True)
    leave(campaign, held.id)
    assert available(campaign, ada) == Available(now=False, n_later=1, held_by_others=False)
    campaign.submit(held, 1)
    assert available(campaign, bob) == Available(now=False, n_later=0, held_by_others=False)


def test_a_persons_figures_count_answers_holdings_and_what_is_left_for_later(store: Store) -> None:
    campaign = new_campaign(store, 5)
    ada = campaign.person("Ada")
    one, two, _ = campaign.hand_out(ada, 3)
    campaign.submit(one, 1)
    leave(campaign, two.id)
    assert counts(campaign, ada) == (1, 1, 1)


def test_experts_get_disputed_images_most_urgent_first(store: Store) -> None:
    campaign = new_campaign(store, 3)
    expert = campaign.person("Eva", Role.EXPERT)
    with store.writing() as c:
        for number, triage in enumerate((0.1, 0.9, 0.5)):
            images.set_state(c, campaign.image(number), ImageState.DISPUTED)
            images.set_triage(c, campaign.image(number), triage)
    assert given(campaign, expert, 3, task=Task.REFINE) == [campaign.image(1), campaign.image(2), campaign.image(0)]


@only_sqlite("store")
def test_an_expert_never_refines_an_image_that_they_annotated(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    expert, other = campaign.person("Eva", Role.EXPERT), campaign.person("Fay", Role.EXPERT)
    campaign.submit(campaign.hand_out(expert)[0], 1)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.DISPUTED)
    assert given(campaign, expert, task=Task.REFINE) == []
    assert given(campaign, other, task=Task.REFINE) == [campaign.image(0)]


@only_sqlite("store")
def test_one_disputed_image_goes_to_one_expert_until_the_lease_lapses(store: Store) -> None:
    campaign = new_campaign(store, 1)
    eva, fay = campaign.person("Eva", Role.EXPERT), campaign.person("Fay", Role.EXPERT)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.DISPUTED)
    campaign.hand_out(eva, task=Task.REFINE)
    assert given(campaign, fay, task=Task.REFINE) == []
    assert given(campaign, fay, task=Task.REFINE, now=after(31)) == [campaign.image(0)]


@only_sqlite("store")
def test_a_decided_image_that_is_reopened_may_go_to_its_expert_again(store: Store) -> None:
    campaign = new_campaign(store, 1)
    eva = campaign.person("Eva", Role.EXPERT)
    with store.writing() as c:
        images.set_state(c, campaign.image(0), ImageState.DISPUTED)
    (held,) = campaign.hand_out(eva, task=Task.REFINE)
    with store.writing() as c:
        leases.answer(c, assignments.get(c, held.id), NOW)
    assert given(campaign, eva, task=Task.REFINE) == []
    with store.writing() as c:
        assignments.reopen(c, campaign.image(0), Task.REFINE)
    assert given(campaign, eva, task=Task.REFINE) == [campaign.image(0)]


def test_experts_may_ask_for_some_images_only(store: Store) -> None:
    campaign = new_campaign(store, 2)
    eva = campaign.person("Eva", Role.EXPERT)
    with store.writing() as c:
        for number in range(2):
            images.set_state(c, campaign.image(number), ImageState.DISPUTED)
        asked = {"task": Task.REFINE, "n": 5, "overlap": 1, "now": NOW, "lease": LEASE, "among": [campaign.image(1)]}
        handed = handing_out.hand_out(c, campaign.dataset, eva.id, **asked)  # type: ignore[arg-type]
    assert [x.image for x in handed] == [campaign.image(1)]


@only_sqlite("store")
def test_an_unknown_assignment_is_named(store: Store) -> None:
    with store.reading() as c, pytest.raises(UnknownImage, match="no assignment number 7"):
        assignments.get(c, AssignmentId(7))


def given(campaign: Campaign, person: Annotator, n: int = 1, **options: object) -> list[ImageId]:
    return [assignment.image for assignment in campaign.hand_out(person, n, **options)]  # type: ignore[arg-type]


def leave(campaign: Campaign, assignment: AssignmentId) -> None:
    with campaign.store.writing() as c:
        assignments.leave_for_later(c, assignment)


def pause(campaign: Campaign, paused: bool) -> None:
    with campaign.store.writing() as c:
        datasets.set_paused(c, campaign.dataset, paused)


def counts(campaign: Campaign, person: Annotator) -> tuple[int, int, int]:
    with campaign.store.reading() as c:
        return assignments.counts_of(c, person.id, campaign.dataset, Task.ANNOTATE)


def available(campaign: Campaign, person: Annotator) -> Available:
    with campaign.store.reading() as c:
        return assignments.available(c, campaign.dataset, person.id, Task.ANNOTATE, campaign.overlap)
