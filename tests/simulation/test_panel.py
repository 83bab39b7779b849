"""What images are simulated on, and whether a random panel keeps the headline right under a policy."""

import numpy as np
import pytest

from multilabelfy.disagreement.consensus.posterior import TYPICAL
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.simulation.crowd import Crowd
from multilabelfy.simulation.panel import PanelStudy, panel_study
from multilabelfy.simulation.population import drawn, like_imagenetv2, like_pilot

CROWD = Crowd(np.stack([TYPICAL] * 20), correlation=0.15)
N_IMAGES, N_STUDIES = 400, 50


def a_study(seed: int) -> PanelStudy:
    """Stopped in the middle; every other image was drawn for the panel with twice the probability, as if the share had been raised."""
    images = drawn(like_imagenetv2(10), N_IMAGES, np.random.default_rng([seed, 1]))
    probability = np.where(np.arange(N_IMAGES) % 2, 0.4, 0.2)
    return panel_study(images, CROWD, AdaptiveOverlap(), probability, overlap=2, most_visits=700, seed=seed)


def test_the_weighted_headline_covers_the_truth_and_that_of_the_finished_images_does_not() -> None:
    studies = [a_study(seed) for seed in range(N_STUDIES)]
    covered = sum(study.panel.interval.low <= study.truth <= study.panel.interval.high for study in studies)
    by_finished = sum(study.finished_interval.low <= study.truth <= study.finished_interval.high for study in studies)
    assert covered >= 0.94 * N_STUDIES
    assert by_finished < 0.2 * N_STUDIES
    assert np.mean([study.finished for study in studies]) < np.mean([study.truth for study in studies]) - 0.1


def test_a_study_counts_every_image_once() -> None:
    study = a_study(seed=0)
    visited = study.replayed.decisions.n_visits
    assert study.n_panel + (visited > 0).sum() == N_IMAGES
    assert visited.sum() <= 700


def test_without_a_panel_there_is_no_headline() -> None:
    images = drawn(like_imagenetv2(10), 20, np.random.default_rng(1))
    with pytest.raises(ValueError, match="none is in the panel"):
        panel_study(images, CROWD, AdaptiveOverlap(), np.zeros(20), overlap=2, most_visits=None, seed=1)


def test_images_like_those_of_imagenetv2_have_as_many_labels() -> None:
    images = drawn(like_imagenetv2(20), 4000, np.random.default_rng(1))
    assert images.n_images == 4000
    assert np.bincount(images.image).tolist() == [20] * 4000
    assert images.n_valid.mean() == pytest.approx(1.908, abs=0.05)
    assert (images.n_valid > 1).mean() == pytest.approx(0.4788, abs=0.03)


def test_images_like_a_pilots_have_its_labels_with_its_chances() -> None:
    pilot = questions_of_votes([0, 0, 3], [0, 1, 5], [0, 0, 0], [2, 0, 2])  # image 1 and 2 have no votes
    images = drawn(like_pilot(pilot, np.array([1.0, 0.0, 0.5])), 1000, np.random.default_rng(2))
    n_labels = np.bincount(images.image)
    assert set(n_labels.tolist()) == {1, 2}
    assert (n_labels == 2).mean() == pytest.approx(0.5, abs=0.05)
    of_two = images.valid[n_labels[images.image] == 2]
    assert of_two.tolist() == [True, False] * (len(of_two) // 2)
    assert images.valid[n_labels[images.image] == 1].mean() == pytest.approx(0.5, abs=0.06)


def test_no_images_are_drawn_as_none() -> None:
    assert drawn(like_imagenetv2(5), 0, np.random.default_rng(3)).n_images == 0
