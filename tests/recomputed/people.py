"""A report's figures about annotators and experts, from exports."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from tests.recomputed.figures import VOTES, Exports, Floats, Resampled, Row, Table, cell_list, certain, mean, over_images, share, wilson_of

Answers = Mapping[str, int]
"""One person's answers by label, from 0 (no) to 2 (yes)."""
Similarity = Callable[[frozenset[str], frozenset[str]], float]
KINDS = 3
INDEPENDENT = ("two-experts", "audit")


def beyond_the_candidates(of: Exports) -> Table:
    """Labels that an image's first two annotators found by search, and Chao's lower bound for two lists of those that neither found."""
    counts = []
    for image in of.answers:
        first = sorted(of.answers[image].values(), key=lambda rows: (rows[0]["submitted_at"], rows[0]["annotator"]))[:2]
        if image in of.complete and len(first) > 1:
            one, two = ({row["label"] for row in rows if row["unprompted"] == "true" and row["vote"] == "yes"} for rows in first)
            counts.append([len(one ^ two), len(one & two)])
    once, twice = np.sum(counts, axis=0).tolist()
    bound = over_images(np.array(counts), lambda sums: sums[:, 0] * np.maximum(sums[:, 0] - 1, 0) / (4 * (sums[:, 1] + 1)))
    neither = {"found": "found by neither (an estimate of the fewest)", "labels": bound}
    return [{"found": "found by both annotators", "labels": twice}, {"found": "found by one of them", "labels": once}, neither]


def agreement(of: Exports) -> Table:
    """How far the annotators agree, on labels that were shown."""
    voted = [image for image in of.complete if len(of.answers[image]) > 1]
    images = [[_shown(rows) for rows in of.answers[image].values()] for image in voted]
    figures = {
        **_of_sets("", images, 2),
        **_of_sets(", maybe as yes", images, 1),
        **_of_answers(images),
    }
    return [{"measure": name, "value": figure} for name, figure in figures.items()]


def self_agreement(of: Exports) -> Table:
    """How far annotators agree with themselves, on labels that they were asked about both times."""
    pairs = [(_shown(of.answers[row["image"]][row["annotator"]]), _again(row)) for row in of.repeats]
    both = [[(then[label], now[label]) for label in then.keys() & now.keys()] for then, now in pairs]
    votes = [pair for of_image in both for pair in of_image]
    n_yes, n_both = sum((a == 2) + (b == 2) for a, b in votes), sum(a == b == 2 for a, b in votes)
    same = sum(all((a == 2) == (b == 2) for a, b in of_image) for of_image in both if of_image)
    counts = {
        "same answer to a question": (sum(a == b for a, b in votes), len(votes)),
        "positive agreement": (2 * n_both, n_yes),
        "same set of labels": (same, sum(map(bool, both))),
    }
    return [{"measure": name, "of": n_of, "n": n, **share("share", n_of, n)} for name, (n_of, n) in counts.items()]


def _again(row: Row) -> Answers:
    """The answers to a repeat; who could not tell, or found the picture unfit, gave none."""
    votes = {"yes": 2, "maybe": 1}
    ticked = {label: vote for name, vote in votes.items() for label in cell_list(row[name])}
    silent = cell_list(row["asked"]) if row["outcome"] in ("labelled", "none") else []
    return {label: vote for label, vote in {**dict.fromkeys(silent, 0), **ticked}.items() if label not in cell_list(row["found"])}


def expert_agreement(of: Exports) -> Table:
    """How far the first two independent experts of an image agree: as decided, and before the reveal."""
    newest: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in of.decisions:
        if row["step"] != "before-reveal" and row["kind"] in INDEPENDENT:
            newest[row["image"]][row["expert"]] = row
    pairs = [tuple(experts.values())[:2] for experts in newest.values() if len(experts) > 1]
    images = [_both(a, b) for a, b in pairs]
    blind = [[_chosen(row, "labels_before_reveal") for row in pair] for pair in pairs if all(row["step"] == "after-reveal" for row in pair)]
    sets = [[frozenset(label for label, vote in answers.items() if vote) for answers in image] for image in images]
    answers = _of_answers(images)
    figures = {
        "Equal sets": mean([float(a == b) for a, b in sets], is_share=True),
        **({"Equal sets before the votes were revealed": mean([float(a == b) for a, b in blind], is_share=True)} if blind else {}),
        **{name: answers[name] for name in ("Answers alike", "Positive agreement")},
        "Jaccard similarity": mean([jaccard(a, b) for a, b in sets], is_share=True),
        "MASI similarity": mean([masi(a, b) for a, b in sets], is_share=True),
    }
    return [{"measure": name, "value": figure} for name, figure in figures.items()]


def audit(of: Exports) -> Table:
    """How often experts decided agreed images differently, each weighted by one over the probability with which it was drawn."""
    drawn = {row["image"]: float(row["probability"]) for row in of.decisions if row["kind"] == "audit"}
    images = [image for image, rows in of.finals.items() if rows[0]["source"] == "audited"]
    weights = np.array([1 / drawn[image] for image in images])
    n = float(weights.sum() ** 2 / (weights**2).sum())
    sets = [(frozenset(cell_list(of.finals[image][0]["before"])), of.labels(image)) for image in images]
    what = {
        "was decided differently": [before != after for before, after in sets],
        "lacks a label that experts chose": [bool(after - before) for before, after in sets],
        "has a label that experts rejected": [bool(before - after) for before, after in sets],
    }
    return [_estimated(name, np.array(holds), weights, n) for name, holds in what.items()]


def _estimated(name: str, holds: Floats, weights: Floats, n: float) -> dict[str, Any]:
    p = float((weights * holds).sum() / weights.sum())
    low, high = wilson_of(p, n)
    ends = (0.0 if p == 0 else low, 1.0 if p == 1 else high)
    return {"what": name, "images": int(holds.sum()), "share": p, "share_low": ends[0], "share_high": ends[1]}


def reveal(of: Exports) -> Table:
    """How often experts changed their answer once they saw the votes: of each expert and image the first answer after the reveal."""
    first: dict[tuple[str, str], Row] = {}
    for row in of.decisions:
        if row["step"] == "after-reveal":
            first.setdefault((row["image"], row["expert"]), row)
    sets = [(_chosen(row, "labels_before_reveal"), _chosen(row, "labels")) for row in first.values()]
    n = {
        "changed the set": sum(before != after for before, after in sets),
        "added a label": sum(bool(after - before) for before, after in sets),
        "removed a label": sum(bool(before - after) for before, after in sets),
    }
    return [{"what": what, "answers": n[what], **share("share", n[what], len(sets))} for what in n]


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """|A∩B| / |A∪B|; 1 where both are empty."""
    return len(a & b) / len(a | b) if a | b else 1.0


def masi(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's times 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, 0 for none (Passonneau 2006)."""
    monotonicity = 1.0 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0
    return jaccard(a, b) * monotonicity


def _shown(rows: Sequence[Row]) -> Answers:
    return {row["label"]: VOTES[row["vote"]] for row in rows if row["unprompted"] == "false"}


def _chosen(row: Row, column: str) -> frozenset[str]:
    return frozenset(cell_list(row[column]))


def _both(first: Row, second: Row) -> list[Answers]:
    """Both experts' answers to every label that either was asked about; one that was not chosen is a no."""
    asked = {*cell_list(first["asked"]), *cell_list(second["asked"])}
    return [{label: 2 * (label in _chosen(row, "labels")) for label in asked} for row in (first, second)]


def _of_sets(suffix: str, images: Sequence[Sequence[Answers]], yes_from: int) -> dict[str, Any]:
    """Equal sets, and alpha with the MASI distance, over the labels that all annotators of an image were shown."""
    sets = [_sets(people, yes_from) for people in images]
    equal = [float(np.mean([a == b for a, b in combinations(of_image, 2)])) for of_image in sets]
    return {f"Equal sets{suffix}": mean(equal, is_share=True), f"Alpha with MASI{suffix}": _alpha_of_sets(sets, masi)}


def _sets(people: Sequence[Answers], yes_from: int) -> list[frozenset[str]]:
    shown = frozenset.intersection(*(frozenset(answers) for answers in people))
    return [frozenset(label for label in shown if answers[label] >= yes_from) for answers in people]


def _alpha_of_sets(images: Sequence[Sequence[frozenset[str]]], alike: Similarity) -> Resampled:
    """Krippendorff's alpha of whole sets; resamples move the disagreement by chance by its first-order term."""
    everything = [one for of_image in images for one in of_image]
    n = len(everything)
    rows = []
    for of_image in images:
        distance = sum(2 * (1 - alike(a, b)) for a, b in combinations(of_image, 2)) / (len(of_image) - 1)
        rows.append([distance, len(of_image), sum(alike(one, other) for one in of_image for other in everything)])
    whole = np.sum(rows, axis=0)

    def alpha(sums: Floats) -> Floats:
        distance, total, likeness = sums.T
        same = 2 * likeness / (total * n) - whole[2] / n**2
        expected = 1 - (total * same - 1) / (total - 1)
        return np.asarray(1 - distance / total / expected)

    return over_images(np.array(rows), alpha)


def _of_answers(images: Sequence[Sequence[Answers]]) -> dict[str, Any]:
    """The measures of single answers, from the coincidences of the answers to each question (Krippendorff 2011)."""
    by_image = np.array([_coincidences(people).ravel() for people in images if any(_joint(people))])
    return {
        "Answers alike": certain(over_images(by_image, lambda sums: _observed(_two(sums))), len(by_image)),
        "Positive agreement": certain(
            over_images(by_image, lambda sums: _two(sums)[:, 1, 1] / _two(sums)[:, 1].sum(axis=1)), len(by_image)
        ),
        "Fleiss’ kappa": over_images(by_image, lambda sums: _kappa(_two(sums))),
        "Krippendorff’s alpha": over_images(by_image, lambda sums: _alpha(_two(sums), ordinal=False)),
        "Krippendorff’s alpha, ordinal": over_images(by_image, lambda sums: _alpha(sums.reshape(-1, KINDS, KINDS), ordinal=True)),
    }


def _joint(people: Sequence[Answers]) -> list[list[int]]:
    """The answers to each question that at least two people were asked."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for answers in people:
        for label, vote in answers.items():
            by_label[label].append(vote)
    return [votes for votes in by_label.values() if len(votes) > 1]


def _coincidences(people: Sequence[Answers]) -> Floats:
    table = np.zeros((KINDS, KINDS))
    for votes in _joint(people):
        for a, b in combinations(votes, 2):
            table[a, b] += 1 / (len(votes) - 1)
            table[b, a] += 1 / (len(votes) - 1)
    return table


def _two(sums: Floats) -> Floats:
    """No and maybe as one answer, (n, 2, 2)."""
    o = sums.reshape(-1, KINDS, KINDS)
    return np.stack(
        [np.stack([o[:, :2, :2].sum(axis=(1, 2)), o[:, :2, 2].sum(axis=1)], 1), np.stack([o[:, 2, :2].sum(axis=1), o[:, 2, 2]], 1)], 1
    )


def _observed(o: Floats) -> Floats:
    return np.asarray(np.trace(o, axis1=1, axis2=2) / o.sum(axis=(1, 2)))


def _kappa(o: Floats) -> Floats:
    shares = o.sum(axis=2) / o.sum(axis=(1, 2))[:, None]
    chance = (shares**2).sum(axis=1)
    return np.asarray((_observed(o) - chance) / (1 - chance))


def _alpha(o: Floats, *, ordinal: bool) -> Floats:
    n = o.sum(axis=2)
    middle = np.cumsum(n, axis=1) - n / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2 if ordinal else 1 - np.eye(o.shape[1])
    chance = (n[:, :, None] * n[:, None, :] * apart).sum(axis=(1, 2)) / (n.sum(axis=1) - 1)
    return np.asarray(1 - (o * apart).sum(axis=(1, 2)) / chance)


def effort(of: Exports) -> Table:
    """How long the people worked, most answers first; people of as many answers are told apart by their time alone."""
    by_person: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (_, person), row in of.every_answer.items():
        by_person["annotator", person].append(int(row["present_ms"]) / 1000)
    for row in of.decisions:
        if row["stands"] == "true":
            by_person["expert", row["expert"]].append(int(row["present_ms"]) / 1000)
    return [_worker(seconds) for seconds in by_person.values()]


def _worker(seconds: Sequence[float]) -> dict[str, Any]:
    spent = mean(seconds) if len(seconds) >= 10 else float(np.mean(seconds))
    return {"hours": sum(seconds) / 3600, "answers": len(seconds), "mean_seconds": spent, "median_seconds": float(np.median(seconds))}
