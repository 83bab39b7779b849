"""What a plan starts from: how images and people are, measured on a pilot's votes or stated as error rates."""

from dataclasses import dataclass

import numpy as np

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.questions import Questions
from multilabelfy.disagreement.raters.dependence import dependences
from multilabelfy.disagreement.raters.error_rates import RaterVotes, fitted_confusion
from multilabelfy.disagreement.raters.leaving_out import chance_without_own
from multilabelfy.simulation.crowd import Crowd
from multilabelfy.simulation.population import Population, like_imagenetv2, like_pilot

CORRELATION = 0.15
"""How far two people's errors are correlated where it was not measured: as on ReaL's votes."""
N_MADE_UP = 20
LIKE_THE_LEVEL = 40.0
"""So many votes of each class a made-up person's rates are worth: their rates differ as shares of so many do."""
PULL = 20.0
"""By so many votes in each class a person's measured rates are pulled towards everybody's: what was never asked is not impossible."""


@dataclass(frozen=True, slots=True)
class ErrorLevel:
    """A stated level of errors: the share of valid labels that get a yes, and of those that are not valid; both between 0 and 1."""

    sensitivity: float
    false_yes: float


@dataclass(frozen=True)
class Pilot:
    """Images and people like those of a pilot; whether the correlation of errors was measured on it, or is CORRELATION."""

    population: Population
    crowd: Crowd
    is_correlation_measured: bool


def of_votes(questions: Questions, fitted: Posterior) -> Pilot:
    """People who err like those who voted, each held against everybody else's votes, on images like those that they voted on.

    How far they err together is measured where labels have three votes; the measured value is rather too small than too great.
    """
    image = questions.image[questions.question]
    votes = RaterVotes(questions.rater, image, questions.vote, chance_without_own(questions, fitted), questions.n_raters)
    _, worth = dependences(questions, fitted)
    measured = None if worth is None else worth.correlation.value
    crowd = Crowd(fitted_confusion(votes, PULL), CORRELATION if measured is None else max(measured, 0.0))
    return Pilot(like_pilot(questions, fitted.score), crowd, measured is not None)


def of_error_level(level: ErrorLevel, n_labels: int, correlation: float | None, seed: int) -> Pilot:
    """Made-up people who differ around the level and know no maybe, on images with as many valid labels as ImageNetV2's."""
    rng = np.random.default_rng(seed)
    yes = np.array([level.false_yes, level.sensitivity])
    rates = rng.beta(LIKE_THE_LEVEL * yes, LIKE_THE_LEVEL * (1 - yes), size=(N_MADE_UP, 2))
    confusion = np.stack([1 - rates, np.zeros_like(rates), rates], axis=2)
    return Pilot(like_imagenetv2(n_labels), Crowd(confusion, CORRELATION if correlation is None else correlation), correlation is not None)
