"""The chance that each label is valid, from votes and everything else that is known about it: the consensus method `posterior`.

Two latent classes (valid, not valid) under three answers, as Dawid & Skene (1979) have it, with four changes. Each rater's confusion is
shrunk towards everybody's. Votes on one question are tempered, because raters err together (Kish's design effect, 1965). The prior of
a question is a logistic regression on evidence other than its votes, fitted to the method's own posteriors, without gold. Known labels
count as one more witness, a very reliable one. Machines that answer as people do are counted behind the fit (`machine_raters`).
docs/disagreement.md has the likelihood and what was measured.
"""

from dataclasses import dataclass, replace
from math import log

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.evidence import of_other_labels
from multilabelfy.disagreement.consensus.machine_raters import machine_confusions, weight_of_machines
from multilabelfy.disagreement.consensus.vote_matrix import VoteMatrix
from multilabelfy.disagreement.questions import MachineVotes, Questions
from multilabelfy.statistics.calibration import NOT_CALIBRATED, Calibration, fitted
from multilabelfy.statistics.logistic import Design, curvature, design, log_odds_of, newton_step, sigmoid

Floats = npt.NDArray[np.float64]
TYPICAL = np.array([[0.90, 0.06, 0.04], [0.15, 0.15, 0.70]])
"""How people answer (no, maybe, yes) where a label is not valid, and where it is, before any vote is seen (our choice)."""
TYPICALLY_VALID, TYPICAL_QUESTIONS = 0.3, 10
"""The share of valid labels among those asked, before any vote is seen, and by how many questions it counts (our choice)."""
RELIABILITY_OF_GOLD = 0.99
RENEWED_EVERY = 5
"""After so many iterations the curvature of the prior's loss is worked out anew."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is set and not learnt. The defaults were chosen by the log-loss of kept-back votes, never by gold.

    - `shrinkage`: by how many votes in each class a rater's confusion is pulled towards everybody's;
    - `typical_votes`: by how many votes everybody's is pulled towards TYPICAL, and by one more for each vote that nothing checks: it is
      alone on its question, and there is no evidence but votes;
    - `correlation`: how far raters err together: n votes on a question count as n / (1 + correlation × (n − 1));
    - `penalty`: the ridge penalty of the prior's weights;
    - `tolerance`, `most_iterations`: it has converged when no chance moves by more than the tolerance.
    """

    shrinkage: float = 50.0
    typical_votes: float = 20.0
    correlation: float = 0.1
    penalty: float = 30.0
    tolerance: float = 1e-3
    most_iterations: int = 200


@dataclass(frozen=True)
class Posterior:
    """A fit. Rank questions by `log_odds` (n_questions,), which never saturate; `score` is the chance that they stand for.

    `prior` (n_questions,) is the part of the log-odds that comes from evidence, `known` the part from gold; the rest comes from votes.
    `confusion` (n_raters, 2, 3) holds the chances of no, maybe and yes where a label is not valid, and where it is; `machines`
    (n_machines, 2, 3) the same of machines. `weights` (1 + n_features,) are the prior's.
    """

    log_odds: Floats
    prior: Floats
    known: Floats
    confusion: Floats
    weights: Floats
    n_iterations: int
    has_converged: bool
    parameters: Parameters
    calibration: Calibration = NOT_CALIBRATED
    machines: Floats | None = None

    @property
    def score(self) -> Floats:
        """The chance that each label is valid, (n_questions,)."""
        return sigmoid(self.log_odds)


@dataclass(frozen=True, slots=True)
class Start:
    """Parameters of an earlier fit to begin from, after a few more votes: it then takes fewer iterations.

    `weights` (1 + n_features,) are its prior's; `confusion` (n_raters, 2, 3) has the raters of the votes to fit, NaN for those who are new.
    """

    weights: Floats
    confusion: Floats


def fit(
    questions: Questions,
    features: Floats | None = None,
    known: Floats | None = None,
    parameters: Parameters | None = None,
    machines: MachineVotes | None = None,
    start: Start | None = None,
) -> Posterior:
    """Fit by expectation-maximisation, starting from what the votes would mean if everybody were typical. Deterministic.

    With a `start` it begins from there, unless that has another number of features or raters, and ends by the same criterion.

    `features` (n_questions, n_features) is evidence besides votes (`evidence`); what is not finite there says nothing. What
    is said of the image's other labels is always added. `known` (n_questions,) are gold labels: 1 valid, 0 not valid, NaN not known, and
    0.5 where gold contradicts itself. `machines` take no part in the fit (`machine_raters`).
    """
    chosen = parameters or Parameters()
    gold = _odds_of_gold(known, len(questions))
    pull = TYPICAL_QUESTIONS * TYPICALLY_VALID * (1 - TYPICALLY_VALID)
    laid_out = design(_evidence(questions, features), chosen.penalty, log(TYPICALLY_VALID / (1 - TYPICALLY_VALID)), pull)
    of_people = _Fitting(questions, laid_out, gold, chosen, votes_alone=features is None).run(start)
    return of_people if machines is None else _with_machines(of_people, questions, machines)


def _with_machines(of_people: Posterior, questions: Questions, machines: MachineVotes) -> Posterior:
    """The same with what machines say of the labels, each by its errors as people's fit measures them."""
    chosen = of_people.parameters
    confusion = machine_confusions(of_people.score, machines, chosen.shrinkage)
    log_odds = weight_of_machines(questions, machines, confusion, chosen.correlation)
    return replace(of_people, log_odds=of_people.log_odds + log_odds, machines=confusion)


def _evidence(questions: Questions, features: Floats | None) -> Floats:
    others = of_other_labels(questions)
    return others if features is None else np.hstack([others, features])


def calibrated(posterior: Posterior, known: Floats | None) -> Posterior:
    """The same with its log-odds corrected on gold (n_questions,), as in `fit`: what they were without gold is held against gold."""
    if known is None:
        return posterior
    without = posterior.log_odds - posterior.known
    correction = fitted(without, known)
    return replace(posterior, log_odds=correction(without) + posterior.known, calibration=correction)


def _odds_of_gold(known: Floats | None, n_questions: int) -> Floats:
    if known is None:
        return np.zeros(n_questions)
    least = 1 - RELIABILITY_OF_GOLD
    return np.where(np.isfinite(known), log_odds_of(np.clip(np.nan_to_num(known, nan=0.5), least, 1 - least)), 0.0)


class _Fitting:
    """The arrays that all iterations share."""

    def __init__(self, questions: Questions, evidence: Design, gold: Floats, parameters: Parameters, *, votes_alone: bool) -> None:
        self._questions, self._evidence, self._gold, self._parameters = questions, evidence, gold, parameters
        self._votes = VoteMatrix(questions)
        self._all = self._votes.summed_by_answer(np.ones(len(questions)))
        n_votes = np.bincount(questions.question, minlength=len(questions))
        self._typical_votes = parameters.typical_votes + (int((n_votes == 1).sum()) if votes_alone else 0)
        self._temper = 1 / (1 + parameters.correlation * np.maximum(n_votes - 1, 0))

    def run(self, start: Start | None) -> Posterior:
        chance, weights = self._typical_start() if start is None or not self._fits(start) else self._warm_start(start)
        prior = self._evidence.log_odds(weights)
        moved, n_iterations = np.inf, 0
        while moved > self._parameters.tolerance and n_iterations < self._parameters.most_iterations:
            if n_iterations % RENEWED_EVERY == 0 or n_iterations < RENEWED_EVERY:
                bent = curvature(self._evidence, weights)
            weights = newton_step(self._evidence, weights, prior, chance, bent)
            confusion = self._confusion(chance)
            prior = self._evidence.log_odds(weights)
            log_odds = prior + self._gold + self._weighed(confusion)
            renewed = sigmoid(log_odds)
            moved = float(np.abs(renewed - chance).max(initial=0.0))
            chance, n_iterations = renewed, n_iterations + 1
        converged = moved <= self._parameters.tolerance
        return Posterior(log_odds, prior, self._gold, confusion, weights, n_iterations, converged, self._parameters)

    def _typical_start(self) -> tuple[Floats, Floats]:
        """What typical raters would mean by these votes, (n_questions,), and the prior's weights before any vote."""
        return self._started(np.broadcast_to(TYPICAL, (self._questions.n_raters, *TYPICAL.shape)), self._evidence.weights)

    def _warm_start(self, start: Start) -> tuple[Floats, Floats]:
        """The same of the raters of an earlier fit; who is new answers as everybody did on average."""
        is_known = np.isfinite(start.confusion.sum(axis=(1, 2)))
        everybody = start.confusion[is_known].mean(axis=0) if is_known.any() else TYPICAL
        return self._started(np.where(is_known[:, np.newaxis, np.newaxis], start.confusion, everybody), start.weights)

    def _started(self, confusion: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """What people mean by their votes."""
        return sigmoid(self._evidence.log_odds(weights) + self._gold + self._weighed(confusion)), weights

    def _fits(self, start: Start) -> bool:
        return start.weights.shape == self._evidence.weights.shape and start.confusion.shape == (self._questions.n_raters, *TYPICAL.shape)

    def _confusion(self, chance: Floats) -> Floats:
        """The M step: each rater's answers in each class, (n_raters, 2, 3), shrunk towards everybody's, and these towards typical ones."""
        valid = self._votes.summed_by_answer(chance)
        answers = np.stack([self._all - valid, valid], axis=1)
        everybody = _shares(answers.sum(axis=0) + self._typical_votes * TYPICAL)
        return _shares(np.maximum(answers, 0) + self._parameters.shrinkage * everybody)

    def _weighed(self, confusion: Floats) -> Floats:
        """The E step: what the votes on each question say, (n_questions,), tempered."""
        return self._temper * self._votes.summed_by_question(np.log(confusion[:, 1]) - np.log(confusion[:, 0]))


def _shares(answers: Floats) -> Floats:
    return np.asarray(answers / answers.sum(axis=-1, keepdims=True), dtype=np.float64)
