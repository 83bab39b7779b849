"""The figures below the titles about proposals."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import labels, many_models, proposals
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told
from tests.recomputed.texts import labels as labels_below


def by_k(of: Exports, _: Table) -> Texts:
    """How many models, valid labels and images."""
    images = proposals.images_of(of)
    n_valid = sum(len(of.labels(image)) for image in images)
    return [
        told("{} model(s) against the keys", len(of.ranked)),
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
    return [told("among the first {}, of the best of {} model(s)", k, len(of.ranked)), told("lists are cut at {},", k)]


def found_by_search(of: Exports, rows: Table) -> Texts:
    """How many labels of how many images, and what is known of those that nobody found."""
    n_images = sum(bool(of.labels(image)) for image in many_models.judged(of))
    both, once, _ = labels.beyond_the_candidates(of)
    missing = labels_below.missing(of) if both["labels"] + once["labels"] else []
    return [told("; {} valid label(s) of {} image(s) of", sum(row["n"] for row in rows), n_images), *missing]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "proposals-by-k": by_k,
    "proposals-by-number-of-labels": by_number_of_labels,
    "proposals-by-class": by_class,
    "proposals-of-several-models": together,
    "found-by-search": found_by_search,
}
