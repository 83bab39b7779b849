"""A report's specification curve from exports: headline and gain under every rule over the votes, score and convention."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.recomputed import drop
from tests.recomputed.comparing import Reading, percent
from tests.recomputed.figures import VOTES, Exports, Floats, Resampled, Table, drawn_sums, over_images, share
from tests.recomputed.labels import whole_share

Sets = Mapping[str, frozenset[str]]
Question = tuple[str, str]
SEVERAL, GAIN = "share of images with several labels", "gain when any valid label counts"
GONE = "share of the drop that disappears"
THRESHOLDS = (0.5, 0.8, 0.9)
MOST_ANSWERS_FOR_EVERYBODY = 3
RELEASED, EMPTY_IS_RIGHT = "labels as released", "an empty set counts as right"
CONVENTIONS_OF_GONE: Mapping[str, tuple[Callable[[Floats], tuple[Floats, Floats]], int]] = {
    "top-1 of all images, ReaL of those with a label": (lambda s: (s[:, 2] / s[:, 1], s[:, 4] / s[:, 3]), 0),
    "both of images with a label": (lambda s: (s[:, 6] / s[:, 5], s[:, 4] / s[:, 3]), 1),
    EMPTY_IS_RIGHT: (lambda s: (s[:, 2] / s[:, 1], (s[:, 4] + s[:, 0] - s[:, 3]) / s[:, 0]), 1),
}
"""Top-1 and ReaL accuracy from the columns' sums, and whether that is another choice than the printed one."""
PRIOR = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8]])
"""By class (not valid, valid), the answers (no, maybe, yes) that each rater is taken to have given before."""


def specification_curve(of: Exports) -> Table:
    """Both measures under every way to decide labels and every convention, counted by what differs from the printed one."""
    rows = []
    for words, sets in labellings(of).items():
        is_released = words == RELEASED
        rows += _several(of, words, sets, int(not is_released))
        rows += _gains(of, words, sets, int(not is_released))
    return [*rows, *(_gone(of) if of.original else [])]


def labellings(of: Exports) -> dict[str, Sets]:
    """The released sets, and those of each rule that gives others; an image without votes keeps its released ones."""
    votes, score = _votes(of), _scores(of)
    yes = {question: sum(vote == 2 for vote in answers.values()) for question, answers in votes.items()}
    rules: dict[str, Callable[[Question], bool]] = {
        "everybody says yes": lambda question: yes[question] == len(votes[question]),
        "more than half say yes": lambda question: yes[question] > len(votes[question]) / 2,
        "at least two say yes": lambda question: yes[question] > 1,
        "anybody says yes": lambda question: yes[question] > 0,
        **{f"score above {least}": lambda question, least=least: score[question] > least for least in THRESHOLDS},  # type: ignore[misc]
    }
    if max(map(len, votes.values())) > MOST_ANSWERS_FOR_EVERYBODY:
        del rules["everybody says yes"]
    ways: dict[str, Sets] = {RELEASED: {image: of.labels(image) for image in of.finals}}
    for words, holds in rules.items():
        valid = defaultdict(set)
        for image, label in filter(holds, votes):
            valid[image].add(label)
        asked = {image for image, _ in votes}
        sets = {image: frozenset(valid[image]) if image in asked else of.labels(image) for image in of.finals}
        if sets not in ways.values():
            ways[f"labels: {words}"] = sets
    return ways


def _votes(of: Exports) -> dict[Question, dict[str, int]]:
    """The votes on the images that have all their answers, and are released, by image and label."""
    return {question: answers for question, answers in _all_votes(of).items() if question[0] in of.finals}


def _all_votes(of: Exports) -> dict[Question, dict[str, int]]:
    votes: dict[Question, dict[str, int]] = defaultdict(dict)
    for image in of.complete:
        for person, rows in of.answers[image].items():
            for row in rows:
                votes[image, row["label"]][person] = VOTES[row["vote"]]
    return votes


def _scores(of: Exports) -> dict[Question, float]:
    """The chance that each label is valid by Dawid and Skene (1979), over all votes, until no chance moves by more than a thousandth."""
    votes = _all_votes(of)
    people = {person: at for at, person in enumerate(sorted({person for answers in votes.values() for person in answers}))}
    cast = np.array([(at, people[person], vote) for at, answers in enumerate(votes.values()) for person, vote in answers.items()])
    question, person, vote = cast.T
    n = np.bincount(question)
    valid = np.clip(np.bincount(question, weights=vote == 2) / n, 0.01, 0.99)
    for _ in range(200):
        before, valid = valid, _stepped(question, person, vote, valid, len(people))
        if np.abs(valid - before).max() <= 1e-3:
            break
    return dict(zip(votes, valid.tolist(), strict=True))


def _stepped(question: Any, person: Any, vote: Any, valid: Floats, n_people: int) -> Floats:
    """One step of expectation-maximisation."""
    answers = np.tile(PRIOR, (n_people, 1, 1))
    np.add.at(answers, (person, 1, vote), valid[question])
    np.add.at(answers, (person, 0, vote), 1 - valid[question])
    chances = answers / answers.sum(axis=2, keepdims=True)
    prevalence = (valid.sum() + 1) / (len(valid) + 2)
    evidence = np.log(chances[person, 1, vote] / chances[person, 0, vote])
    odds = np.log(prevalence / (1 - prevalence)) + np.bincount(question, weights=evidence)
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


def _several(of: Exports, words: str, sets: Sets, changed: int) -> Table:
    """The share with several labels: of all images, the headline's; of the finished ones; of those with a label; of those with votes."""
    voted = {image for image, _ in _votes(of)}
    of_which = {"of the finished images alone" if of.is_unfinished else "of all images": (list(sets), int(of.is_unfinished))}
    if not all(sets.values()):
        of_which["of images with any label"] = ([image for image in sets if sets[image]], 1)
    if 0 < len(voted) < len(sets):
        of_which["of images with votes"] = ([image for image in sets if image in voted], 1)
    shares = {name: (_share(sets, images), more) for name, (images, more) in of_which.items()}
    if of.is_unfinished:
        low, high = whole_share(of, sets)["whole"]
        cells = {"value": None, "value_low": percent(low), "value_high": percent(high)}
        shares["of all images, unfinished ones weighted or bounded"] = (cells, 0)
    named = {"measure": SEVERAL, "labels": words, "unit": "%"}
    return [{**named, "images": name, "changed": changed + more, **cells} for name, (cells, more) in shares.items()]


def _share(sets: Sets, images: Sequence[str]) -> dict[str, Any]:
    return {name: percent(end) for name, end in share("value", sum(len(sets[image]) > 1 for image in images), len(images)).items()}


def _gains(of: Exports, words: str, sets: Sets, changed: int) -> Table:
    """Mean ReaL accuracy less mean top-1: both of images with a label, each over its own, or an empty set counting as right."""
    columns = np.array([_columns(of, image, sets[image], list(of.ranked)) for image in sets])
    conventions: dict[str, tuple[Callable[[Floats], Floats], int]] = {
        "both of images with a label": (lambda s: s[:, 4] / s[:, 3] - s[:, 6] / s[:, 5], 0),
        "top-1 of all images, ReaL of those with a label": (lambda s: s[:, 4] / s[:, 3] - s[:, 2] / s[:, 1], 1),
        EMPTY_IS_RIGHT: (lambda s: (s[:, 4] + s[:, 0] - s[:, 3]) / s[:, 0] - s[:, 2] / s[:, 1], 1),
    }
    if changed:
        del conventions[EMPTY_IS_RIGHT]
    if all(sets.values()):
        conventions = {name: how for name, how in conventions.items() if not how[1]}
    rows = []
    for convention, (gain, more) in conventions.items():
        value = over_images(columns, lambda sums, gain=gain: 100 * gain(sums))  # type: ignore[misc]
        rows.append({"measure": GAIN, "labels": words, "images": convention, "changed": changed + more, "value": value, "unit": "points"})
    return rows


def _gone(of: Exports) -> Table:
    """The share of the drop that disappears; labels are decided otherwise on one of the two datasets at a time."""
    before, after = ({words: _summed(side, sets, drop.shared(of)) for words, sets in labellings(side).items()} for side in _sides(of))
    released = RELEASED
    pairs = [(words, released, f"the original’s {words}") for words in before if words != released]
    pairs += [(released, words, f"the replicate’s {words}") for words in after if words != released]
    rows = []
    for first, second, words in ((released, released, released), *pairs):
        changed, sums = int(words != released), (before[first], after[second])
        has_empty = any(of_side[0, 3] < of_side[0, 0] for of_side in sums)
        for convention, (accuracies, more) in CONVENTIONS_OF_GONE.items():
            if more and (not has_empty or (changed and convention == EMPTY_IS_RIGHT)):
                continue
            (top1_before, real_before), (top1_after, real_after) = map(accuracies, sums)
            value = drop.drawn(100 * drop.gone(top1_before - top1_after, real_before - real_after))
            rows.append({"measure": GONE, "labels": words, "images": convention, "changed": changed + more, "value": value, "unit": "%"})
    return rows


def _sides(of: Exports) -> tuple[Exports, Exports]:
    return drop.original(of), of


def _summed(of: Exports, sets: Sets, models: Sequence[str]) -> Floats:
    """The sums of the columns over images, as they are and resampled: (1 + n_resamples, n_columns)."""
    columns = np.array([_columns(of, image, sets[image], models) for image in sets])
    return np.vstack([columns.sum(axis=0), drawn_sums(columns, of.seed)])


def _columns(of: Exports, image: str, labels: frozenset[str], models: Sequence[str]) -> list[float]:
    """What an image adds: itself, a given label, top-1, a label, ReaL, a given label where there is one, top-1 where there is one."""
    first = [of.ranked[model][image][0] for model in models]
    given, has = of.given(image), float(bool(labels))
    has_given, by_top1 = float(bool(given)), float(np.mean([label == given for label in first])) if given else 0.0
    return [1.0, has_given, by_top1, has, float(np.mean([label in labels for label in first])), has_given * has, by_top1 * has]


def specification_curve_title(of: Exports, rows: Table) -> list[Reading]:
    """The range of the drop's share, or of the gain, with one choice changed at a time, and the printed one."""
    told = [row for row in rows if row["measure"] == (GONE if of.original else GAIN) and row["changed"] < 2]
    values = [row["value"].value for row in told]
    printed = next(row["value"].value for row in told if not row["changed"])
    return [[min(values), max(values), printed], [printed, printed]]


def ends(rows: Table) -> list[float]:
    """What a measure says under some choices: its values, or its intervals' ends where it has none."""
    told = [[row["value"]] if row["value"] is not None else [row["value_low"], row["value_high"]] for row in rows]
    return [end.value if isinstance(end, Resampled) else end for of_row in told for end in of_row]


TABLES = {"specification-curve": specification_curve}
TITLES = {"specification-curve": specification_curve_title}
