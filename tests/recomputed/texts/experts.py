"""The figures below the titles about experts."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import experts
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told


def expert_agreement(of: Exports, _: Table) -> Texts:
    """How many images two experts decided, and on how many of these annotators had agreed."""
    pairs = experts.pairs(of)
    n_agreed = sum(first["kind"] == "audit" for first, _ in pairs)
    return [told("; {} image(s) of", len(pairs)), told("decided by both, {} of which annotators had agreed on", n_agreed)]


def audit(of: Exports, _: Table) -> Texts:
    """How many images of the audit are decided, and how many are not, of those that experts have seen."""
    n_decided = sum(rows[0]["source"] == "audited" for rows in of.finals.values())
    n_open = len({row["image"] for row in of.decisions if row["kind"] == "audit"}) - n_decided
    texts = [told("; {} audited image(s) of", n_decided)]
    return [*texts, told("{} drawn image(s) (is/are) not decided yet", n_open)] if n_open else texts


def reveal(of: Exports, _: Table) -> Texts:
    """How many answers by how many experts."""
    after = {(row["image"], row["expert"]) for row in of.decisions if row["step"] == "after-reveal"}
    return [told("; {} answer(s) by {} expert(s) on", len(after), len({expert for _, expert in after}))]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "expert-agreement": expert_agreement,
    "audit": audit,
    "reveal": reveal,
}
