"""What was said stays said: answers are appended, sent twice they count once, and late ones are kept."""

from dataclasses import replace

import pytest
from tests.databases import only_sqlite
from tests.store.campaigns import NOW, SCREEN, after, answer, new_campaign

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Outcome, Relation, Role, Task, UnfitReason, Vote
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import AnswerIdUsed, InvalidInput
from multilabelfy.proposals.model import Candidate
from multilabelfy.store import people
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import assignments, leases, surplus


def test_an_answer_is_read_back_exactly_as_it_was_given(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    screen = replace(
        SCREEN,
        candidates=(Candidate(4, "given"), Candidate(2, "model", 7)),
        opened_at=(None,),
        exemplars={4: ("a", "b"), 2: ()},
        protocol_version=3,
        guidelines_version=2,
        search_used=True,
    )
    said = replace(
        answer(held, 2, client_id="x" * 64),
        answers={4: Vote.MAYBE, 2: Vote.YES},
        screen=screen,
        unprompted=(5,),
        relation=Relation.BOTH,
        unsure_between=(2, 4),
        missing_label="okapi",
        unfit_reason=UnfitReason.POOR,
        note="näh – “ja”\n😀",
        present_ms=1234,
    )
    with store.writing() as c:
        assert annotations.append(c, said, assignment=held.id) == said
    with store.reading() as c:
        assert annotations.history(c, held.image) == [said]
        bare = replace(said, screen=replace(screen, exemplars={}))
        assert list(annotations.iterate_counting(c, campaign.dataset)) == [(held.image, [bare])]


def test_an_answer_sent_twice_is_stored_once(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    first = campaign.submit(held, 1, client_id="once")
    assert campaign.submit(held, 1, client_id="once", now=after(1)) == first
    with pytest.raises(AnswerIdUsed):  # it is neither stored nor taken for stored
        campaign.submit(held, 2, client_id="once", now=after(1))
    with store.reading() as c:
        assert annotations.history(c, held.image) == [first]
        assert images.get(c, held.image).n_answers == 1


def test_a_revision_is_appended_and_the_earlier_answer_stays(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    first = campaign.submit(held, 1, client_id="first")
    second = campaign.submit(held, 2, 3, client_id="second", now=after(5))
    assert (first.revision, second.revision) == (1, 2)
    with store.reading() as c:
        assert annotations.history(c, held.image) == [first, second]
        assert annotations.latest_of_image(c, held.image) == [second]
        assert images.get(c, held.image).n_answers == 1


def test_a_late_answer_beyond_the_overlap_is_kept_and_marked_surplus(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    (late,) = campaign.hand_out(campaign.person("Ada"))
    (taken,) = campaign.hand_out(campaign.person("Bob"), now=after(31))
    in_time = campaign.submit(taken, 1, now=after(32))
    surplus = campaign.submit(late, 2, now=after(33))
    assert (in_time.surplus, surplus.surplus) == (False, True)
    assert campaign.submit(late, 3, client_id="revised", now=after(34)).surplus
    with store.reading() as c:
        assert [x.surplus for x in annotations.latest_of_image(c, late.image)] == [False, True]
        assert images.get(c, late.image).n_answers == 1


@only_sqlite("store")
def test_a_late_answer_counts_while_nobody_holds_its_place(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    (late,) = campaign.hand_out(campaign.person("Ada"))
    with store.writing() as c:
        assert leases.return_expired(c, campaign.dataset, after(31)) == [late.image]
    assert not campaign.submit(late, 1, now=after(32)).surplus


@only_sqlite("store")
def test_an_answer_after_its_lease_went_to_someone_else_is_surplus_and_theirs_counts(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    (late,) = campaign.hand_out(campaign.person("Ada"))
    (taken,) = campaign.hand_out(campaign.person("Bob"), now=after(31))
    assert campaign.submit(late, 1, now=after(32)).surplus
    assert not campaign.submit(taken, 2, now=after(33)).surplus
    with store.reading() as c:
        assert images.get(c, late.image).n_answers == 1


@only_sqlite("store")
def test_a_surplus_answer_counts_once_its_place_comes_free_without_an_answer(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    (late,) = campaign.hand_out(campaign.person("Ada"))
    campaign.hand_out(campaign.person("Bob"), now=after(31))
    campaign.submit(late, 1, client_id="first", now=after(32))
    campaign.submit(late, 2, client_id="revised", now=after(33))
    with store.writing() as c:
        freed = leases.return_expired(c, campaign.dataset, after(62))
        assert surplus.count_waiting(c, freed, 1) == [late.image]
        assert [said.surplus for said in annotations.history(c, late.image)] == [False, False]
        assert images.get(c, late.image).n_answers == 1
        assert rebuild.stored_summaries(c, campaign.dataset) == rebuild.recomputed(c, campaign.dataset)


@only_sqlite("store")
def test_of_two_surplus_answers_the_older_takes_the_only_free_place(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=1)
    (first,) = campaign.hand_out(campaign.person("Ada"))
    (second,) = campaign.hand_out(campaign.person("Bob"), now=after(31))
    (holder,) = campaign.hand_out(campaign.person("Cy"), now=after(62))
    campaign.submit(second, 1, now=after(63))
    campaign.submit(first, 1, now=after(64))
    with store.writing() as c:
        freed = assignments.leave_for_later(c, holder.id)
        assert surplus.count_waiting(c, freed, 1) == [first.image]
        assert [(said.annotator, said.surplus) for said in annotations.latest_of_image(c, first.image)] == [
            (second.annotator, False),
            (first.annotator, True),
        ]


@only_sqlite("store")
def test_who_holds_an_image_keeps_their_place_when_the_overlap_is_lowered_until_all_are_counted(store: Store) -> None:
    campaign = new_campaign(store, 1, overlap=2)
    (of_ada,) = campaign.hand_out(campaign.person("Ada"))
    (of_bob,) = campaign.hand_out(campaign.person("Bob"))
    with store.writing() as c:
        datasets.set_protocol(c, campaign.dataset, replace(PAPER, overlap=1), after(1))
    assert not campaign.submit(of_ada, 1, now=after(2)).surplus
    assert campaign.submit(of_bob, 1, now=after(3)).surplus


@only_sqlite("store")
def test_an_answer_closes_its_assignment_and_its_lease(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    campaign.submit(held, 1, now=after(3))
    with store.reading() as c:
        closed = assignments.get(c, held.id)
        assert (closed.state, closed.answered_at) == (AssignmentState.ANSWERED, after(3))
        assert images.get(c, held.image).n_leases == 0


@only_sqlite("store")
def test_an_answer_to_another_persons_assignment_is_refused(store: Store) -> None:
    campaign = new_campaign(store, 1)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    (of_ada,), (of_bob,) = campaign.hand_out(ada), campaign.hand_out(bob)
    with pytest.raises(InvalidInput, match="person"), store.writing() as c:
        annotations.append(c, answer(of_ada, 1, client_id="a"), assignment=of_bob.id)


def test_an_id_that_another_answer_has_is_refused(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (of_ada,) = campaign.hand_out(campaign.person("Ada"))
    (of_bob,) = campaign.hand_out(campaign.person("Bob"))
    campaign.submit(of_ada, 1, client_id="same")
    with pytest.raises(AnswerIdUsed):
        campaign.submit(of_bob, 1, client_id="same")


@only_sqlite("store")
def test_a_revision_after_refinement_is_kept_and_flagged(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    campaign.submit(held, 1, client_id="before")
    with store.writing() as c:
        images.set_state(c, held.image, ImageState.REFINED)
    revised = campaign.submit(held, 2, client_id="after")
    with store.reading() as c:
        assert annotations.after_refinement(c, campaign.dataset) == [revised]


def test_all_standing_answers_come_image_by_image(store: Store) -> None:
    campaign = new_campaign(store, 3)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    handed = campaign.hand_out(ada, 3)
    last = campaign.submit(handed[2], 1)
    campaign.submit(handed[0], 1)
    revised = campaign.submit(handed[0], 2, client_id="revised")
    others = campaign.submit(campaign.hand_out(bob)[0], 3)
    with store.reading() as c:
        assert list(annotations.iterate_latest(c, campaign.dataset, chunk=2)) == [revised, others, last]


def test_answers_with_a_note_or_a_missing_label_are_listed_newest_first(store: Store) -> None:
    campaign = new_campaign(store, 3)
    with_note, silent, with_missing_label = campaign.hand_out(campaign.person("Ada"), 3)
    with store.writing() as c:
        annotations.append(c, replace(answer(with_note, 1, client_id="n"), note="blurred"), assignment=with_note.id)
        annotations.append(c, answer(silent, 1, client_id="s"), assignment=silent.id)
        said = replace(answer(with_missing_label, 1, client_id="m"), missing_label="okapi")
        annotations.append(c, said, assignment=with_missing_label.id)
    with store.reading() as c:
        (newer, first), (older, second) = annotations.notes(c, campaign.dataset)
        assert (first.missing_label, second.note) == ("okapi", "blurred")
        assert annotations.notes(c, campaign.dataset, 10, after=newer) == [(older, second)]


def test_effort_counts_images_once_and_time_always(store: Store) -> None:
    campaign = new_campaign(store, 2)
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    for held in campaign.hand_out(ada, 2):
        campaign.submit(held, 1)
        campaign.submit(held, 2, client_id=f"again{held.id}")
    campaign.submit(campaign.hand_out(bob)[0])
    with store.reading() as c:
        assert annotations.effort(c, campaign.dataset) == [(ada.id, 2, 4000), (bob.id, 1, 1000)]


@only_sqlite("store")
def test_an_outcome_without_labels_is_kept_apart_from_an_empty_list(store: Store) -> None:
    campaign = new_campaign(store, 1)
    (held,) = campaign.hand_out(campaign.person("Ada"))
    with store.writing() as c:
        said = replace(answer(held, client_id="u"), outcome=Outcome.CANNOT_TELL)
        assert annotations.append(c, said, assignment=held.id).outcome is Outcome.CANNOT_TELL


@only_sqlite("store")
def test_a_persons_name_can_be_erased_and_the_answers_stay(store: Store) -> None:
    campaign = new_campaign(store, 1)
    ada = campaign.person("Ada", Role.ANNOTATOR)
    said = campaign.submit(campaign.hand_out(ada)[0], 1)
    with store.writing() as c:
        people.erase(c, ada.id, NOW)
    with store.reading() as c:
        assert annotations.latest_of(c, said.image, ada.id) == said
        assert assignments.counts_of(c, ada.id, campaign.dataset, Task.ANNOTATE) == (1, 0, 0)
        assert said.submitted_at == NOW
