"""A report's specification curve from exports: headline and gain under every rule over the votes, score and convention."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.recomputed.comparing import Reading, percent
from tests.recomputed.figures import VOTES, Exports, Floats, Resampled, Table, over_images, share
from tests.recomputed.labels import whole_share
from tests.recomputed.models import top1

Sets = Mapping[str, frozenset[str]]
Question = tuple[str, str]
SEVERAL, GAIN = "share of images with several labels", "gain when any valid label counts"
GONE = "share of the drop that disappears"
THRESHOLDS = (0.5, 0.8, 0.9)
MOST_ANSWERS_FOR_EVERYBODY = 3
PRIOR = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8]])
"""By class (not valid, valid), the answers (no, maybe, yes) that each rater is taken to have given before."""


def specification_curve(of: Exports) -> Table:
    """Both measures under every way to decide labels and every convention, counted by what differs from the printed one."""
    rows = []
    for words, sets in labellings(of).items():
        is_released = words == "labels as released"
        rows += _several(of, words, sets, int(not is_released))
        rows += _gains(of, words, sets, int(not is_released))
    return rows


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
    ways: dict[str, Sets] = {"labels as released": {image: of.labels(image) for image in of.finals}}
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
    columns = np.array([_columns(of, image, sets[image]) for image in sets])
    conventions: dict[str, tuple[Callable[[Floats], Floats], int]] = {
        "both of images with a label": (lambda s: s[:, 4] / s[:, 3] - s[:, 6] / s[:, 5], 0),
        "top-1 of all images, ReaL of those with a label": (lambda s: s[:, 4] / s[:, 3] - s[:, 2] / s[:, 1], 1),
        "an empty set counts as right": (lambda s: (s[:, 4] + s[:, 0] - s[:, 3]) / s[:, 0] - s[:, 2] / s[:, 1], 1),
    }
    if changed:
        del conventions["an empty set counts as right"]
    if all(sets.values()):
        conventions = {name: how for name, how in conventions.items() if not how[1]}
    rows = []
    for convention, (gain, more) in conventions.items():
        value = over_images(columns, lambda sums, gain=gain: 100 * gain(sums))  # type: ignore[misc]
        rows.append({"measure": GAIN, "labels": words, "images": convention, "changed": changed + more, "value": value, "unit": "points"})
    return rows


def _columns(of: Exports, image: str, labels: frozenset[str]) -> list[float]:
    """What an image adds: itself, a given label, top-1, a label, ReaL, a given label where there is one, top-1 where there is one."""
    given, by_top1 = float(bool(of.given(image))), top1(of, image) if of.given(image) else 0.0
    by_real = float(np.mean([ranked[image][0] in labels for ranked in of.ranked.values()]))
    has = float(bool(labels))
    return [1.0, given, by_top1, has, by_real, given * has, by_top1 * has]


def specification_curve_title(_: Exports, rows: Table) -> list[Reading]:
    """The range of the gain with one choice changed at a time, and the printed one."""
    gains = [row for row in rows if row["measure"] == GAIN and row["changed"] < 2]
    values = [row["value"].value for row in gains]
    printed = next(row["value"].value for row in gains if not row["changed"])
    return [[min(values), max(values), printed], [printed, printed]]


def ends(rows: Table) -> list[float]:
    """What a measure says under some choices: its values, or its intervals' ends where it has none."""
    told = [[row["value"]] if row["value"] is not None else [row["value_low"], row["value_high"]] for row in rows]
    return [end.value if isinstance(end, Resampled) else end for of_row in told for end in of_row]


TABLES = {"specification-curve": specification_curve}
TITLES = {"specification-curve": specification_curve_title}
