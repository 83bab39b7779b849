"""The figures below the titles about annotators."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tests.recomputed import people
from tests.recomputed.alike import coincidences
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Table, cell_list
from tests.recomputed.telling import Texts, told


def agreement(of: Exports, _: Table) -> Texts:
    """How many questions at least two answered, on how many images, and how many of the answers are yes."""
    images = people.voted(of)
    tables = np.array([coincidences(image) for image in images])
    n = sum(sum(label in answers for answers in image) > 1 for image in images for label in set().union(*image))
    n_yes = percent(float(tables[:, 2].sum() / tables.sum()))
    return [told("; {} question(s) answered by", n), told(", {} image(s) of", len(images)), told("{}% of the answers are yes", n_yes)]


def self_agreement(of: Exports, _: Table) -> Texts:
    """How many images were answered twice, by how many people."""
    repeats = [row for row in of.checks if row["kind"] == "repeat"]
    n_people = len({row["annotator"] for row in repeats})
    return [
        told("; {} image(s) of", len(repeats)),
        told("answered twice by {} (person/people)", n_people),
    ]


def gold(of: Exports, _: Table) -> Texts:
    """How many answers by how many people, and how many that say nothing of the labels."""
    answers, tested = people.gold_answers(of), people.tested(of)
    n_people, n_silent = len({row["annotator"] for row in answers}), len(tested) - len(answers)
    who = told("; {} answer(s) by {} (person/people) on", len(answers), n_people)
    return [who, told("{} answer(s) said “cannot tell” or", n_silent)] if n_silent else [who]


def suggestion(of: Exports, rows: Table) -> Texts:
    """How many answers, and which share of the labels was chosen only with the candidates in view."""
    n = sum(row["kind"] == "search-first" for row in of.checks)
    others = [percent(1 - rows[0][name]) for name in ("share", "share_high", "share_low")]
    return [told("; {} answer(s) on", n), told("{}% of the chosen labels (95% interval {}–{}%)", *others)]


def position(of: Exports, _: Table) -> Texts:
    """How many answers on how many images and screens, and the slope from one place to the next, with its interval."""
    votes, _size = people.placed(of)
    screens = [row for image in of.complete for row in of.counting(image) if row["drawn_order"] == "true" and cell_list(row["asked"])]
    slope = people.slope(of)
    to = "–" if slope.interval[0].range(0.0)[0] > 0 else " to "
    return [
        told("; {} answer(s) on {} image(s) of", len(votes), len(np.unique(votes[:, 0]))),
        told("Over the {} screen(s)", len(screens)),
        told(f"changes by {{}} points ({{}}{to}{{}}) (least squares)", *map(percent, (slope.value, *slope.interval))),
    ]


def effort(_: Exports, rows: Table) -> Texts:
    """How many people and answers."""
    n_answers, measured = sum(row["answers"] for row in rows), [row["answers"] for row in rows if row["hours"]]
    is_partly = 0 < len(measured) < len(rows)
    partly = [told("; the time of {} answer(s) was measured", sum(measured))] if is_partly else []
    return [told("; {} (person/people), {} answer(s) on", len(rows), n_answers), *partly]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {
    "agreement": agreement,
    "self-agreement": self_agreement,
    "gold": gold,
    "suggestion": suggestion,
    "position": position,
    "effort": effort,
}
