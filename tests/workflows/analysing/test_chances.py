"""The chances of a study's labels, fitted again after a few more answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.answering import answer
from tests.studies import Study, ready_study

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.workflows.analysing.chances import Chances, Counted, EarlierFit, chances_of
from multilabelfy.workflows.releasing.preview import Previews

N_IMAGES = 30


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Two of three answers on all images; people differ about every third."""
    ready = ready_study(tmp_path, n_images=N_IMAGES, protocol=replace(PAPER, overlap=3))
    for number in range(N_IMAGES):
        answer(ready, "Bob", number, [number])
        answer(ready, "Cem", number, [number] if number % 3 else [(number + 1) % N_IMAGES])
    yield ready
    ready.workspace.close()


def fitted(study: Study, before: EarlierFit | None = None, *, models: bool = True) -> Chances:
    with study.workspace.store.reading() as c:
        return chances_of(c, study.dataset, Counted(models=models), before)


def test_a_few_answers_later_the_fit_begins_where_the_last_one_ended(study: Study) -> None:
    before = fitted(study).end
    answer(study, "Zoe", 0, [0])
    cold, warm = fitted(study), fitted(study, before)
    assert warm.fit.n_iterations < cold.fit.n_iterations
    assert np.abs(warm.fit.score - cold.fit.score).max() < 0.005
    assert (warm.sha256, warm.raters) == (cold.sha256, cold.raters)


@pytest.mark.parametrize("models", [False, True])
def test_with_other_evidence_or_many_more_answers_it_begins_anew(study: Study, models: bool) -> None:
    before = fitted(study).end
    if models:
        for number in range(8):
            answer(study, "Zoe", number, [number])
    assert fitted(study, before, models=models).fit.log_odds.tolist() == fitted(study, models=models).fit.log_odds.tolist()


def test_a_page_is_made_from_the_chances_before_and_says_the_same(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=N_IMAGES)
    for number in range(N_IMAGES):
        answer(study, "Bob", number, [number])
        answer(study, "Cem", number, [number] if number % 3 else [number, (number + 1) % N_IMAGES])
    kept = Previews(clock=lambda: 0.0)
    kept.of(study.workspace, "pilot")
    answer(study, "Bob", 3, [3, 4])
    again, fresh = kept.of(study.workspace, "pilot"), Previews().of(study.workspace, "pilot")
    assert len(again.chances) == len(fresh.chances) == 9
    for image, chances in fresh.chances.items():
        assert again.chances[image] == pytest.approx(chances, abs=0.005)
    study.workspace.close()
