"""Replay the votes of a file under rules of asking: how many votes and visits each would have taken, and how good its labels are.

What is taken as true is gold where there is some. It is not shown to the posterior then, so that nothing is held against itself. Else it
is what all votes of the file come to, label by label with its chance: how near fewer votes come to all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Floats, Posterior
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.disagreement.questions import Questions
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.simulation.replay import Replayed, dealt, replay
from multilabelfy.statistics.intervals import Measured, interval_of
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles, join_evidence

N_RESAMPLES = 200
ATTEMPT = "Cannot replay"


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules are replayed: every fixed overlap, and one from `floor` to `cap` visits for each of the bounds.

    `cap` None is the greatest number of votes on a label. A later visit leaves out labels that are wrong with at most the chance `clear`;
    with 0 it asks about whole images.
    """

    floor: int = 2
    cap: int | None = None
    bounds: tuple[float, ...] = (0.4, 0.2, 0.1)
    threshold: float = 0.5
    clear: float = 0.0


@dataclass(frozen=True, slots=True)
class ReplayedRule:
    """What came of a rule: mean votes a question, mean visits an image, and F1 with the bootstrap's interval over images."""

    rule: AdaptiveOverlap
    votes: float
    visits: float
    f1: Measured


@dataclass(frozen=True, slots=True)
class ReplayedVotes:
    """The rules in order, on how many images and questions; F1 is over the `n_known` questions whose truth counts, gold if `has_gold`."""

    rules: tuple[ReplayedRule, ...]
    n_images: int
    n_questions: int
    n_known: int
    has_gold: bool
    most_votes: int

    @property
    def adapts(self) -> bool:
        """Whether any of the rules adapts; else no label has more votes than the floor."""
        return any(of.rule.floor < of.rule.cap for of in self.rules)


def replay_votes(
    votes: Path, files: EvidenceFiles, rules: Rules, seed: int = 0, advance: Callable[[int, int], None] | None = None
) -> ReplayedVotes:
    """Replay a file's votes, in a random order of each image's raters. Raises InvalidInput; the same seed gives the same replay."""
    table = read_votes(votes)
    questions, evidence = table.questions, join_evidence(table, files)
    if not len(questions.vote):
        raise InvalidInput(ATTEMPT, [Problem(str(votes), "there are no votes in it")], "Name a file of votes.")

    def fit(of: Questions) -> Posterior:
        return posterior.fit(of, evidence.features)

    truth = fit(questions).score if evidence.known is None else evidence.known
    visit = dealt(questions, seed)
    most = int(visit.max()) + 1
    asked, made = _rules(rules, most), []
    for rule in asked:
        clear = rules.clear if rule.floor < rule.cap else 0.0
        replayed = replay(questions, visit, rule, fit, clear=clear)
        f1 = _f1(replayed, truth, rule.threshold, seed)
        made.append(ReplayedRule(rule, replayed.votes_a_question, replayed.visits_an_image, f1))
        if advance is not None:
            advance(len(made), len(asked))
    n_images = len(np.unique(questions.image))
    return ReplayedVotes(tuple(made), n_images, len(questions), int(np.isfinite(truth).sum()), evidence.known is not None, most)


def _rules(rules: Rules, most: int) -> list[AdaptiveOverlap]:
    """The fixed overlaps from 1 to the most votes there are, then those that adapt, if the votes leave them anything to choose.

    Raises InvalidInput for one that cannot be followed.
    """
    cap = rules.cap or most
    adapting = rules.bounds if rules.cap or rules.floor < most else ()
    try:
        fixed = [AdaptiveOverlap(floor=n, cap=n, threshold=rules.threshold) for n in range(1, most + 1)]
        return fixed + [AdaptiveOverlap(rules.floor, cap, bound, rules.threshold) for bound in adapting]
    except ValueError as error:
        raise InvalidInput(
            ATTEMPT, [Problem("the rule", str(error))], "State --floor, --cap, --bound and --threshold that can be followed."
        ) from error


def _f1(replayed: Replayed, truth: Floats, threshold: float, seed: int) -> Measured:
    """2·TP / (taken + valid), each expected where truth is a chance; over images, those without truth left out."""
    known = np.isfinite(truth)
    taken = (replayed.fit.score >= threshold) & known
    valid = np.where(known, np.nan_to_num(truth), 0.0)
    sums = [np.bincount(replayed.questions.image, weights=of) for of in (taken * valid, taken + valid)]
    by_image = np.stack(sums, axis=1)[np.unique(replayed.questions.image[known])]
    value = _of_sums(by_image.sum(axis=0)[np.newaxis])[0]
    if len(by_image) < FEWEST_TO_RESAMPLE:
        return Measured(float(value) if np.isfinite(value) else None)
    return Measured(float(value), interval_of(_of_sums(resampled(by_image, seed=seed, n_resamples=N_RESAMPLES))))


def _of_sums(sums: Floats) -> Floats:
    return 2 * sums[:, 0] / np.where(sums[:, 1] > 0, sums[:, 1], np.nan)
