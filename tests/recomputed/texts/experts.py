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
    n_half = len(experts.half(of))
    half = [told("On {} further image(s) one of two experts has decided", n_half)] if n_half else []
    return [told("; {} image(s) of", len(pairs)), told("decided by both, {} of which annotators had agreed on", n_agreed), *half]


def audit(of: Exports, rows: Table) -> Texts:
    """How many images of the audit are decided, how many are not, and how many at least and at most differ."""
    n_decided, n_open, n_seen = len(experts.decided(of)), len(experts.opened(of)), rows[0]["images"]
    texts = [told("; {} decided image(s) of {} drawn on", n_decided, n_decided + n_open)]
    still = "{} drawn image(s) (is/are) not decided yet: of all {}, {} to {} differ"
    return [*texts, told(still, n_open, n_decided + n_open, n_seen, n_seen + n_open)] if n_open else texts


def reveal(of: Exports, _: Table) -> Texts:
    """How many answers by how many experts."""
    after = {(row["image"], row["expert"]) for row in of.decisions if row["step"] == "after-reveal"}
    n_open = len(experts.unrevealed(of))
    still = [told("{} blind answer(s) more (waits/wait) for the reveal", n_open)] if n_open else []
    return [told("; {} answer(s) by {} expert(s) on", len(after), len({expert for _, expert in after})), *still]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "expert-agreement": expert_agreement,
    "audit": audit,
    "reveal": reveal,
}
