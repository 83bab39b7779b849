"""Stage 4 over a stored study: which case an expert gets, what may be seen, and what a decision does, in both styles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.deciding import latest_of_image
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Annotator, Outcome, Role, Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import AnswerIdUsed, AnswerRefused, NotAllowed, UnknownLabel
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.image_filter import CaseFilter
from multilabelfy.refinement.model import EmptyReason, LabelSource
from multilabelfy.store.dataset import datasets
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.workflows.refining.cases import Case, Stage
from multilabelfy.workflows.refining.desk import ExpertDesk, beside, decide, leave_for_later, next_work, open_case, reopen
from multilabelfy.workflows.releasing.resolve import resolve

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


@pytest.fixture
def blind_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, protocol=replace(BLIND, two_expert_share=0.0, audit_share=0.0))
    yield ready
    ready.workspace.close()


def expert(study: Study, name: str = "Eve") -> Annotator:
    """An expert of this name."""
    return person(study, name, Role.EXPERT)


def case(study: Study, who: str = "Eve", label: int | None = None) -> Case:
    """The case that this expert is handed."""
    work = next_work(study.workspace, "pilot", expert(study, who), NOW, wanted=CaseFilter(label=label))
    assert work.case is not None, work.desk
    return work.case


def dispute(study: Study, image: int, first: set[int], second: set[int]) -> None:
    """Ada and Bob answer an image."""
    answer(study, "Ada", image, sorted(first))
    answer(study, "Bob", image, sorted(second))


def say(study: Study, found: Case, *labels: int, id: str = "decision-1", who: str = "Eve", reason: EmptyReason | None = None) -> bool:
    """The expert decides; returns whether the decision stands."""
    decision = Decision(client_id=id, chosen=frozenset(labels), reason=reason)
    return decide(study.workspace, "pilot", expert(study, who), found.assignment, decision, LATER).is_decided


def test_the_open_style_starts_from_the_union_with_votes_and_notes_in_view(study: Study) -> None:
    answer(study, "Ada", 0, [0, 1], note="two cats?")
    answer(study, "Bob", 0, [0])
    found = case(study)
    assert found.ticked == {0, 1}
    assert [option.label.index for option in found.shown] == [1, 0]  # the disputed one first
    assert found.disputed == {1}
    assert (found.tallies[1].n_yes, found.tallies[1].n_no) == (1, 1)
    assert [said.note for said in found.annotations] == ["two cats?", ""]


def test_a_decision_refines_the_image_and_the_next_release_has_it(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    assert say(study, case(study), 1, 7)
    assert state_of(study, 0) is ImageState.REFINED
    resolve(study.workspace, "pilot", LATER)
    with study.workspace.store.reading() as c:
        [(_, final)] = releases.labels_of(c, study.dataset.id, 1)
    assert (final.labels, final.source, final.before) == ((1, 7), LabelSource.REFINED, (0, 1))
    assert final.decided_by == (expert(study).id,)


def test_the_same_decision_sent_twice_is_stored_once(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    found = case(study)
    say(study, found, 1)
    say(study, found, 1)
    with study.workspace.store.reading() as c:
        [stored] = refinements.history(c, study.images[0].id)
    assert stored.labels() == (1,)


def test_an_id_that_another_decision_has_is_refused_and_loses_nothing(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    dispute(study, 1, {1}, {2})
    first = case(study)
    say(study, first, 0, id="the-same")
    second = case(study)
    assert second.image.id != first.image.id
    with pytest.raises(AnswerIdUsed):
        say(study, second, 1, id="the-same")
    assert case(study).assignment == second.assignment


def test_an_empty_set_asks_for_its_reason(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    found = case(study)
    with pytest.raises(AnswerRefused) as refused:
        say(study, found)
    assert "reason" in refused.value.problems
    assert state_of(study, 0) is ImageState.DISPUTED
    assert say(study, found, reason=EmptyReason.NO_CLASS_PRESENT)


def test_a_reason_does_not_stay_with_chosen_labels(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    say(study, case(study), 0, reason=EmptyReason.UNUSABLE)
    with study.workspace.store.reading() as c:
        decided = latest_of_image(c, study.images[0].id)
    assert decided is not None
    assert decided.reason is None


def test_an_expert_never_gets_an_image_that_they_annotated(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    person(study, "Bob", Role.EXPERT)
    bob = study.person("Bob")
    assert next_work(study.workspace, "pilot", bob, NOW).desk is ExpertDesk.WAITING


def test_the_least_certain_image_comes_first(study: Study) -> None:
    dispute(study, 0, {0}, {0, 1})
    dispute(study, 1, {1}, {2})
    assert case(study).image.id == study.images[1].id


def test_the_queue_can_be_narrowed_to_a_label(study: Study) -> None:
    dispute(study, 0, {0}, {0, 1})
    dispute(study, 2, {3}, {4})
    assert case(study).image.id == study.images[2].id  # held now
    assert case(study, label=1).image.id == study.images[0].id
    assert next_work(study.workspace, "pilot", expert(study), NOW, wanted=CaseFilter(label=29)).desk is ExpertDesk.NOTHING_SO_FILTERED


def test_two_experts_are_not_handed_the_same_image(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    case(study, "Eve")
    assert next_work(study.workspace, "pilot", expert(study, "Fay"), NOW).desk is ExpertDesk.WAITING


def test_what_was_left_for_later_comes_back(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    dispute(study, 1, {1}, {2})
    first = case(study)
    leave_for_later(study.workspace, "pilot", expert(study), first.assignment)
    second = case(study)
    assert second.image.id != first.image.id
    say(study, second, 1)
    assert case(study).image.id == first.image.id


def test_the_blind_style_shows_nothing_of_the_votes_before_the_answer(blind_study: Study) -> None:
    answer(blind_study, "Ada", 0, [0], maybe=[1], note="a hint")
    answer(blind_study, "Bob", 0, [2])
    found = case(blind_study)
    assert found.stage is Stage.ANSWER
    assert {option.label.index for option in found.shown} == {0, 1, 2}
    assert (found.ticked, found.disputed, found.tallies, found.annotations, found.why) == (frozenset(), frozenset(), {}, (), ())


def test_the_blind_answer_is_kept_and_then_confirmed_or_changed(blind_study: Study) -> None:
    dispute(blind_study, 0, {0}, {1})
    assert not say(blind_study, case(blind_study), 0)
    assert state_of(blind_study, 0) is ImageState.DISPUTED
    revealed = case(blind_study)
    assert (revealed.stage, revealed.ticked) == (Stage.REVEAL, frozenset({0}))
    assert len(revealed.annotations) == 2
    assert say(blind_study, revealed, 1, id="decision-2")
    with blind_study.workspace.store.reading() as c:
        decided = latest_of_image(c, blind_study.images[0].id)
    assert decided is not None
    assert decided.answer_blind == {0: Vote.YES, 1: Vote.NO}
    assert decided.answer_revealed == {0: Vote.NO, 1: Vote.YES}
    assert state_of(blind_study, 0) is ImageState.REFINED


def test_a_decision_can_be_revised_and_its_blind_answer_stays(blind_study: Study) -> None:
    dispute(blind_study, 0, {0}, {1})
    say(blind_study, case(blind_study), 0)
    say(blind_study, case(blind_study), 0, id="decision-2")
    before = beside(blind_study.workspace, "pilot", expert(blind_study), None, backwards=True)
    assert before is not None
    again = open_case(blind_study.workspace, "pilot", expert(blind_study), before, LATER).case
    assert again is not None
    assert (again.stage, again.ticked) == (Stage.REVISE, frozenset({0}))
    say(blind_study, again, 0, 1, id="decision-3")
    with blind_study.workspace.store.reading() as c:
        history = refinements.history(c, blind_study.images[0].id)
    assert [one.labels() for one in history] == [(), (0,), (0, 1)]
    assert {tuple(one.answer_blind or ()) for one in history} == {(0, 1)}


def test_where_nobody_named_a_label_the_candidates_are_in_question(study: Study) -> None:
    answer(study, "Ada", 0)
    answer(study, "Bob", 0, outcome=Outcome.CANNOT_TELL)
    assert [option.label.index for option in case(study).shown] == [0, 1, 2, 3, 4]


def test_an_unknown_label_is_refused(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    with pytest.raises(UnknownLabel, match="999"):
        say(study, case(study), 999)


def test_somebody_elses_case_is_not_opened_nor_decided(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    found = case(study, "Eve")
    fay = expert(study, "Fay")
    with pytest.raises(NotAllowed):
        open_case(study.workspace, "pilot", fay, found.assignment, NOW)
    with pytest.raises(NotAllowed):
        say(study, found, 0, who="Fay")


def test_a_decided_image_can_be_brought_back_with_its_history(study: Study) -> None:
    dispute(study, 0, {0}, {1})
    say(study, case(study), 0)
    reopen(study.workspace, "pilot", study.images[0].id)
    assert state_of(study, 0) is ImageState.DISPUTED
    again = case(study)
    assert again.stage is Stage.REVISE
    say(study, again, 1, id="decision-2")
    assert state_of(study, 0) is ImageState.REFINED


def test_paused_waiting_and_finished_are_told_apart(study: Study) -> None:
    eve = expert(study)
    assert next_work(study.workspace, "pilot", eve, NOW).desk is ExpertDesk.WAITING
    for image in range(6):
        dispute(study, image, {image}, {image})
    assert next_work(study.workspace, "pilot", eve, NOW).desk is ExpertDesk.FINISHED
    with study.workspace.store.writing() as c:
        datasets.set_paused(c, study.dataset.id, True)
    assert next_work(study.workspace, "pilot", eve, NOW).desk is ExpertDesk.PAUSED
