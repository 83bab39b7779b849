"""The figures below the titles about proposals."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import proposals
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told


def by_k(of: Exports, _: Table) -> Texts:
    """How many models, valid labels and images."""
    images = proposals.images_of(of)
    n_valid = sum(len(of.labels(image)) for image in images)
    return [
        told("{} model(s) by the number k", len(of.ranked)),
        told("; {} valid label(s) of {} image(s) of", n_valid, len(images)),
    ]


def by_number_of_labels(of: Exports, _: Table) -> Texts:
    """How many labels are proposed."""
    k = proposals.depth(of)
    return [told("among the first {} of", k), told("more than {} valid labels cannot have all of them among the first {}.", k, k)]


def by_class(of: Exports, rows: Table) -> Texts:
    """How many labels are proposed, and how many there are."""
    return [told("among the first {} of", proposals.depth(of)), told("; {} label(s)", len(rows))]


def together(of: Exports, _: Table) -> Texts:
    """How many labels are proposed, and by how many models."""
    k = proposals.depth(of)
    return [told("among the first {}, of the best of {} model(s)", k, len(of.ranked)), told("and cut at {},", k)]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "proposals-by-k": by_k,
    "proposals-by-number-of-labels": by_number_of_labels,
    "proposals-by-class": by_class,
    "proposals-of-several-models": together,
}
