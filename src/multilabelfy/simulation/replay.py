"""Replay votes under a policy: what would have come of them if each image had been visited only as often as the policy wants.

The votes may be real (every vote that was ever cast) or made up (`crowd`). An image's votes are dealt out as visits: its raters in random
order, and the k-th visit has the k-th vote on each of its labels. The policy sees the votes of the visits so far and nothing else, asks for
more, and the posterior is fitted again: the code that a study would run.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap, Decisions, decide
from multilabelfy.disagreement.policy.gain import Floats, expected_wrong
from multilabelfy.disagreement.questions import Ints, Questions

Fit = Callable[[Questions], Posterior]


@dataclass(frozen=True)
class Replayed:
    """What a policy asked for, `questions` with their votes, and what comes of it; the last of its decisions, one for each image."""

    questions: Questions
    fit: Posterior
    decisions: Decisions

    @property
    def votes_a_question(self) -> float:
        """The mean number of votes on a label of an image."""
        return len(self.questions.vote) / max(len(self.questions), 1)

    @property
    def visits_an_image(self) -> float:
        """The mean number of visits of an image."""
        return float(self.decisions.n_visits.mean()) if len(self.decisions.n_visits) else 0.0


def replay(
    questions: Questions,
    visit: Ints,
    rule: AdaptiveOverlap,
    fit: Fit = posterior.fit,
    *,
    most_visits: int | None = None,
    clear: float = 0.0,
) -> Replayed:
    """Ask in rounds, each image at most once in a round, until no image wants a visit or has none left.

    `visit` (n_votes,) is the visit that each vote belongs to, from 0 on (`dealt`). With `most_visits` it ends after so many in all, those
    with the greatest gain first. A visit asks about the whole image; above the floor it leaves out the labels that are wrong with at most
    the chance `clear`, if there are others.
    """
    available = np.zeros(len(questions), dtype=np.int64)
    np.maximum.at(available, questions.question, visit + 1)
    of_image = _greatest(available, questions)
    n_asked, n_visits = np.minimum(rule.floor, available), np.minimum(rule.floor, of_image)
    had_enough = np.zeros(len(n_visits), dtype=np.bool_)
    while True:
        asked = until(questions, visit, n_asked)
        fitted = fit(asked)
        decisions = decide(asked, fitted, rule, n_visits, had_enough=had_enough)
        had_enough = decisions.is_enough
        wanting = decisions.queue()
        wanting = wanting[n_visits[wanting] < of_image[wanting]]
        left = len(wanting) if most_visits is None else max(0, most_visits - int(n_visits.sum()))
        if not len(wanting[:left]):
            return Replayed(asked, fitted, decisions)
        n_asked = n_asked + _asked_now(questions, wanting[:left], expected_wrong(fitted.score, rule.threshold), clear)
        n_visits = n_visits + np.bincount(wanting[:left], minlength=len(n_visits))


def _greatest(of_question: Ints, questions: Questions) -> Ints:
    """The greatest of an image's questions, (n_images,); 0 where it has none."""
    greatest = np.zeros(questions.n_images, dtype=np.int64)
    np.maximum.at(greatest, questions.image, of_question)
    return greatest


def _asked_now(questions: Questions, images: Ints, wrong: Floats, clear: float) -> Ints:
    """Which questions a visit to these images asks: 1 or 0, (n_questions,)."""
    is_visited = np.zeros(questions.n_images, dtype=np.bool_)
    is_visited[images] = True
    is_open = wrong > clear
    has_open = np.bincount(questions.image, weights=is_open, minlength=questions.n_images) > 0
    return np.asarray(is_visited[questions.image] & (is_open | ~has_open[questions.image]), dtype=np.int64)


def dealt(questions: Questions, seed: int) -> Ints:
    """For each vote, (n_votes,), which visit of its image it belongs to, from 0 on: the image's raters in random order.

    Where raters answered different labels of an image, the k-th visit still has the k-th vote on each.
    """
    image = questions.image[questions.question]
    raters, rater_of_image = np.unique(image * max(questions.n_raters, 1) + questions.rater, return_inverse=True)
    place = np.random.default_rng(seed).random(len(raters))[rater_of_image]
    order = np.lexsort((place, questions.question))
    of = questions.question[order]
    visit = np.empty(len(order), dtype=np.int64)
    visit[order] = np.arange(len(of)) - np.searchsorted(of, of)
    return visit


def until(questions: Questions, visit: Ints, n_asked: Ints | int) -> Questions:
    """The questions with the votes of the first `n_asked` visits, (n_questions,) or one number for all."""
    kept = visit < np.broadcast_to(n_asked, len(questions))[questions.question]
    return replace(questions, question=questions.question[kept], rater=questions.rater[kept], vote=questions.vote[kept])
