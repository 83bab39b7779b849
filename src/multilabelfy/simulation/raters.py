"""Votes of made-up teams with known errors: who says yes how often to what is valid, and what is not; who does not look, and who copies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Questions

N_LABELS = 5
Bools = npt.NDArray[np.bool_]
Habit = Callable[[Bools, np.random.Generator], Bools]
"""From which of an image's labels are valid, in their order on the page, to which get a yes."""


def careful(sensitivity: float = 0.8, false_yes: float = 0.05) -> Habit:
    """Errs at random, so often."""
    return lambda valid, rng: rng.random(len(valid)) < np.where(valid, sensitivity, false_yes)


def never(valid: Bools, _rng: np.random.Generator) -> Bools:
    """Chooses nothing, whatever is there."""
    return np.zeros(len(valid), dtype=np.bool_)


def first_two(valid: Bools, _rng: np.random.Generator) -> Bools:
    """Chooses the first two labels of the page."""
    return np.arange(len(valid)) < 2


def any_one(valid: Bools, rng: np.random.Generator) -> Bools:
    """Chooses exactly one label, any."""
    return np.asarray(np.arange(len(valid)) == rng.integers(len(valid)), dtype=np.bool_)


@dataclass(frozen=True)
class SimulatedTeam:
    """People by code with their habits; `copies` says who writes down what somebody else answered, if both have the image."""

    habits: Sequence[Habit]
    copies: Mapping[int, int] = field(default_factory=dict)


def voted(team: SimulatedTeam, n_images: int, overlap: int, seed: int) -> tuple[Questions, Bools]:
    """The votes of a study in which each image has N_LABELS labels, a quarter of them valid, and `overlap` people; and what is valid."""
    rng = np.random.default_rng(seed)
    valid = rng.random((n_images, N_LABELS)) < 0.25
    rows = []
    for image in range(n_images):
        people = sorted(rng.choice(len(team.habits), size=overlap, replace=False).tolist())
        answers: dict[int, Bools] = {}
        for person in people:
            model = team.copies.get(person)
            answers[person] = answers[model] if model in answers else team.habits[person](valid[image], rng)
        rows += [(image * N_LABELS + label, person, 2 * int(yes)) for person in people for label, yes in enumerate(answers[person])]
    question, rater, vote = np.array(rows, dtype=np.int64).T
    n = n_images * N_LABELS
    return Questions(np.arange(n) // N_LABELS, np.arange(n) % N_LABELS, question, rater, vote, len(team.habits)), valid.ravel()
