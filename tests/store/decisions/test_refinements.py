"""Experts' decisions: a blind answer and its reveal, and what stands."""

import pytest
from tests.deciding import append_decision, latest_of_image
from tests.store.campaigns import NOW, Campaign, after, new_campaign

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import Annotator, Relation, Role, Task, Vote
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import AnswerIdUsed, InvalidInput
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import refinements
from multilabelfy.store.handing_out import assignments


@pytest.fixture
def campaign(store: Store) -> Campaign:
    made = new_campaign(store, 2)
    with store.writing() as c:
        for number in range(2):
            images.set_state(c, made.image(number), ImageState.DISPUTED)
    return made


@pytest.fixture
def expert(campaign: Campaign) -> Annotator:
    return campaign.person("Eva", Role.EXPERT)


def test_a_decision_is_read_back_exactly_as_it_was_made(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    decision = decided(
        held,
        "d",
        {},
        reason=EmptyReason.OTHER,
        reason_note="a drawing",
        relation=Relation.SEVERAL_NAMES,
        note="hm",
        answer_blind={3: Vote.MAYBE, 1: Vote.YES},
        present_ms=77,
    )
    assert decide(campaign, held, decision) == decision
    with campaign.store.reading() as c:
        assert refinements.history(c, held.image) == [decision]


def test_a_blind_answer_waits_for_its_reveal(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    blind = decide(campaign, held, decided(held, "blind", None, answer_blind={1: Vote.YES}))
    with campaign.store.reading() as c:
        assert latest_of_image(c, held.image) is None
        assert refinements.latest_of(c, held.image, expert.id) == blind
        assert assignments.get(c, held.id).state is AssignmentState.OPEN
    revealed = decide(campaign, held, decided(held, "revealed", {2: Vote.YES}, answer_blind={1: Vote.YES}))
    with campaign.store.reading() as c:
        assert latest_of_image(c, held.image) == revealed
        assert assignments.get(c, held.id).state is AssignmentState.ANSWERED
        assert assignments.counts_of(c, expert.id, campaign.dataset, Task.REFINE) == (1, 0, 0)


def test_a_decision_sent_twice_is_stored_once(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    first = decide(campaign, held, decided(held, "same", {1: Vote.YES}))
    assert decide(campaign, held, decided(held, "same", {2: Vote.YES})) == first
    with campaign.store.reading() as c:
        assert refinements.history(c, held.image) == [first]


def test_a_revised_decision_stands_and_the_earlier_one_stays(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    first = decide(campaign, held, decided(held, "first", {1: Vote.YES}))
    second = decide(campaign, held, decided(held, "second", {2: Vote.YES}))
    assert (first.revision, second.revision) == (1, 2)
    with campaign.store.reading() as c:
        assert refinements.history(c, held.image) == [first, second]
        assert list(refinements.iterate_standing(c, campaign.dataset)) == [(held.image, [second])]
        assert assignments.counts_of(c, expert.id, campaign.dataset, Task.REFINE) == (1, 0, 0)


def test_decisions_come_in_the_order_of_the_import(campaign: Campaign, expert: Annotator) -> None:
    one, two = campaign.hand_out(expert, 2, task=Task.REFINE)
    later = decide(campaign, two, decided(two, "two", {1: Vote.YES}))
    sooner = decide(campaign, one, decided(one, "one", {}, reason=EmptyReason.UNUSABLE))
    with campaign.store.reading() as c:
        assert list(refinements.iterate_standing(c, campaign.dataset, chunk=1)) == [(one.image, [sooner]), (two.image, [later])]


def test_a_decision_of_another_expert_is_refused(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    (other,) = campaign.hand_out(campaign.person("Fay", Role.EXPERT), task=Task.REFINE)
    with pytest.raises(InvalidInput, match="assignment"):
        decide(campaign, held, decided(other, "x", {1: Vote.YES}))


def test_an_id_belongs_to_annotations_and_decisions_apart(campaign: Campaign, expert: Annotator) -> None:
    (held,) = campaign.hand_out(expert, task=Task.REFINE)
    decide(campaign, held, decided(held, "a1", {1: Vote.YES}))
    (other,) = campaign.hand_out(expert, task=Task.REFINE)
    with pytest.raises(AnswerIdUsed):
        decide(campaign, other, decided(other, "a1", {1: Vote.YES}))


def decided(held: Assignment, client_id: str, answer: dict[int, Vote] | None, **said: object) -> Refinement:
    keys = {"client_id": client_id, "image": held.image, "expert": held.annotator, "submitted_at": after(1) if client_id else NOW}
    return Refinement(**{**keys, "before": (1, 3), "shown": (3, 1), "answer_blind": None, "answer_revealed": answer, **said})  # type: ignore[arg-type]


def decide(campaign: Campaign, held: Assignment, decision: Refinement) -> Refinement:
    with campaign.store.writing() as c:
        return append_decision(c, decision, dataset=campaign.dataset, assignment=held.id)
