"""Count the votes of machines beside a fit of people's votes: each machine by its errors, measured against what people say.

A machine never takes part in the fit. There are as many votes of it as there are questions, and with one or two votes of people beside them
the two classes would be the machine's own (ReaL's votes: docs/disagreement.md). So what people say is fitted alone. Given its chances,
a machine's votes are a mixture with known weights, whose maximum is its confusion (Dawid & Skene 1979, one rater at a time); and what the
votes then say of the labels is added. Nothing goes back into the fit (a cut model: Plummer 2015, "Cuts in Bayesian graphical models").
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import N_ANSWERS, MachineVotes, Questions

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6
MOST_STEPS = 500


def machine_confusions(chance: Floats, machines: MachineVotes, shrinkage: float) -> Floats:
    """How each machine answers (no, maybe, yes) where a label is not valid, and where it is, (n_machines, 2, 3).

    `chance` (n_questions,) is what people's votes and all other evidence say. Each class is pulled by `shrinkage` votes towards the
    machine's answers without regard to the class, which say nothing of a label: it counts for nothing until its votes go along with what
    people say.
    """
    cell = machines.machine * N_ANSWERS + machines.vote
    n_cells = machines.n_machines * N_ANSWERS
    every = np.bincount(cell, minlength=n_cells).reshape(-1, N_ANSWERS).astype(np.float64)
    towards = _shares(every + 1)[:, np.newaxis]
    valid = chance[machines.question]
    responsibility = valid
    confusion = np.zeros((machines.n_machines, 2, N_ANSWERS))
    for _ in range(MOST_STEPS):
        of_valid = np.bincount(cell, weights=responsibility, minlength=n_cells).reshape(-1, N_ANSWERS)
        answers = np.stack([np.maximum(every - of_valid, 0), of_valid], axis=1)
        before, confusion = confusion, _shares(answers + shrinkage * towards)
        if np.abs(confusion - before).max(initial=0.0) < TOLERANCE:
            break
        where_not, where = confusion[machines.machine, 0, machines.vote], confusion[machines.machine, 1, machines.vote]
        responsibility = valid * where / (valid * where + (1 - valid) * where_not)
    return confusion


def weight_of_machines(questions: Questions, machines: MachineVotes, confusion: Floats, correlation: float) -> Floats:
    """What the machines' votes add to the log-odds of each question, (n_questions,), tempered by all votes on it, people's too."""
    each = (np.log(confusion[:, 1]) - np.log(confusion[:, 0]))[machines.machine, machines.vote]
    log_odds = np.bincount(machines.question, weights=each, minlength=len(questions))
    n_votes = sum(np.bincount(of, minlength=len(questions)) for of in (questions.question, machines.question))
    return np.asarray(log_odds / (1 + correlation * np.maximum(n_votes - 1, 0)), dtype=np.float64)


def _shares(answers: Floats) -> Floats:
    return np.asarray(answers / answers.sum(axis=-1, keepdims=True), dtype=np.float64)
