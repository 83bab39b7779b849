"""Two independent experts and the audit, over a stored study: who is asked, what they see, and what their decisions come to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.deciding import LATER, again, agree, case, dispute, expert, say
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.refinement.model import EmptyReason, LabelSource
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import refinements, releases
from multilabelfy.workflows.analysing.analysis import analyse, audited_images
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.owning.gallery import history_of
from multilabelfy.workflows.refining.desk import next_work, open_case, reopen
from multilabelfy.workflows.releasing.resolve import resolve, unresolved

TWO_EXPERTS = replace(PAPER, two_expert_share=1.0)
AUDIT = replace(PAPER, audit_share=1.0)
BLIND_AUDIT = replace(BLIND, audit_share=1.0, two_expert_share=1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[list[Study]]:
    """The studies that a test makes in a folder of its own; closed afterwards."""
    made: list[Study] = []
    yield made
    for study in made:
        study.workspace.close()


@pytest.fixture
def study(tmp_path: Path, folder: list[Study]) -> Study:
    folder.append(ready_study(tmp_path, protocol=TWO_EXPERTS))
    return folder[-1]


@pytest.fixture
def audited(tmp_path: Path, folder: list[Study]) -> Study:
    folder.append(ready_study(tmp_path, protocol=AUDIT))
    return folder[-1]


@pytest.fixture
def blind(tmp_path: Path, folder: list[Study]) -> Study:
    folder.append(ready_study(tmp_path, protocol=BLIND_AUDIT))
    return folder[-1]


def policies(study: Study) -> list[tuple[str, float]]:
    """What the decisions say of why their image was before an expert."""
    with study.workspace.store.reading() as c:
        return [(one.policy, one.inclusion_probability) for one in refinements.iterate(c, study.dataset.id)]


def test_the_first_of_two_experts_does_not_decide_alone_and_both_who_agree_do(study: Study) -> None:
    dispute(study)
    say(study, "Eve", 1)
    assert state_of(study, 0) is ImageState.DISPUTED
    say(study, "Fay", 1)
    assert state_of(study, 0) is ImageState.REFINED
    resolve(study.workspace, "pilot", LATER)
    with study.workspace.store.reading() as c:
        [(_, final)] = releases.labels_of(c, study.dataset.id, 1)
    assert (final.labels, final.source) == ((1,), LabelSource.REFINED)
    assert final.decided_by == (expert(study, "Eve").id, expert(study, "Fay").id)
    assert policies(study) == [("two-experts", 1.0)] * 2


def test_nobody_is_asked_twice_and_no_annotator_is(study: Study) -> None:
    dispute(study)
    for name in ("Ada", "Bob"):
        expert(study, name)
    say(study, "Eve", 1)
    assert case(study, "Eve") is None
    person(study, "Olga", Role.OWNER)
    assert next_work(study.workspace, "pilot", study.person("Ada"), NOW).case is None


def test_where_two_differ_a_third_is_asked_and_joins_one_of_them(study: Study) -> None:
    dispute(study)
    say(study, "Eve", 0)
    say(study, "Fay", 1)
    assert state_of(study, 0) is ImageState.DISPUTED
    assert case(study, "Eve") is None
    assert case(study, "Fay") is None
    say(study, "Gus", 0)
    assert state_of(study, 0) is ImageState.REFINED
    resolve(study.workspace, "pilot", LATER)
    with study.workspace.store.reading() as c:
        [(_, final)] = releases.labels_of(c, study.dataset.id, 1)
    assert final.labels == (0,)
    assert final.decided_by == (expert(study, "Eve").id, expert(study, "Gus").id)
    assert policies(study)[-1] == ("third-expert", 1.0)


def test_three_who_differ_leave_it_unresolved_and_listed_so_until_it_is_reopened(study: Study) -> None:
    dispute(study)
    for who, label in (("Eve", 0), ("Fay", 1), ("Gus", 2)):
        say(study, who, label)
    assert state_of(study, 0) is ImageState.CONTESTED
    assert ("contested", study.images[0].path) in [(one.state.value, one.path) for one in unresolved(study.workspace, "pilot")]
    reopen(study.workspace, "pilot", study.images[0].id)
    say(study, "Eve", 2)
    assert state_of(study, 0) is ImageState.REFINED
    assert policies(study)[-1] == ("reopened", 1.0)
    assert len(policies(study)) == 4


def test_a_revision_that_differs_asks_a_third(study: Study) -> None:
    dispute(study)
    first = say(study, "Eve", 1)
    say(study, "Fay", 1)
    open_case(study.workspace, "pilot", expert(study, "Eve"), first, LATER)
    again(study, "Eve", first, 0)
    assert state_of(study, 0) is ImageState.DISPUTED
    say(study, "Gus", 1)
    assert state_of(study, 0) is ImageState.REFINED


def test_an_annotators_revision_after_the_first_expert_is_kept_flagged_and_moves_nothing(study: Study) -> None:
    dispute(study)
    say(study, "Eve", 1)
    assert answer(study, "Bob", 0, [0], now=LATER) is ImageState.DISPUTED
    with study.workspace.store.reading() as c:
        [flagged] = annotations.after_refinement(c, study.dataset.id)
    assert flagged.chosen() == {0}


def test_a_second_expert_sees_nothing_of_the_first_until_the_image_is_decided(study: Study) -> None:
    dispute(study)
    before = case(study, "Fay")
    assert before is not None
    say(study, "Eve", 1)
    after = case(study, "Fay")
    assert after is not None
    assert (after.shown, after.ticked, after.annotations, after.tallies) == (
        before.shown,
        before.ticked,
        before.annotations,
        before.tallies,
    )
    image = study.images[0].id
    assert history_of(study.workspace, "pilot", image, expert(study, "Fay")).decisions == ()
    assert len(history_of(study.workspace, "pilot", image, person(study, "Olga", Role.OWNER)).decisions) == 1
    say(study, "Fay", 1)
    assert len(history_of(study.workspace, "pilot", image, expert(study, "Fay")).decisions) == 2


def test_an_agreed_image_of_the_audit_goes_to_two_experts_whose_decision_stands(audited: Study) -> None:
    agree(audited)
    assert state_of(audited, 0) is ImageState.DISPUTED
    say(audited, "Eve", 0, 3)
    say(audited, "Fay", 0, 3)
    resolve(audited.workspace, "pilot", LATER)
    with audited.workspace.store.reading() as c:
        [(_, final)] = releases.labels_of(c, audited.dataset.id, 1)
        [eve, _] = assignments_of(audited)
    assert (final.labels, final.source, final.before) == ((0, 3), LabelSource.AUDITED, (0,))
    assert eve == (RefinePolicy.AUDIT, 1.0)


def assignments_of(study: Study) -> list[tuple[str, float]]:
    """Policy and probability of the experts' assignments of the first image."""
    with study.workspace.store.reading() as c:
        found = [refinements.history(c, study.images[0].id)]
        return [(one.policy, one.inclusion_probability) for history in found for one in history if one.is_decided]


def test_without_a_share_agreed_images_are_final_at_once(study: Study) -> None:
    agree(study)
    assert state_of(study, 0) is ImageState.AGREED


def test_an_audited_case_looks_like_a_disputed_one(blind: Study) -> None:
    agree(blind, 0)
    dispute(blind, 1)
    cases = []
    for who in ("Eve", "Fay"):
        for _ in range(2):
            found = case(blind, who)
            assert found is not None
            cases.append(found)
            say(blind, who, reason=EmptyReason.UNUSABLE)
    assert {one.image.state for one in cases} == {ImageState.DISPUTED}
    assert {len(one.shown) for one in cases} == {5}
    assert all(not one.why and not one.tallies and not one.annotations and not one.disputed for one in cases)
    labels = [sorted(option.label.index for option in one.shown) for one in cases if one.image.id == blind.images[0].id]
    assert labels[0] == labels[1]  # both experts are asked about the same labels


def test_an_audited_image_stands_where_some_disputed_one_does(blind: Study) -> None:
    dispute(blind, 3)
    agree(blind, 0)
    with blind.workspace.store.reading() as c:
        assert images.triage_of_next(c, blind.images[3].id) == images.triage_of_next(c, blind.images[0].id)


def test_a_greater_share_draws_agreed_images_and_a_smaller_one_gives_them_back(study: Study) -> None:
    agree(study)
    ask(study, AUDIT)
    assert state_of(study, 0) is ImageState.DISPUTED
    ask(study, PAPER)
    assert state_of(study, 0) is ImageState.AGREED


def test_without_the_share_what_waits_for_a_second_expert_stands_on_the_first(study: Study) -> None:
    dispute(study)
    say(study, "Eve", 1)
    ask(study, PAPER)
    assert state_of(study, 0) is ImageState.REFINED


def ask(study: Study, protocol: AnnotationProtocol) -> None:
    """The owner asks otherwise from now on."""
    change_protocol(study.workspace, "pilot", protocol, LATER)


def test_the_analysis_says_how_far_experts_agree_what_the_audit_saw_and_who_changed_after_the_reveal(blind: Study) -> None:
    dispute(blind, 1)
    for who in ("Eve", "Fay"):
        say(blind, who, 1)
    agree(blind, 3)
    for who in ("Eve", "Fay"):
        say(blind, who, 3, 4)
    agree(blind, 5)
    found = analyse(blind.workspace, "pilot").experts
    assert found.agreement is not None
    assert found.audit is not None
    assert (found.agreement.n_images, found.agreement.n_audited, found.agreement.decided.sets["equal"].value) == (2, 1, 1.0)
    assert (found.audit.n_drawn, found.audit.n_decided, found.audit.wrong.n_seen, found.audit.missing.n_seen) == (2, 1, 1, 1)
    assert (found.changes.n, found.changes.n_changed) == (4, 0)


def test_a_raised_share_gives_images_audited_before_the_probability_that_they_have_now(study: Study) -> None:
    agree(study)
    ask(study, replace(PAPER, audit_share=0.999))
    for who in ("Eve", "Fay"):
        say(study, who, 0)
    assert policies(study) == [("audit", 0.999)] * 2
    assert probability_of_the_audited(study) == 0.999
    ask(study, AUDIT)
    assert probability_of_the_audited(study) == 1.0


def probability_of_the_audited(study: Study) -> float:
    """With which the one audited image was drawn."""
    with study.workspace.store.reading() as c:
        [image] = audited_images(c, datasets.get(c, study.dataset.id), list(refinements.iterate(c, study.dataset.id)))
    return image.inclusion_probability
