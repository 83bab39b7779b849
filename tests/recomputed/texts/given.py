"""The figures below the titles about given labels."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import given
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Table, share
from tests.recomputed.telling import Texts, told


def given_against_final(_: Exports, rows: Table) -> Texts:
    """The valid given labels, of all images and of those with a label."""
    n, n_valid, n_empty = sum(row["images"] for row in rows), sum(row["images"] for row in rows[:2]), rows[3]["images"]
    of_all = [percent(end) for end in share("valid", n_valid, n).values()]
    return [
        told("; {} image(s) of", n),
        told("in {} image(s): {}% of all (95% interval {}–{}%)", n_valid, *of_all),
        told("and {}% of those with at least one final label", percent(n_valid / (n - n_empty)) if n > n_empty else 0),
    ]


def given_on_the_way(of: Exports, _: Table) -> Texts:
    """How many images were answered, and how many of them are without a label."""
    images = given.answered(of)
    n_empty = sum(not of.labels(image) for image in images)
    return [told("; {} answered and released image(s) of", len(images)), told(", {} of them without a final label", n_empty)]


def replacements(_: Exports, rows: Table) -> Texts:
    """The images of the first pair."""
    return [told("; the first occurs in {} image(s)", max(row["images"] for row in rows))]


def errors_by_class(_: Exports, rows: Table) -> Texts:
    """How many given labels there are."""
    return [told("; {} given label(s)", len(rows))]


def label_errors(of: Exports, rows: Table) -> Texts:
    """On how many of the images most models name the rejected label."""
    images = [row["image"] for row in rows]
    n_named = sum(2 * given.n_naming(of, image) > len(of.ranked) for image in images)
    return [told("On {} of the {}, most models name the rejected label first", n_named, len(images))] if n_named else []


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "given-against-final": given_against_final,
    "given-on-the-way": given_on_the_way,
    "replacements": replacements,
    "errors-by-class": errors_by_class,
    "label-errors": label_errors,
}
