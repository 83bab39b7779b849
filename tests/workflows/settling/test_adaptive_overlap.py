"""An overlap that adapts: who is asked again, who has had enough, and what the panel keeps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.store.campaigns import answer as late_answer
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.assignment import Assignment, Desk
from multilabelfy.annotation.model import Annotator, Outcome, Role, Task
from multilabelfy.annotation.overlap import POLICY, OverlapDecision, OverlapReason
from multilabelfy.annotation.study.protocol import PAPER, AnnotationProtocol
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import datasets, images, progress
from multilabelfy.store.handing_out import handing_out, overlap_decisions
from multilabelfy.workflows.annotating.desk import next_work
from multilabelfy.workflows.owning.configuring import change_protocol, foreseen
from multilabelfy.workflows.reporting.gathering.unfinished import progress_of
from multilabelfy.workflows.settling.behind import datasets_behind
from multilabelfy.workflows.settling.overlap import OverlapNow, decide_overlap

N_IMAGES = 12
ADAPTIVE = replace(PAPER, overlap_floor=2, overlap_cap=4, overlap_bound=0.2)
DISPUTED, AGREED = range(3), range(3, N_IMAGES)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Two answers on every image. On the first three people choose different labels, on all others the same."""
    yield from answered(tmp_path)


def answered(folder: Path, protocol: AnnotationProtocol = ADAPTIVE) -> Iterator[Study]:
    ready = ready_study(folder, n_images=N_IMAGES, protocol=protocol)
    for number in range(N_IMAGES):
        answer(ready, "Bob", number, [number])
        answer(ready, "Cem", number, [number + 1 if number in DISPUTED else number])
    yield ready
    ready.workspace.close()


def test_where_the_policy_has_not_spoken_every_image_wants_the_floor(study: Study) -> None:
    assert [stored(study, number).n_wanted for number in range(N_IMAGES)] == [None] * N_IMAGES
    assert [state_of(study, number) for number in (0, 3)] == [ImageState.DISPUTED, ImageState.AGREED]
    assert handed_to(study, "Dia") == []


def test_an_image_whose_votes_leave_doubt_is_given_to_one_more_and_the_others_have_had_enough(study: Study) -> None:
    now = decide(study)
    assert now.by_reason[OverlapReason.IN_DOUBT] == now.n_asked_again == len(DISPUTED)
    assert now.by_reason[OverlapReason.ENOUGH] == len(AGREED)
    assert sorted(handed_to(study, "Dia")) == [study.images[number].id for number in DISPUTED]
    assert [state_of(study, number) for number in (0, 3)] == [ImageState.OPEN, ImageState.AGREED]


def test_those_who_answered_an_image_are_not_asked_about_it_again(study: Study) -> None:
    decide(study)
    assert handed_to(study, "Bob") == handed_to(study, "Cem") == []


def test_what_is_still_missing_is_counted_by_what_each_image_wants(study: Study) -> None:
    decide(study)
    with study.workspace.store.reading() as c:
        assert progress.n_answers_wanted(c, study.dataset.id, ADAPTIVE.least_overlap) == len(DISPUTED)
    answer(study, "Dia", 0, [0])
    with study.workspace.store.reading() as c:
        assert progress.n_answers_wanted(c, study.dataset.id, ADAPTIVE.least_overlap) == len(DISPUTED) - 1


def test_an_image_in_doubt_at_its_cap_is_left_to_experts(study: Study) -> None:
    never_enough = replace(ADAPTIVE, overlap_bound=0.0, overlap_cap=3)
    change_protocol(study.workspace, "pilot", never_enough, NOW)
    decide(study)
    answer(study, "Dia", 0, [2])
    decide(study)
    assert decision_on(study, 0).reason is OverlapReason.AT_CAP
    assert state_of(study, 0) is ImageState.DISPUTED
    assert study.images[0].id not in handed_to(study, "Eve")


def test_an_image_that_had_enough_stays_so_whatever_is_said_of_others(study: Study) -> None:
    decide(study)
    for number in DISPUTED:
        answer(study, "Dia", number, [29])
    decide(study)
    assert {decision_on(study, number).reason for number in AGREED} == {OverlapReason.ENOUGH}


def test_a_further_answer_that_clears_the_doubt_ends_it(study: Study) -> None:
    change_protocol(study.workspace, "pilot", replace(ADAPTIVE, overlap_bound=0.5), NOW)
    decide(study)
    before = decision_on(study, 0)
    assert before.reason is OverlapReason.IN_DOUBT
    answer(study, "Dia", 0, [0])
    answer(study, "Dia", 1, [1])
    decide(study)
    assert (decision_on(study, 0).n_visits, decision_on(study, 0).reason) == (3, OverlapReason.ENOUGH)
    assert decision_on(study, 0).wrong < before.wrong


def test_the_assignment_names_the_policy_that_asked_again(study: Study) -> None:
    decide(study)
    handed = hand_out(study, person(study, "Dia"))
    assert {assignment.policy for assignment in handed} == {POLICY}


def test_doubtful_images_come_behind_those_that_nobody_has_seen(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=4, protocol=ADAPTIVE)
    with study.workspace.store.writing() as c:
        places = [(image.id, place / 10) for place, image in enumerate(study.images)]
        images.set_queue_places(c, study.dataset.id, places)
    for who, label in (("Bob", 0), ("Cem", 1)):
        answer(study, who, 0, [label])
    decide(study)
    handed = hand_out(study, person(study, "Dia"), NOW + timedelta(hours=2))
    assert [assignment.image for assignment in handed] == [study.images[number].id for number in (1, 2, 3, 0)]
    study.workspace.close()


def test_an_image_that_an_owner_put_first_stays_first(study: Study) -> None:
    with study.workspace.store.writing() as c:
        images.set_queue_places(c, study.dataset.id, [(study.images[2].id, -1.0)], policy="suspects:loss")
    decide(study)
    handed = hand_out(study, person(study, "Dia"))
    assert (handed[0].image, handed[0].policy) == (study.images[2].id, "suspects:loss")


def test_an_image_that_is_asked_about_again_came_by_the_draw(study: Study) -> None:
    """In an unfinished study it stands for the rest, unlike one that an owner put first."""
    decide(study)
    with study.workspace.store.reading() as c:
        so_far = progress_of(c, study.dataset, {})
    assert (so_far.n_begun, so_far.n_others) == (N_IMAGES, 0)


def test_an_image_that_an_expert_has_stays_with_the_expert(study: Study) -> None:
    eva = person(study, "Eva", Role.EXPERT)
    with study.workspace.store.writing() as c:
        (case,) = handing_out.hand_out(c, study.dataset.id, eva.id, task=Task.REFINE, n=1, overlap=1, now=NOW, lease=timedelta(hours=1))
    decide(study)
    with study.workspace.store.reading() as c:
        decided = overlap_decisions.of_image(c, case.image)
        assert decided is not None
        assert decided.reason is OverlapReason.WITH_EXPERT
        assert images.get(c, case.image).state is ImageState.DISPUTED
    assert case.image not in handed_to(study, "Dia")


def test_a_picture_on_somebody_s_screen_is_not_taken_away_when_the_image_has_had_enough(study: Study) -> None:
    decide(study)
    dia = person(study, "Dia")
    held = hand_out(study, dia)
    with study.workspace.store.writing() as c:
        for assignment in held:
            enough = OverlapDecision(assignment.image, OverlapReason.ENOUGH, 2, 0.0, 0.0)
            overlap_decisions.write(c, study.dataset.id, [enough], NOW)
    decide(study)
    assert {assignment.image for assignment in hand_out(study, dia)} == {assignment.image for assignment in held}


def test_an_answer_that_came_too_late_counts_before_anybody_else_is_asked(tmp_path: Path) -> None:
    """Dia held the image until her time was over; two others took it, and then her answer came."""
    study = ready_study(tmp_path, n_images=1, protocol=ADAPTIVE)
    (held,) = hand_out(study, person(study, "Dia"))
    later = NOW + timedelta(hours=2)
    hand_out(study, person(study, "Bob"), later)
    for who, label in (("Bob", 0), ("Cem", 1)):
        answer(study, who, 0, [label], now=later)
    with study.workspace.store.writing() as c:
        late = annotations.append(c, late_answer(held, 2, client_id="late", now=later), assignment=held.id)
    assert late.surplus
    decide(study)
    assert (decision_on(study, 0).n_visits, stored(study, 0).n_answers, stored(study, 0).n_wanted) == (3, 3, 4)
    study.workspace.close()


def test_everybody_who_cannot_tell_leaves_nothing_to_ask_but_an_expert(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=ADAPTIVE)
    for who in ("Bob", "Cem"):
        answer(study, who, 0, outcome=Outcome.CANNOT_TELL)
    decide(study)
    assert decision_on(study, 0).reason is OverlapReason.ENOUGH
    assert state_of(study, 0) is ImageState.DISPUTED
    study.workspace.close()


def test_the_panel_keeps_the_fixed_overlap_and_the_probability_of_its_draw(tmp_path: Path) -> None:
    """All images are drawn here: three answers each, however clear they are."""
    study = next(answered(tmp_path, replace(ADAPTIVE, overlap=3)))
    change_protocol(study.workspace, "pilot", replace(ADAPTIVE, overlap=3, panel_share=1.0), NOW)
    assert [stored(study, number).n_wanted for number in range(N_IMAGES)] == [3] * N_IMAGES
    assert (decision_on(study, 5).reason, decision_on(study, 5).probability) == (OverlapReason.PANEL, 1.0)
    decide(study)
    assert [stored(study, number).n_wanted for number in range(N_IMAGES)] == [3] * N_IMAGES
    for number in range(N_IMAGES):
        answer(study, "Dia", number, [number])
    assert (state_of(study, 0), state_of(study, 5)) == (ImageState.DISPUTED, ImageState.AGREED)
    study.workspace.close()


def test_images_that_come_later_join_the_panel_at_the_next_decision(study: Study) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_protocol(c, study.dataset.id, replace(ADAPTIVE, overlap=3, panel_share=1.0), NOW)
    decide(study)
    assert [stored(study, number).n_wanted for number in range(N_IMAGES)] == [3] * N_IMAGES


def test_a_fixed_overlap_again_forgets_what_the_policy_said(study: Study) -> None:
    decide(study)
    change_protocol(study.workspace, "pilot", PAPER, NOW)
    assert {(stored(study, number).n_wanted, state_of(study, number)) for number in DISPUTED} == {(None, ImageState.DISPUTED)}
    with study.workspace.store.reading() as c:
        assert overlap_decisions.of_dataset(c, study.dataset.id) == {}
        assert images.moved_in_queue(c, study.dataset.id, POLICY) == []


def test_an_owner_sees_beforehand_what_a_lower_floor_moves(study: Study) -> None:
    answer_alone = replace(ADAPTIVE, overlap_floor=3)
    change = foreseen(study.workspace, "pilot", answer_alone, NOW)
    assert (change.stages_before.n_open, change.stages_after.n_open) == (0, N_IMAGES)
    assert [stored(study, number).n_wanted for number in range(N_IMAGES)] == [None] * N_IMAGES


def test_a_study_is_behind_until_the_policy_knows_its_answers(study: Study) -> None:
    assert datasets_behind(study.workspace) == ["pilot"]
    decide(study)
    assert datasets_behind(study.workspace) == []
    answer(study, "Dia", 0, [0])
    assert datasets_behind(study.workspace) == ["pilot"]


def test_whoever_has_answered_everything_waits_until_the_policy_has_looked(study: Study) -> None:
    dia = person(study, "Dia")
    assert next_work(study.workspace, "pilot", dia, NOW).desk is Desk.WAITING
    decide(study)
    assert next_work(study.workspace, "pilot", dia, NOW).desk is Desk.WORK
    assert next_work(study.workspace, "pilot", person(study, "Bob"), NOW + timedelta(hours=5)).desk is Desk.FINISHED


def test_the_same_votes_are_decided_alike_and_write_nothing_twice(study: Study) -> None:
    first = decide(study)
    with study.workspace.store.reading() as c:
        before = overlap_decisions.of_dataset(c, study.dataset.id)
    assert decide(study) == first
    with study.workspace.store.reading() as c:
        assert overlap_decisions.of_dataset(c, study.dataset.id) == before


def test_before_the_first_answer_there_is_nothing_to_decide(tmp_path: Path) -> None:
    study = ready_study(tmp_path, protocol=ADAPTIVE)
    assert decide(study) == OverlapNow(dict.fromkeys(OverlapReason, 0), 0)
    study.workspace.close()


def test_a_fixed_overlap_has_nothing_to_decide(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    with pytest.raises(InvalidInput, match=r"as many annotators: 2\n.*Set an overlap that adapts on the settings page"):
        decide(study)
    assert datasets_behind(study.workspace) == []
    study.workspace.close()


def decide(study: Study) -> OverlapNow:
    return decide_overlap(study.workspace, "pilot", NOW)


def stored(study: Study, number: int) -> StoredImage:
    with study.workspace.store.reading() as c:
        return images.get(c, study.images[number].id)


def decision_on(study: Study, number: int) -> OverlapDecision:
    with study.workspace.store.reading() as c:
        decided = overlap_decisions.of_image(c, study.images[number].id)
    assert decided is not None
    return decided


def hand_out(study: Study, somebody: Annotator, now: datetime = NOW) -> list[Assignment]:
    with study.workspace.store.writing() as c:
        asked = {"task": Task.ANNOTATE, "n": N_IMAGES, "overlap": ADAPTIVE.least_overlap}
        return handing_out.hand_out(c, study.dataset.id, somebody.id, now=now, lease=timedelta(hours=1), **asked)  # type: ignore[arg-type]


def handed_to(study: Study, name: str) -> list[ImageId]:
    return [assignment.image for assignment in hand_out(study, person(study, name))]
