"""A report's figures about the accuracy of models, from exports."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.recomputed.comparing import Reading, of_share, one_after_another, percent
from tests.recomputed.figures import Exports, Resampled, Table, mean, mean_of_ten, over_images, share

KINDS = {
    "several-objects": "several objects",
    "several-names": "one object with several names",
    "both": "several objects and names",
    "": "several labels of unknown relation",
}
FEWEST_TO_NAME = 3
DECIDED = {
    "agreed": "by annotators who agreed",
    "refined": "by an expert",
    "audited": "by experts in the audit of agreed images",
    "imported": "by the labels that were imported",
    "posterior": "by the posterior of the votes",
}


def models(of: Exports) -> Table:
    """Top-1, ReaL accuracy and the measures over the first k labels of each model."""
    return [_model(of, source, ranked) for source, ranked in of.ranked.items()]


def gains(of: Exports) -> list[float]:
    """By image with both a given and a valid label: the mean over models of being right by ReaL less being right by top-1."""
    both = [image for image in of.finals if of.given(image) and of.labels(image)]
    return [real(of, image) - top1(of, image) for image in both]


def top1(of: Exports, image: str) -> float:
    """The share of models whose first label is the given one."""
    return float(np.mean([ranked[image][0] == of.given(image) for ranked in of.ranked.values()]))


def real(of: Exports, image: str) -> float:
    """The share of models whose first label is valid."""
    return float(np.mean([ranked[image][0] in of.labels(image) for ranked in of.ranked.values()]))


def models_title(of: Exports, rows: Table) -> list[Reading]:
    """The gain, or the loss without its sign, as a number or as an interval."""
    sign = -1.0 if sum(gains(of)) < 0 else 1.0
    gain = mean([sign * gained for gained in gains(of)])
    best = max(rows, key=lambda row: (row["real"], row["model"]))
    counted = [[]] if len(rows) == 1 else [[len(rows)]]
    told = [[percent(gain.value)], [percent(end) for end in gain.interval], []]
    return [*one_after_another(counted, told), *of_share(best, "real")]


def _model(of: Exports, source: str, ranked: Mapping[str, list[str]]) -> dict[str, Any]:
    images = [image for image in of.finals if image in ranked]
    with_given, labelled = [image for image in images if of.given(image)], [image for image in images if of.labels(image)]
    parts = {i: _found(ranked[i], of.labels(i)) for i in labelled if len(ranked[i]) >= len(of.labels(i))}
    by_size = defaultdict(list)
    for image, part in parts.items():
        by_size[len(of.labels(image))].append(part)
    n_valid = sum(ranked[image][0] in of.labels(image) for image in labelled)
    return {
        "model": source,
        **share("top1", sum(ranked[image][0] == of.given(image) for image in with_given), len(with_given)),
        **share("real", n_valid, len(labelled)),
        "real_empty_counts_as_right": (n_valid + len(images) - len(labelled)) / len(images),
        "variable_topk": float(np.mean(list(parts.values()))),
        "asma": float(np.mean([np.mean(of_size) for of_size in by_size.values()])),
        "images": len(images),
        "images_real": len(labelled),
        "images_variable_topk": len(parts),
    }


def _found(ranked: Sequence[str], labels: frozenset[str]) -> float:
    return len(labels.intersection(ranked[: len(labels)])) / len(labels)


def by_number_of_labels(of: Exports) -> Table:
    """The mean over models by number of labels, without labels too; fewer than ten images have no interval."""
    by_size = defaultdict(list)
    for image in of.finals:
        by_size[len(of.labels(image))].append(image)
    return [_of_size(of, k, images) for k, images in sorted(by_size.items())]


def _of_size(of: Exports, k: int, images: Sequence[str]) -> dict[str, Any]:
    row = {"labels": k, "images": len(images), "top1": mean_of_ten([top1(of, image) for image in images])}
    if not k:
        return row
    chance = float(np.mean([of.given(image) in of.labels(image) for image in images])) / k
    return {**row, "real": mean_of_ten([real(of, image) for image in images]), "by_chance": chance}


def by_kind(of: Exports) -> Table:
    """The mean over models by how labels relate."""

    def kind(image: str) -> str | None:
        n_labels, relation = len(of.labels(image)), of.finals[image][0]["relation"]
        return (KINDS[relation] if n_labels > 1 else "one label") if n_labels else None

    return _by_group(of, "kind", kind)


def by_decision(of: Exports) -> Table:
    """The mean over models by how labels were decided."""
    return _by_group(of, "decided", lambda image: DECIDED[of.finals[image][0]["source"]])


def _by_group(of: Exports, name: str, group: Callable[[str], str | None]) -> Table:
    groups = defaultdict(list)
    for image in of.finals:
        if (called := group(image)) is not None:
            groups[called].append(image)
    return [{name: called, "images": len(images), **_of_group(of, images)} for called, images in groups.items()]


def _of_group(of: Exports, images: Sequence[str]) -> dict[str, Any]:
    labelled = [image for image in images if of.labels(image)]
    ranked = [image for image in labelled if all(len(by[image]) >= len(of.labels(image)) for by in of.ranked.values())]
    found = [float(np.mean([_found(by[image], of.labels(image)) for by in of.ranked.values()])) for image in ranked]
    return {
        "top1": mean_of_ten([top1(of, image) for image in images]),
        "real": mean_of_ten([real(of, image) for image in labelled]),
        "images_real": len(labelled),
        "variable_topk": mean_of_ten(found),
        "images_variable_topk": len(ranked),
    }


def group_title(_: Exports, rows: Table) -> list[Reading]:
    """Nothing, or the highest and the lowest of the groups that have an interval."""
    told: list[Reading] = [[]]
    for name in ("real", "top1"):
        sure = sorted((row for row in rows if isinstance(row.get(name), Resampled)), key=lambda row: float(row[name].value))
        told += one_after_another(of_share(sure[-1], name), of_share(sure[0], name)) if sure else []
    return told


def misses(of: Exports) -> Table:
    """Top-1 misses that are valid labels."""
    rows = []
    for source, ranked in of.ranked.items():
        missed = _missed(of, ranked)
        n_valid = sum(ranked[image][0] in of.labels(image) for image in missed)
        rows.append({"model": source, "misses": len(missed), "valid": n_valid, **share("share", n_valid, len(missed))})
    return rows


def misses_title(of: Exports, _: Table) -> list[Reading]:
    """All models' misses pooled."""
    return of_share({"share": pooled_misses(of)})


def pooled_misses(of: Exports) -> Resampled:
    """The share of all models' misses that are valid, with its bootstrap over images."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for ranked in of.ranked.values():
        for image in _missed(of, ranked):
            counts[image][0] += 1
            counts[image][1] += ranked[image][0] in of.labels(image)
    by_image = np.array([counts[image] for image in of.finals if of.labels(image)])
    return over_images(by_image, lambda sums: sums[:, 1] / sums[:, 0])


def _missed(of: Exports, ranked: Mapping[str, list[str]]) -> list[str]:
    return [image for image in of.finals if of.labels(image) and of.given(image) not in ("", ranked[image][0])]


def winners(of: Exports) -> Table:
    """The valid labels that models name first instead of the given one: on how many images, and how often over all models."""
    named = [
        (of.given(image), ranked[image][0], image)
        for ranked in of.ranked.values()
        for image in _missed(of, ranked)
        if ranked[image][0] in of.labels(image)
    ]
    times, images = Counter((given, instead) for given, instead, _ in named), Counter((g, i) for g, i, _ in set(named))
    return [{"given": of.named(g), "instead": of.named(i), "images": n, "times": times[g, i]} for (g, i), n in images.items()]


def most_frequent_title(_: Exports, rows: Table) -> list[Reading]:
    """Nothing of a few images; else how many the first pair has, after how many further pairs share its place."""
    most = max(row["images"] for row in rows)
    n_others = sum(row["images"] == most for row in rows) - 2
    return [[]] if most < FEWEST_TO_NAME else [[most], [n_others, most]]


TABLES = {
    "models": models,
    "accuracy-by-number-of-labels": by_number_of_labels,
    "accuracy-by-kind": by_kind,
    "accuracy-by-decision": by_decision,
    "misses": misses,
    "winners": winners,
}
TITLES = {
    "models": models_title,
    "accuracy-by-number-of-labels": lambda _of, _rows: [[]],
    "accuracy-by-kind": group_title,
    "accuracy-by-decision": group_title,
    "misses": misses_title,
    "winners": most_frequent_title,
}
