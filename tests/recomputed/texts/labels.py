"""The figures below the titles about label sets."""

from collections.abc import Callable, Mapping
from math import floor
from typing import Any

import numpy as np
from tests.recomputed import labels
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Table, share
from tests.recomputed.telling import Texts, told


def several_labels(of: Exports, _: Table) -> Texts:
    """The headline of the finished images, of those with a label, and of all; the mean; what is possible at all."""
    whole, sizes = labels.headline(of), [len(of.labels(image)) for image in of.finals]
    images = "finished image(s)" if of.is_unfinished else "image(s)"
    n_labelled, n_several = sum(size > 0 for size in sizes), sum(size > 1 for size in sizes)
    of_all, of_labelled = ([percent(end) for end in share("share", n_several, n).values()] for n in (len(sizes), n_labelled))
    texts = [
        told(f"; {{}} {images}, {{}} without any", len(sizes), sizes.count(0)),
        told(f"{{}}% of all {{}} {images} (95% interval {{}}–{{}}%)", of_all[0], len(sizes), *of_all[1:]),
        told("{}% of the {} with any label ({}–{}%)", of_labelled[0], n_labelled, *of_labelled[1:]),
        told("The mean is {} labels per image", float(np.mean(sizes))),
    ]
    if of.is_unfinished:
        texts.append(told("Of all {} image(s): {}–{}% (95% interval)", whole["n"], *map(percent, whole["whole"])))
        texts.append(told("the share is between {}% and {}%", *map(percent, whole["bounds"])))
    return texts


def kinds(of: Exports, rows: Table) -> Texts:
    """How many images of how many have a kind."""
    n_several = sum(len(of.labels(image)) > 1 for image in of.finals)
    return [told("; {} of {} image(s) of", sum(row["images"] for row in rows), n_several)]


def headline_by_rule(of: Exports, rows: Table) -> Texts:
    """How many images were answered and how many are released, and what is known of labels beyond the candidates."""
    return [told("; {} answered image(s) of", rows[0]["images"]), told(", {} released", len(of.finals)), *beyond(of)]


def beyond(of: Exports) -> Texts:
    both, once, _ = labels.beyond_the_candidates(of)
    n_found = both["labels"] + once["labels"]
    if not n_found:
        return _searches(of)
    return [told("by search ({} label(s) in {} image(s))", n_found, len(labels.searched_by_two(of))), *missing(of)]


def missing(of: Exports) -> Texts:
    """The fewest labels that neither of two annotators found, and the bound with its interval."""
    *_, neither = labels.beyond_the_candidates(of)
    low, high = neither["labels"].interval
    estimate = "(Chao’s lower bound is {}, 95% interval {} to {})", neither["labels"].value, low, high
    n_least = floor(low.range(0.0)[0])
    least = told(f"at least {{}} more were found by neither of two annotators {estimate[0]}", n_least, *estimate[1:])
    return [least if n_least else told(f"possibly no more were found by neither of two annotators {estimate[0]}", *estimate[1:])]


def _searches(of: Exports) -> Texts:
    """How often the first two annotators of an image used the search."""
    pairs = labels.searched_by_two(of)
    n = sum(of.every_answer[rows[0]["image"], rows[0]["annotator"]]["search_used"] == "true" for pair in pairs for rows in pair)
    return [told("search was used in {} of {} answers", n, 2 * len(pairs))]


def beyond_the_candidates(of: Exports, _: Table) -> Texts:
    """How many images two annotators answered, and how often they searched."""
    return [told("; {} image(s) of", len(labels.searched_by_two(of))), *_searches(of)]


def images_without_labels(of: Exports, rows: Table) -> Texts:
    """How many there are, of how many."""
    return [told("; {} of {} image(s)", sum(row["images"] for row in rows), len(of.finals))]


def one_by_one(of: Exports, rows: Table) -> Texts:
    """How many images, and how many models name labels for them."""
    return [told("; {} image(s); {} model(s)", len(rows), len(of.ranked)) if of.ranked else told("; {} image(s)", len(rows))]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "several-labels": several_labels,
    "kinds": kinds,
    "headline-by-rule": headline_by_rule,
    "beyond-the-candidates": beyond_the_candidates,
    "images-without-labels": images_without_labels,
    "images-without-labels-one-by-one": one_by_one,
}
