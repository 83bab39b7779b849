"""How often `annotators` accuses people who look, and how often it finds those who do not: made-up teams, seeded.

`python bench/bench_annotators.py --studies 100` prints the table of docs/disagreement.md.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import Questions
from multilabelfy.disagreement.raters.answer_log import log_of_votes
from multilabelfy.disagreement.raters.review import RaterReview, review
from multilabelfy.simulation.raters import Habit, SimulatedTeam, any_one, careful, first_two, never, voted

N_PEOPLE = 6
DESIGNS = ((2, 300, False), (2, 300, True), (3, 200, False), (5, 120, False))
"""Votes an image, images (so that everybody has 100 answers), and whether experts decide what is disputed."""


def reviewed(habits: Sequence[Habit], design: tuple[int, int, bool], seed: int, copies: dict[int, int] | None = None) -> RaterReview:
    """The review of one study."""
    overlap, n_images, decided = design
    questions, valid = voted(SimulatedTeam(habits, copies or {}), n_images, overlap, seed)
    known = _decided(questions, valid) if decided else None
    log = replace(log_of_votes(questions), has_places=True, has_times=True)
    return review(questions, log, lambda votes: posterior.fit(votes, known=known))


def people(n: int, seed: int) -> list[Habit]:
    """People who look, good and less good ones."""
    rng = np.random.default_rng(seed)
    return [careful(rng.uniform(0.55, 0.95), rng.uniform(0.01, 0.15)) for _ in range(n)]


def _decided(questions: Questions, valid: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    counts = questions.counts()
    disputed = np.bincount(questions.image, weights=(counts[:, 0] > 0) & (counts[:, 2] > 0)) > 0
    return np.where(disputed[questions.image], valid.astype(np.float64), np.nan)


def main() -> None:
    """Print a row for each design."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=100)
    n = parser.parse_args().studies
    print("votes  decided  accused  pairs accused  never  first two  any one  copies (others)")
    for design in DESIGNS:
        looking = [reviewed(people(N_PEOPLE, seed), design, seed) for seed in range(n)]
        accused = sum(any(of.concerns for of in study.profiles) for study in looking)
        pairs = sum(any(of.concern for of in study.pairs) for study in looking)
        concerned = [
            sum(bool(reviewed([habit, *people(N_PEOPLE - 1, seed)], design, seed).profiles[0].concerns) for seed in range(n))
            for habit in (never, first_two, any_one)
        ]
        copying = [reviewed(people(N_PEOPLE, seed), design, seed, {1: 0}) for seed in range(n)]
        named = [{(of.dependence.first, of.dependence.second) for of in study.pairs if of.concern} for study in copying]
        seen, others = sum((0, 1) in of for of in named), sum(bool(of - {(0, 1)}) for of in named)
        print(
            design[0], design[2], accused / n, pairs / n, *(of / n for of in concerned), f"{seen / n} ({others / n})", sep="\t", flush=True
        )


if __name__ == "__main__":
    main()
