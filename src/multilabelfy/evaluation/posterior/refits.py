"""Fit the posterior of a study's votes again: with what experts decided, without some annotators, and with other assumptions.

What models say of a label enters as one column, their part of the first fit's log-odds, so that a refit is cheap and needs no proposals.
Refits are over MOST_REFITTED images at most, drawn at random: how far annotators move a share hardly depends on how many images there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.evidence import of_other_labels
from multilabelfy.disagreement.consensus.posterior import Posterior, Start
from multilabelfy.disagreement.consensus.set_sizes import set_sizes, set_sizes_by_size
from multilabelfy.disagreement.questions import Questions
from multilabelfy.statistics.logistic import design

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
MOST_REFITTED = 20_000
MOST_GROUPS = 20
N_OF_VOTES = 4
"""Features of what votes say of an image's other labels."""
OTHER_CORRELATIONS = 0.0, 0.3
"""How far raters may err together instead of the 0.1 that was chosen: not at all, and three times as far (our choice)."""


@dataclass(frozen=True)
class Votes:
    """Votes with what else is known of their questions, (n_questions,) each: what models say of the label as log-odds (None without
    models), and what experts decided: 1 valid, 0 not, NaN undecided. Images are places, (n_images,), of which some
    `are_looked_at`."""

    questions: Questions
    by_models: Floats | None
    decided: Floats
    are_looked_at: Bools

    def of(self, kept: Bools) -> "Votes":
        """These votes alone, (n_votes,) of them True, and the questions that they answer; images and raters keep their places."""
        questions = self.questions
        question = questions.question[kept]
        asked = np.flatnonzero(np.bincount(question, minlength=len(questions)))
        place = np.zeros(len(questions), dtype=np.int64)
        place[asked] = np.arange(len(asked))
        fewer = Questions(
            questions.image[asked], questions.label[asked], place[question], questions.rater[kept], questions.vote[kept], questions.n_raters
        )
        by_models = None if self.by_models is None else self.by_models[asked]
        return Votes(fewer, by_models, self.decided[asked], self.are_looked_at)

    def sizes(self, chances: Floats) -> "SizeChances":
        """The chances (n_images, 3) of the images that these votes are about."""
        has_votes = np.bincount(self.questions.image, minlength=self.n_images) > 0
        return SizeChances(chances, has_votes, self.are_looked_at)

    @property
    def n_images(self) -> int:
        """How many there are, looked at or not."""
        return len(self.are_looked_at)


@dataclass(frozen=True)
class SizeChances:
    """The chances of each image's number of valid labels, (n_images, 3): none, one, several; which images have votes, and which of all
    images are looked at, (n_images,) each."""

    chances: Floats
    has_votes: Bools
    are_looked_at: Bools


def votes_with(questions: Questions, fit: Posterior, decided: Floats, n_images: int) -> Votes:
    """The votes with what models say of their labels in the study's own fit."""
    return Votes(questions, _said_by_models(questions, fit), decided, np.ones(n_images, dtype=np.bool_))


def refitted(votes: Votes, before: Posterior, correlation: float | None = None) -> Posterior:
    """The posterior of these votes, from where another fit of the same people ended; what experts decided counts as gold."""
    parameters = before.parameters if correlation is None else replace(before.parameters, correlation=correlation)
    features = None if votes.by_models is None else votes.by_models[:, np.newaxis]
    known = votes.decided if np.isfinite(votes.decided).any() else None
    start = Start(_weights(votes, before), before.confusion)
    return posterior.fit(votes.questions, features, known, parameters, start=start)


def sizes_of(votes: Votes, fit: Posterior) -> SizeChances:
    """How many labels each image has, by a fit of these votes."""
    return votes.sizes(set_sizes(votes.questions.image, fit.log_odds, votes.n_images))


def thinned(votes: Votes) -> Votes:
    """The votes on MOST_REFITTED images at most, drawn at random, always the same."""
    if votes.n_images <= MOST_REFITTED:
        return votes
    looked_at = np.zeros(votes.n_images, dtype=np.bool_)
    looked_at[np.random.default_rng(0).permutation(votes.n_images)[:MOST_REFITTED]] = True
    few = votes.of(looked_at[votes.questions.image[votes.questions.question]])
    return replace(few, are_looked_at=looked_at)


def without_annotators(votes: Votes, fit: Posterior) -> Iterator[SizeChances]:
    """Without each annotator in turn; of more than MOST_GROUPS, without every twentieth, in the order of their first votes."""
    n_groups = min(votes.questions.n_raters, MOST_GROUPS)
    for group in range(n_groups):
        rest = votes.of(votes.questions.rater % n_groups != group)
        yield sizes_of(rest, refitted(rest, fit))


def under_other_assumptions(votes: Votes, fit: Posterior) -> Iterator[SizeChances]:
    """One assumption changed at a time: errors that are less alike, errors that are more, and sizes with a distribution of their own."""
    for correlation in OTHER_CORRELATIONS:
        yield sizes_of(votes, refitted(votes, fit, correlation))
    by_models = _said_by_models(votes.questions, fit)
    neutral = np.zeros(len(votes.questions)) if by_models is None else by_models
    yield votes.sizes(set_sizes_by_size(votes.questions.image, fit.log_odds - fit.prior, neutral, votes.n_images))


def _said_by_models(questions: Questions, fit: Posterior) -> Floats | None:
    """What the prior has beside the votes on an image's other labels, (n_questions,); None where it has nothing."""
    others = of_other_labels(questions)
    n_weights = 1 + others.shape[1]
    return None if len(fit.weights) == n_weights else fit.prior - design(others, 0.0).log_odds(fit.weights[:n_weights])


def _weights(votes: Votes, before: Posterior) -> Floats:
    """Where the prior's weights begin: what votes say counts as it did, and so does what models say, which is one column now."""
    if votes.by_models is None:
        return before.weights
    return np.append(before.weights[: 1 + N_OF_VOTES], float(votes.by_models.std()))
