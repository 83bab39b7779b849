"""A report's figures about experts, from exports."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from tests.recomputed.alike import Answers, jaccard, masi, of_answers
from tests.recomputed.comparing import Reading, of_share, one_after_another
from tests.recomputed.figures import Exports, Resampled, Row, Table, cell_list, missing, share_of_images, wilson_of
from tests.recomputed.people import FEW, few_or_shares

INDEPENDENT = ("two-experts", "audit")


def expert_agreement(of: Exports) -> Table:
    """How far the first two independent experts of an image agree: as decided, and before the reveal."""
    decided = pairs(of)
    images = [_both(a, b) for a, b in decided]
    blind = [
        [_chosen(row, "labels_before_reveal") for row in pair] for pair in decided if all(row["step"] == "after-reveal" for row in pair)
    ]
    sets = [[frozenset(label for label, vote in answers.items() if vote) for answers in image] for image in images]
    answers = of_answers(images)
    figures = {
        "Equal sets": _equal(sets, len(half(of))),
        **({"Equal sets before the votes were revealed": _equal(blind, len(half(of)))} if blind else {}),
        **{name: answers[name] for name in ("Answers alike", "Positive agreement")},
        "Jaccard similarity": share_of_images([jaccard(a, b) for a, b in sets]),
        "MASI similarity": share_of_images([masi(a, b) for a, b in sets]),
    }
    return [{"measure": name, "value": figure} for name, figure in figures.items()]


def _equal(sets: Sequence[Sequence[frozenset[str]]], n_half: int) -> Resampled:
    found = missing("equal", sum(a == b for a, b in sets), len(sets), n_half)
    return Resampled(found["equal"], None, (found["equal_low"], found["equal_high"]))


def expert_agreement_title(of: Exports, rows: Table) -> list[Reading]:
    """How often both chose the same labels: before the reveal, if votes were revealed."""
    by_name = {row["measure"]: row for row in rows}
    equal = by_name.get("Equal sets before the votes were revealed", by_name["Equal sets"])
    return [[len(pairs(of))]] if len(pairs(of)) < FEW else of_share(equal, "value")


def audit(of: Exports) -> Table:
    """How often experts decided agreed images differently, each weighted by one over the probability with which it was drawn."""
    sets = [(frozenset(cell_list(of.finals[image][0]["before"])), of.labels(image)) for image in decided(of)]
    what = {
        "was decided differently": [before != after for before, after in sets],
        "lacks a label that experts chose": [bool(after - before) for before, after in sets],
        "has a label that experts rejected": [bool(before - after) for before, after in sets],
    }
    return [_estimated(of, name, holds) for name, holds in what.items()]


def _estimated(of: Exports, name: str, holds: Sequence[bool]) -> dict[str, Any]:
    p, low, high = weighted(of, holds)
    return {"what": name, "images": sum(holds), "open": len(opened(of)), "share": p, "share_low": low, "share_high": high}


def weighted(of: Exports, holds: Sequence[bool]) -> tuple[float, float, float]:
    """A share of the decided images of the audit; Wilson's interval reaches from none of the open images to all of them."""
    drawn = {row["image"]: float(row["probability"]) for row in of.decisions if row["kind"] == "audit"}
    known, still = (np.array([1 / drawn.get(image, max(drawn.values())) for image in images]) for images in (decided(of), opened(of)))
    every = np.concatenate([known, still])
    so, n = float((known * np.array(holds)).sum()), float(every.sum() ** 2 / (every**2).sum())
    least, most = so / every.sum(), (so + still.sum()) / every.sum()
    return so / known.sum(), 0.0 if least == 0 else wilson_of(least, n)[0], 1.0 if most == 1 else wilson_of(most, n)[1]


def decided(of: Exports) -> list[str]:
    """The images of the audit that are final."""
    return [image for image, rows in of.finals.items() if rows[0]["source"] == "audited"]


def opened(of: Exports) -> list[str]:
    """The images of the audit that are not: experts saw them, or annotators agree and did not decide."""
    seen = {row["image"] for row in of.decisions if row["kind"] == "audit"}
    unseen = {image for image in of.waiting | of.by_posterior if of.is_agreed(image)}
    return sorted((seen | unseen) - set(decided(of)))


def audit_title(of: Exports, rows: Table) -> list[Reading]:
    """How often agreed images were decided differently."""
    n, n_seen, n_open = len(decided(of)), rows[0]["images"], rows[0]["open"]
    told = [*([n_seen] if n_seen else []), n, *([n_open] if n_open else [])]
    return [[n]] if n < FEW else one_after_another([told], of_share(rows[0]))


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
    return [{"what": what, "answers": n[what], **missing("share", n[what], len(sets), len(unrevealed(of)))} for what in n]


def unrevealed(of: Exports) -> set[tuple[str, str]]:
    """Whose blind answers to which images wait for what they say after the reveal."""
    by_step = {
        step: {(row["image"], row["expert"]) for row in of.decisions if row["step"] == step} for step in ("before-reveal", "after-reveal")
    }
    return by_step["before-reveal"] - by_step["after-reveal"]


def reveal_title(of: Exports, rows: Table) -> list[Reading]:
    """How many answers were changed."""
    return few_or_shares(len({(row["image"], row["expert"]) for row in of.decisions if row["step"] == "after-reveal"}), rows[0])


def pairs(of: Exports) -> list[tuple[Row, ...]]:
    """The last decisions of the first two independent experts of each image."""
    return [tuple(experts.values())[:2] for experts in _newest(of).values() if len(experts) > 1]


def half(of: Exports) -> list[str]:
    """The images that one of two independent experts has decided."""
    return [image for image, experts in _newest(of).items() if len(experts) == 1]


def _newest(of: Exports) -> dict[str, dict[str, Row]]:
    newest: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in of.decisions:
        if row["step"] != "before-reveal" and row["kind"] in INDEPENDENT:
            newest[row["image"]][row["expert"]] = row
    return newest


def _chosen(row: Row, column: str) -> frozenset[str]:
    return frozenset(cell_list(row[column]))


def _both(first: Row, second: Row) -> list[Answers]:
    """Both experts' answers to every label that either was asked about; one that was not chosen is a no."""
    asked = {*cell_list(first["asked"]), *cell_list(second["asked"])}
    return [{label: 2 * (label in _chosen(row, "labels")) for label in asked} for row in (first, second)]


TABLES = {"expert-agreement": expert_agreement, "audit": audit, "reveal": reveal}
TITLES = {"expert-agreement": expert_agreement_title, "audit": audit_title, "reveal": reveal_title}
