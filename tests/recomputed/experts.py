"""A report's figures about experts, from exports."""

from collections import defaultdict
from typing import Any

import numpy as np
from tests.recomputed.alike import Answers, jaccard, masi, of_answers
from tests.recomputed.comparing import Reading, of_share, one_after_another
from tests.recomputed.figures import Exports, Floats, Row, Table, cell_list, mean, share, wilson_of
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
        "Equal sets": mean([float(a == b) for a, b in sets], is_share=True),
        **({"Equal sets before the votes were revealed": mean([float(a == b) for a, b in blind], is_share=True)} if blind else {}),
        **{name: answers[name] for name in ("Answers alike", "Positive agreement")},
        "Jaccard similarity": mean([jaccard(a, b) for a, b in sets], is_share=True),
        "MASI similarity": mean([masi(a, b) for a, b in sets], is_share=True),
    }
    return [{"measure": name, "value": figure} for name, figure in figures.items()]


def expert_agreement_title(of: Exports, rows: Table) -> list[Reading]:
    """How often both chose the same labels: before the reveal, if votes were revealed."""
    by_name = {row["measure"]: row for row in rows}
    equal = by_name.get("Equal sets before the votes were revealed", by_name["Equal sets"])
    return [[len(pairs(of))]] if len(pairs(of)) < FEW else of_share(equal, "value")


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


def audit_title(of: Exports, rows: Table) -> list[Reading]:
    """How often agreed images were decided differently."""
    n, n_seen = sum(finals[0]["source"] == "audited" for finals in of.finals.values()), rows[0]["images"]
    return [[n]] if n < FEW else one_after_another([[n_seen, n] if n_seen else [n]], of_share(rows[0]))


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


def reveal_title(of: Exports, rows: Table) -> list[Reading]:
    """How many answers were changed."""
    return few_or_shares(len({(row["image"], row["expert"]) for row in of.decisions if row["step"] == "after-reveal"}), rows[0])


def pairs(of: Exports) -> list[tuple[Row, ...]]:
    """The last decisions of the first two independent experts of each image."""
    newest: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in of.decisions:
        if row["step"] != "before-reveal" and row["kind"] in INDEPENDENT:
            newest[row["image"]][row["expert"]] = row
    return [tuple(experts.values())[:2] for experts in newest.values() if len(experts) > 1]


def _chosen(row: Row, column: str) -> frozenset[str]:
    return frozenset(cell_list(row[column]))


def _both(first: Row, second: Row) -> list[Answers]:
    """Both experts' answers to every label that either was asked about; one that was not chosen is a no."""
    asked = {*cell_list(first["asked"]), *cell_list(second["asked"])}
    return [{label: 2 * (label in _chosen(row, "labels")) for label in asked} for row in (first, second)]


TABLES = {"expert-agreement": expert_agreement, "audit": audit, "reveal": reveal}
TITLES = {"expert-agreement": expert_agreement_title, "audit": audit_title, "reveal": reveal_title}
