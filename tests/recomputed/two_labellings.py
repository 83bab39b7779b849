"""What a report says of two annotators' labellings of the same images, from exports of a study that has two annotators."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy.stats import binomtest
from tests.recomputed.comparing import Reading, of_share, stepped_down
from tests.recomputed.figures import Exports, Table, cell_list, share

NAMES = ("Annotator 1", "Annotator 2")
Sets = Mapping[str, tuple[frozenset[str], frozenset[str]]]


@cache
def labellings(of: Exports) -> Sets:
    """The labels of the first annotator, who answered the most images, and of the second, by image."""
    n = Counter(row["annotator"] for image in of.complete for row in of.counting(image))
    first, second = sorted(n, key=lambda person: -n[person])
    yes = {(image, row["annotator"]): frozenset(cell_list(row["yes"])) for image in of.complete for row in of.counting(image)}
    return {image: (yes[image, first], yes[image, second]) for image in of.complete if (image, first) in yes and (image, second) in yes}


def agree(of: Exports) -> Table:
    """How the two sets of an image relate."""
    first, second = NAMES
    words = (
        "the same labels",
        f"{first} has more, and all of {second}’s",
        f"{second} has more, and all of {first}’s",
        "some in common, each has its own",
        "no label in common",
        "one of them has no label",
    )
    n = Counter(words[_relation(a, b)] for a, b in labellings(of).values())
    return [{"relation": word, "images": n[word], **share("share", n[word], sum(n.values()))} for word in words]


def _relation(a: frozenset[str], b: frozenset[str]) -> int:
    if a == b:
        return 0
    if not a or not b:
        return 5
    return 1 if a > b else 2 if b > a else 3 if a & b else 4


def agree_title(_: Exports, rows: Table) -> list[Reading]:
    """How often the sets are the same; the annotators' numbers are names."""
    return of_share(rows[0])


def by_class(of: Exports) -> Table:
    """Who has a label that the other has not, label by label, with exact sign tests, corrected after Holm."""
    sets = labellings(of).values()
    both, first, second = (
        Counter(label for pair in sets for label in part(*pair)) for part in (frozenset.__and__, frozenset.__sub__, _second)
    )
    labels = [label for label in of.names if first[label] + second[label]]
    p = [binomtest(first[label], first[label] + second[label]).pvalue for label in labels]
    sure = stepped_down(p)
    return [
        {
            "label": of.named(label),
            "both": both[label],
            "first": first[label],
            "second": second[label],
            **share("of_first", first[label], first[label] + second[label]),
            "leans": NAMES[0 if first[label] > second[label] else 1] if is_sure else None,
        }
        for label, is_sure in zip(labels, sure, strict=True)
    ]


def _second(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    return b - a


def by_class_title(_: Exports, rows: Table) -> list[Reading]:
    """How many classes lean towards either, if any does."""
    n = Counter(row["leans"] for row in rows)
    return [[n[NAMES[0]], n[NAMES[1]]] if n[NAMES[0]] or n[NAMES[1]] else []]


def against_gold(of: Exports) -> Table:
    """Both against what experts decided."""
    judged = judged_by_experts(of)
    a, b = ([(sets[place], sets[2]) for sets in judged] for place in (0, 1))
    only = [(sets[0] - sets[1], sets[2]) for sets in judged], [(sets[1] - sets[0], sets[2]) for sets in judged]
    rows = {
        "labels that are valid": (_valid(a), _valid(b)),
        "valid labels that it has": (_found(a), _found(b)),
        "images exactly right": (_severe(of, a, "right"), _severe(of, b, "right")),
        "images wrong, minor": (_severe(of, a, "minor"), _severe(of, b, "minor")),
        "images wrong, major": (_severe(of, a, "major"), _severe(of, b, "major")),
        "labels that it alone has and that are valid": (_valid(only[0]), _valid(only[1])),
    }
    return [{"measure": name, **_counted("first", *one), **_counted("second", *other)} for name, (one, other) in rows.items()]


def judged_by_experts(of: Exports) -> list[tuple[frozenset[str], frozenset[str], frozenset[str]]]:
    """Both labellings and the final labels of each image that experts decided."""
    return [(*pair, of.labels(image)) for image, pair in labellings(of).items() if _by_experts(of, image)]


def only_right(of: Exports) -> tuple[int, int, float]:
    """In how many images only the first is right, in how many only the second, and the p-value of an exact sign test."""
    right = np.array([[a == gold, b == gold] for a, b, gold in judged_by_experts(of)])
    first, second = int((right[:, 0] & ~right[:, 1]).sum()), int((right[:, 1] & ~right[:, 0]).sum())
    return first, second, float(binomtest(first, first + second).pvalue) if first + second else 1.0


Judged = Sequence[tuple[frozenset[str], frozenset[str]]]


def _by_experts(of: Exports, image: str) -> bool:
    return image in of.finals and of.finals[image][0]["source"] in ("refined", "audited")


def _valid(pairs: Judged) -> tuple[int, int]:
    return sum(len(a & gold) for a, gold in pairs), sum(len(a) for a, _ in pairs)


def _found(pairs: Judged) -> tuple[int, int]:
    return sum(len(a & gold) for a, gold in pairs), sum(len(gold) for _, gold in pairs)


def _severe(of: Exports, pairs: Judged, kind: str) -> tuple[int, int]:
    return sum(_severity(of, a, gold) == kind for a, gold in pairs), len(pairs)


def _severity(of: Exports, labels: frozenset[str], gold: frozenset[str]) -> str:
    """A set that only lacks labels, or whose wrong ones are each kin to a valid one, is a minor mistake, unless it is empty."""
    if labels == gold:
        return "right"
    is_near = all(any(_are_kin(of, label, valid) for valid in gold) for label in labels - gold)
    return "minor" if labels and is_near else "major"


def _are_kin(of: Exports, one: str, other: str) -> bool:
    """Whether one is a kind of the other, at any distance, or both have a parent or grandparent in common."""
    anywhere = len(of.parents)
    is_kind = one in _above(of, other, anywhere) or other in _above(of, one, anywhere)
    return is_kind or bool(_above(of, one, 2) & _above(of, other, 2))


def _above(of: Exports, label: str, n_steps: int) -> set[str]:
    """What this is a kind of, up to so many steps above."""
    found, level = set[str](), {label}
    for _ in range(n_steps):
        level = {parent for of_level in level for parent in of.parents.get(of_level, ())}
        found |= level
    return found


def _counted(name: str, n_of: int, n: int) -> dict[str, Any]:
    return {**share(name, n_of, n), f"of_{name}": n}


def against_gold_title(of: Exports, _: Table) -> list[Reading]:
    """In how many images exactly one of the two is right: which, where that is sure, else both counts."""
    first, second, p = only_right(of)
    return [[first, second] if p >= 0.05 else [max(first, second), first + second]]


TABLES = {"labellings-agree": agree, "labellings-by-class": by_class, "labellings-against-gold": against_gold}
TITLES = {"labellings-agree": agree_title, "labellings-by-class": by_class_title, "labellings-against-gold": against_gold_title}
