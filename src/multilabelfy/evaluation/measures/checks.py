"""What must hold before predictions are measured: lengths, labels, no NaN, no label twice in a ranking, the classes in the right order."""

from collections.abc import Sequence

import numpy as np

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.measures.metrics import Bools, ValidLabels
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages, Labels, Rankings, ScoredImages
from multilabelfy.plurals import counted

ATTEMPT = "Cannot evaluate the predictions"
SHOWN = 5
FEWEST_IMAGES = 100
FEWEST_RIGHT = 0.2
TIMES_BETTER = 3


def require_scores(scored: ScoredImages, labelled: LabelledImages, where: str) -> None:
    """Raise InvalidInput where a score is NaN, or where the labels name a column that the scores do not have."""
    n_labels = scored.scores.shape[1]
    rows = np.flatnonzero(np.isnan(scored.scores).any(axis=1))
    problems = [Problem(where, f"{_row(row, scored.images)} holds a score that is not a number (NaN)") for row in rows[:SHOWN].tolist()]
    highest = int(labelled.sets.labels.max(initial=NO_LABEL))
    if highest >= n_labels:
        problems.append(Problem(where, f"there are scores for {counted(n_labels, 'label')}, but the label sets name label {highest}"))
    if problems:
        raise InvalidInput(ATTEMPT, problems, f"Scores are wanted as (n_images, n_labels) without NaN; rows with one: {len(rows)}.")


def require_rankings(rankings: Rankings, n_labels: int | None, where: str) -> None:
    """Raise InvalidInput where a label does not exist (`n_labels`, where known), stands twice in a ranking, or comes after its end."""
    problems: list[Problem] = []
    for model, ranked in zip(rankings.models, rankings.ranked, strict=True):
        problems += [Problem(where, f"{model}, {_row(row, rankings.images)}: {what}") for row, what in _wrong_rows(ranked, n_labels)]
        if len(problems) >= SHOWN:
            break
    if problems:
        raise InvalidInput(ATTEMPT, problems[:SHOWN], "A ranking holds label indices, the best first, each once.")


def require_right_order(labelled: LabelledImages, ranked: Labels, model: str, where: str) -> None:
    """Raise InvalidInput where hardly any first label is right, but would be if the classes were renamed in a fixed way.

    The renaming is learnt on every other image and tried on the rest, so that chance alone cannot make it fit.
    """
    valid = ValidLabels.of(labelled)
    first, images = np.asarray(ranked[:, 0], dtype=np.int64), np.arange(len(labelled), dtype=np.int64)
    nonempty = valid.counts > 0
    if nonempty.sum() < FEWEST_IMAGES:
        return
    right = float(valid.contain(images, first)[nonempty].mean())
    if right >= FEWEST_RIGHT:
        return
    renaming = _most_frequent_label(labelled, first, images % 2 == 0)
    tried = np.flatnonzero(nonempty & (images % 2 == 1))
    renamed = np.array([renaming.get(int(label), NO_LABEL) for label in first[tried]], dtype=np.int64)
    would_be = float(valid.contain(tried, renamed).mean())
    if would_be >= max(FEWEST_RIGHT, TIMES_BETTER * right):
        raise InvalidInput(ATTEMPT, [Problem(where, _order_problem(model, right, would_be, renaming))], _order_way_out(renaming))


def _row(row: int, images: Sequence[str] | None) -> str:
    return f"image '{images[row]}'" if images is not None else f"row {row} (counted from 0)"


def _wrong_rows(ranked: Labels, n_labels: int | None) -> list[tuple[int, str]]:
    known = ranked != NO_LABEL
    unknown = (ranked < NO_LABEL) | (ranked >= (np.inf if n_labels is None else n_labels))
    wrong = [(row, f"there is no label {ranked[row][unknown[row]][0]}") for row in _rows(np.asarray(unknown.any(axis=1)))]
    wrong += [(row, "it has no first label") for row in _rows(~known[:, 0])]
    if ranked.shape[1] > 1:
        wrong += [(row, "a label follows after the ranking's end (-1)") for row in _rows((known[:, 1:] & ~known[:, :-1]).any(axis=1))]
        ordered = np.sort(ranked, axis=1)
        twice = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] != NO_LABEL)
        wrong += [(row, f"label {ordered[row, 1:][twice[row]][0]} stands in the ranking twice") for row in _rows(twice.any(axis=1))]
    return wrong


def _rows(which: Bools) -> list[int]:
    return [int(row) for row in np.flatnonzero(which)[:SHOWN]]


def _most_frequent_label(labelled: LabelledImages, first: Labels, chosen: Bools) -> dict[int, int]:
    """For each predicted label, the valid label that it meets most often among the chosen images (the lower index first)."""
    sets = labelled.sets
    predicted, among = np.repeat(first, sets.counts), np.repeat(chosen, sets.counts)
    pairs, times = np.unique(np.stack([predicted[among], sets.labels[among]], axis=1), axis=0, return_counts=True)
    renaming: dict[int, int] = {}
    for place in np.argsort(-times, kind="stable"):
        renaming.setdefault(int(pairs[place, 0]), int(pairs[place, 1]))
    return renaming


def _order_problem(model: str, right: float, would_be: float, renaming: dict[int, int]) -> str:
    label, instead = min(renaming.items())
    return (
        f"the classes of {model} seem to be in another order: {right:.1%} of its first labels are right, "
        f"but {would_be:.1%} would be if its classes were renamed (its {label} seems to be label {instead})"
    )


def _order_way_out(renaming: dict[int, int]) -> str:
    shifts = [instead - label for label, instead in renaming.items()]
    shift = max(sorted(set(shifts)), key=shifts.count)
    if shift and shifts.count(shift) > len(shifts) / 2:
        return f"All indices seem to be {abs(shift)} too {'low' if shift > 0 else 'high'}."
    return "Write the predictions in the order of the label space (for ImageNet, its WordNet ids sorted)."
