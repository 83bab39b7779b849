"""Stage 3 over a stored study: images settle with their last vote, and the dataset's disagreements are told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Outcome
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageState
from multilabelfy.disagreement.agreement.measures import EQUAL_SETS, PERCENT
from multilabelfy.disagreement.comparison import Why
from multilabelfy.errors import UnknownDataset
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.analysing.analysis import agreement_with_the_rest, analyse
from multilabelfy.workflows.analysing.planning import StudyPlans
from multilabelfy.workflows.settling.answers import settle, settle_all


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def test_an_image_waits_until_its_last_vote_and_then_settles(study: Study) -> None:
    assert answer(study, "Ada", 0, [0, 1]) is ImageState.OPEN
    assert answer(study, "Bob", 0, [0, 1]) is ImageState.AGREED
    assert answer(study, "Ada", 1, [1]) is ImageState.OPEN
    assert answer(study, "Bob", 1, [1, 2]) is ImageState.DISPUTED


def test_a_revision_settles_anew_in_both_directions(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    assert answer(study, "Bob", 0, [1]) is ImageState.DISPUTED
    assert answer(study, "Bob", 0, [0], now=NOW + timedelta(minutes=1)) is ImageState.AGREED
    assert answer(study, "Ada", 0, [0, 1], now=NOW + timedelta(minutes=2)) is ImageState.DISPUTED


def test_counts_follow_the_states(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    with study.workspace.store.reading() as c:
        counts = images.counts(c, study.dataset.id)
    assert (counts[ImageState.DISPUTED], counts[ImageState.OPEN]) == (1, 5)


def test_after_a_refinement_a_revision_moves_nothing(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[0].id, ImageState.REFINED)
        assert settle(c, study.dataset, study.images[0].id) is ImageState.REFINED


def test_a_greater_overlap_opens_images_again(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [0])
    with study.workspace.store.writing() as c:
        three = type(study.dataset.protocol)(preset="paper", overlap=3)
        datasets.set_protocol(c, study.dataset.id, three, NOW)
        settle_all(c, datasets.get(c, study.dataset.id))
    assert state_of(study, 0) is ImageState.OPEN


def test_an_unreadable_file_is_no_image_that_a_study_waits_or_plans_for(study: Study) -> None:
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[5].id, "it is empty")
    assert analyse(study.workspace, "pilot").n_images == 5
    assert StudyPlans(n_workers=1).needs_of(study.workspace, "pilot")[0] == 5


def test_the_analysis_counts_what_is_complete_and_names_the_reasons(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [0])
    answer(study, "Ada", 1, [1])
    answer(study, "Bob", 1, [2])
    answer(study, "Ada", 2)
    answer(study, "Bob", 2)
    answer(study, "Ada", 3, outcome=Outcome.CANNOT_TELL)
    analysis = analyse(study.workspace, "pilot")
    assert (analysis.n_images, analysis.n_compared, analysis.n_agreed, analysis.n_disputed) == (6, 3, 1, 2)
    assert analysis.reasons == {Why.SETS_DIFFER: 1, Why.AGREED_EMPTY: 1}
    assert [(found.pair, found.images) for found in analysis.pairs] == [((1, 2), (study.images[1].id,))]
    assert [(dispute.label, dispute.n_disputed) for dispute in analysis.labels] == [(1, 1), (2, 1), (0, 0)]
    assert analysis.names[1].name == "tiger cat"
    # three images of five shown labels: 13 of 15 answers are alike
    assert analysis.agreement.n_questions == 15
    assert analysis.agreement.of(PERCENT).value == pytest.approx(13 / 15)
    assert analysis.agreement.of(EQUAL_SETS).value == pytest.approx(2 / 3)


def test_each_annotator_is_held_against_the_rest(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    with_rest = agreement_with_the_rest(analyse(study.workspace, "pilot"))
    assert {one.annotator for one in with_rest} == {person(study, "Ada").id, person(study, "Bob").id}
    assert [(one.n_questions, one.percent, one.positive) for one in with_rest] == [(5, 0.6, 0.0)] * 2


def test_a_study_without_answers_has_an_empty_analysis(study: Study) -> None:
    analysis = analyse(study.workspace, "pilot")
    assert analysis.n_compared == 0
    assert analysis.agreement.of(PERCENT).value is None
    assert agreement_with_the_rest(analysis) == []


def test_an_unknown_dataset_is_named_with_those_there_are(study: Study) -> None:
    with pytest.raises(UnknownDataset, match="'other'") as refused:
        analyse(study.workspace, "other")
    assert "'pilot'" in refused.value.known


def test_a_maybe_goes_to_an_expert_in_the_blind_protocol(tmp_path: Path) -> None:
    blind = ready_study(tmp_path / "blind", protocol=BLIND)
    answer(blind, "Ada", 0, [0], maybe=[1])
    assert answer(blind, "Bob", 0, [0]) is ImageState.DISPUTED
    blind.workspace.close()
