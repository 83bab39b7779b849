"""A report's figures about labels, models and given labels, from exports."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.recomputed.figures import VOTES, Exports, Row, Table, cell_list, mean, share, wilson, wilson_of


def several_labels(of: Exports) -> Table:
    """The images by their number of labels."""
    sizes = Counter(len(of.labels(image)) for image in of.finals)
    return [{"labels": k, "images": sizes[k], **share("share", sizes[k], len(of.finals))} for k in range(max(sizes) + 1)]


def headline_text(of: Exports, finding: Mapping[str, Any]) -> list[str]:
    """The headline of all images, finished or not, as the definition prints it."""
    n, n_final = len(of.images), len(of.finals)
    n_several = sum(len(of.labels(image)) > 1 for image in of.finals)
    low, high = wilson(n_several, n_final)
    wanted = [f"{n_several / n_final:.1%} of all {n_final}", f"({100 * low:.1f}–{100 * high:.1f}%)"]
    wanted[1] = f"95% interval {100 * low:.1f}–{100 * high:.1f}%"
    if n > n_final:
        n_begun = len({image for image, _ in of.every_answer} - set(of.finals))
        n_untouched = n - n_final - n_begun
        scale = 1 + n_untouched / (n_final + n_begun)
        ends = (scale * n_several / n, min(1.0, scale * (n_several + n_begun) / n))
        whole = (wilson_of(ends[0], n - n_untouched)[0], wilson_of(ends[1], n - n_untouched)[1])
        wanted.append(f"Of all {n} images: {100 * whole[0]:.1f}–{100 * whole[1]:.1f}%")
        wanted.append(f"the share is between {n_several / n:.1%} and {(n_several + n - n_final) / n:.1%}")
    return [f"several-labels: its definition does not say {text!r}" for text in wanted if text not in finding["definition"]]


def kinds(of: Exports) -> Table:
    """How several labels relate."""
    words = {"several-objects": "several objects", "several-names": "one object, several names", "both": "both kinds"}
    n = Counter(rows[0]["relation"] for image, rows in of.finals.items() if rows[0]["relation"] and len(of.labels(image)) > 1)
    return [{"kind": words[kind], "images": n[kind], **share("share", n[kind], sum(n.values()))} for kind in words]


def headline_by_rule(of: Exports) -> Table:
    """Images with several labels by the votes alone, with the jackknife over annotators added to the binomial over images."""
    rules: dict[str, Callable[[list[int]], bool]] = {
        "all annotators said yes": lambda votes: all(vote == 2 for vote in votes),
        "most annotators said yes": lambda votes: sum(vote == 2 for vote in votes) > len(votes) / 2,
        "any annotator said yes": lambda votes: any(vote == 2 for vote in votes),
    }
    people = sorted({person for image in of.complete for person in of.answers[image]})
    return [_by_rule(of, name, rule, people) for name, rule in rules.items()]


def _by_rule(of: Exports, name: str, rule: Callable[[list[int]], bool], people: Sequence[str]) -> dict[str, Any]:
    whole, without = _sizes(of, rule, ""), [_sizes(of, rule, person) for person in people]
    row: dict[str, Any] = {"rule": name, "images": whole[0], "nonempty": whole[1]}
    for key, place in (("share", 0), ("share_of_nonempty", 1)):
        row |= dict(
            zip((key, f"{key}_low", f"{key}_high"), _log_odds(whole[2], whole[place], [(s[2], s[place]) for s in without]), strict=True)
        )
    return row


def _sizes(of: Exports, rule: Callable[[list[int]], bool], without: str) -> tuple[int, int, int]:
    n_labels = []
    for image in of.complete:
        votes: dict[str, list[int]] = defaultdict(list)
        for person, rows in of.answers[image].items():
            for row in rows if person != without else ():
                votes[row["label"]].append(VOTES[row["vote"]])
        n_labels += [sum(rule(answers) for answers in votes.values())] if votes else []
    return len(n_labels), sum(n > 0 for n in n_labels), sum(n > 1 for n in n_labels)


def _log_odds(n_of: int, n: int, without: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    shares = np.array([part / whole for part, whole in without if 0 < part < whole])
    if not 0 < n_of < n or len(shares) < 2:
        return (n_of / n, *wilson(n_of, n))
    odds, p = np.log(shares / (1 - shares)), n_of / n
    spread = (len(odds) - 1) / len(odds) * ((odds - odds.mean()) ** 2).sum() + 1 / (n * p * (1 - p))
    ends = np.log(p / (1 - p)) + np.array([-1, 1]) * 1.959963984540054 * np.sqrt(spread)
    low, high = 1 / (1 + np.exp(-ends))
    return p, float(low), float(high)


def models(of: Exports) -> Table:
    """Top-1, ReaL accuracy and the measures over the first k labels of each model."""
    return [_model(of, source, ranked) for source, ranked in of.ranked.items()]


def _model(of: Exports, source: str, ranked: Mapping[str, list[str]]) -> dict[str, Any]:
    images = [image for image in of.finals if image in ranked]
    with_given, labelled = [image for image in images if of.given(image)], [image for image in images if of.labels(image)]
    parts = {i: _found(ranked[i], of.labels(i)) for i in labelled if len(ranked[i]) >= len(of.labels(i))}
    by_size = defaultdict(list)
    for image, part in parts.items():
        by_size[len(of.labels(image))].append(part)
    return {
        "model": source,
        **share("top1", sum(ranked[image][0] == of.given(image) for image in with_given), len(with_given)),
        **share("real", sum(ranked[image][0] in of.labels(image) for image in labelled), len(labelled)),
        "variable_topk": float(np.mean(list(parts.values()))),
        "asma": float(np.mean([np.mean(of_size) for of_size in by_size.values()])),
        "images": len(images),
        "images_real": len(labelled),
        "images_variable_topk": len(parts),
    }


def _found(ranked: Sequence[str], labels: frozenset[str]) -> float:
    return len(labels.intersection(ranked[: len(labels)])) / len(labels)


def by_number_of_labels(of: Exports) -> Table:
    """The mean over models by number of labels; fewer than ten images have no interval."""
    by_size = defaultdict(list)
    for image in of.finals:
        by_size[len(of.labels(image))].append(image)
    return [_of_size(of, k, images) for k, images in sorted(by_size.items()) if k]


def _of_size(of: Exports, k: int, images: Sequence[str]) -> dict[str, Any]:
    first = [[ranked[image][0] for ranked in of.ranked.values()] for image in images]
    top1 = [float(np.mean([label == of.given(image) for label in of_image])) for image, of_image in zip(images, first, strict=True)]
    real = [float(np.mean([label in of.labels(image) for label in of_image])) for image, of_image in zip(images, first, strict=True)]
    figures = (mean(top1), mean(real)) if len(images) >= 10 else (float(np.mean(top1)), float(np.mean(real)))
    chance = float(np.mean([of.given(image) in of.labels(image) for image in images])) / k
    return {"labels": k, "images": len(images), "top1": figures[0], "real": figures[1], "by_chance": chance}


def misses(of: Exports) -> Table:
    """Top-1 misses that are valid labels."""
    rows = []
    for source, ranked in of.ranked.items():
        missed = [image for image in of.finals if of.labels(image) and of.given(image) not in ("", ranked[image][0])]
        n_valid = sum(ranked[image][0] in of.labels(image) for image in missed)
        rows.append({"model": source, "misses": len(missed), "valid": n_valid, **share("share", n_valid, len(missed))})
    return rows


def given_against_final(of: Exports) -> Table:
    """What became of the given labels, in the order of the printed rows."""
    kinds_of = Counter(_kind_of_given(of.given(image), of.labels(image)) for image in of.finals if of.given(image))
    return [{"outcome": kind, "images": n, **share("share", n, sum(kinds_of.values()))} for kind, n in kinds_of.items()]


def _kind_of_given(given: str, labels: frozenset[str]) -> str:
    if not labels:
        return "no label is valid"
    if given in labels:
        return "the given label alone is valid" if len(labels) == 1 else "the given label is one of several"
    return "other labels are valid instead"


def given_on_the_way(of: Exports) -> Table:
    """How far the given labels came."""
    images = [image for image in of.finals if of.given(image) and image in set(of.complete)]
    steps: dict[str, Callable[[str], bool]] = {
        "proposed": lambda image: any(of.given(image) in ranked[image] for ranked in of.ranked.values()),
        "shown": lambda image: any(of.given(image) in cell_list(row["asked"]) for row in _answers(of, image)),
        "ticked by at least one annotator": lambda image: any(_ticks(of, image)),
        "ticked by every annotator": lambda image: all(_ticks(of, image)),
        "final": lambda image: of.given(image) in of.labels(image),
    }
    n = {step: sum(map(passed, images)) for step, passed in steps.items()}
    return [{"step": step, "images": n[step], **share("share", n[step], len(images))} for step in steps]


def _answers(of: Exports, image: str) -> list[Row]:
    return [row for (of_image, _), row in of.every_answer.items() if of_image == image and row["surplus"] == "false"]


def _ticks(of: Exports, image: str) -> list[bool]:
    return [of.given(image) in cell_list(row["yes"]) for row in _answers(of, image)]
