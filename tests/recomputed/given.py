"""A report's figures about the given labels, from exports."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln
from scipy.stats import beta as beta_distribution
from tests.recomputed.comparing import Reading, of_share, one_after_another, percent
from tests.recomputed.figures import Exports, Floats, Near, Table, cell_list, share
from tests.recomputed.models import most_frequent_title

LEAST_WEIGHT = 0.01
NEAR = 2e-5
"""How far two searches for the same maximum may end apart, in a share: below what a table prints."""


def given_against_final(of: Exports) -> Table:
    """What became of the given labels."""
    kinds = Counter(_kind_of_given(of.given(image), of.labels(image)) for image in of.finals if of.given(image))
    return [{"outcome": kind, "images": kinds[kind], **share("share", kinds[kind], sum(kinds.values()))} for kind in OUTCOMES]


OUTCOMES = (
    "the given label alone is valid",
    "the given label is one of several",
    "other labels are valid instead",
    "no label is valid",
)


def given_title(_: Exports, rows: Table) -> list[Reading]:
    """The share that is valid."""
    return of_share(share("share", sum(row["images"] for row in rows[:2]), sum(row["images"] for row in rows)))


def _kind_of_given(given: str, labels: frozenset[str]) -> str:
    if not labels:
        return OUTCOMES[3]
    if given in labels:
        return OUTCOMES[0] if len(labels) == 1 else OUTCOMES[1]
    return OUTCOMES[2]


def given_on_the_way(of: Exports) -> Table:
    """How far the given labels came, and how far those of images that ended without a label."""
    images = answered(of)
    steps: dict[str, Callable[[str], bool]] = {
        "proposed": lambda image: any(of.given(image) in ranked[image] for ranked in of.ranked.values()),
        "shown": lambda image: any(of.given(image) in cell_list(row["asked"]) for row in of.counting(image)),
        "ticked by at least one annotator": lambda image: any(_ticks(of, image)),
        "ticked by every annotator": lambda image: all(_ticks(of, image)),
        "final": lambda image: of.given(image) in of.labels(image),
    }
    empty = [image for image in images if not of.labels(image)]
    n, n_empty = ({step: sum(map(passed, some)) for step, passed in steps.items()} for some in (images, empty))
    return [
        {
            "step": step,
            "images": n[step],
            **share("share", n[step], len(images)),
            "empty": n_empty[step],
            "share_of_empty": n_empty[step] / len(empty) if empty else None,
        }
        for step in steps
    ]


def answered(of: Exports) -> list[str]:
    """The images with a given label that annotators answered and that are released."""
    return [image for image in of.finals if of.given(image) and of.counting(image)]


def on_the_way_title(_: Exports, rows: Table) -> list[Reading]:
    """How many were ticked by everybody, and how many are final."""
    by_step = {row["step"]: row for row in rows}
    return one_after_another(of_share(by_step["ticked by every annotator"]), of_share(by_step["final"]))


def _ticks(of: Exports, image: str) -> list[bool]:
    return [of.given(image) in cell_list(row["yes"]) for row in of.counting(image)]


def rejected(of: Exports) -> list[str]:
    """The images that have labels, but not the given one."""
    return [image for image in of.finals if of.given(image) and of.labels(image) and of.given(image) not in of.labels(image)]


def replacements(of: Exports) -> Table:
    """What is valid instead of rejected given labels."""
    pairs = Counter((of.given(image), label) for image in rejected(of) for label in of.labels(image))
    return [{"given": of.named(given), "instead": of.named(instead), "images": n} for (given, instead), n in pairs.items()]


def replacements_title(of: Exports, rows: Table) -> list[Reading]:
    """How many were rejected, and how often the first replacement occurs."""
    return one_after_another([[len(rejected(of))]], most_frequent_title(of, rows))


def label_errors(of: Exports) -> Table:
    """The images whose given label was rejected; sure is the share of annotators who did not tick it, or, without votes, of models."""
    return [
        {
            "image": image,
            "given": of.named(of.given(image)),
            "final": ", ".join(of.named(row["label"]) for row in of.finals[image]),
            "sure": _sure(of, image),
        }
        for image in rejected(of)
    ]


def label_errors_title(_: Exports, rows: Table) -> list[Reading]:
    """How many there are; of one, no number."""
    return [[len(rows)] if len(rows) > 1 else []]


def n_naming(of: Exports, image: str) -> int:
    """How many models name the given label first."""
    return sum(ranked[image][0] == of.given(image) for ranked in of.ranked.values())


def _sure(of: Exports, image: str) -> float:
    if not of.is_study:
        return float(np.mean([ranked[image][0] in of.labels(image) for ranked in of.ranked.values()]))
    ticks = _ticks(of, image)
    return 1 - sum(ticks) / len(ticks) if ticks else 0.0


def errors_by_class(of: Exports) -> Table:
    """The shares of rejected given labels, plain and shrunk towards all (beta-binomial model, fitted by maximum likelihood)."""
    n = Counter(of.given(image) for image in of.finals if of.given(image))
    wrong = Counter(of.given(image) for image in of.finals if of.given(image) and of.given(image) not in of.labels(image))
    a, b = prior_of(np.array([wrong[given] for given in n], dtype=float), np.array(list(n.values()), dtype=float))
    return [_class(of, given, wrong[given], n[given], a, b) for given in n]


def _class(of: Exports, given: str, n_wrong: int, n: int, a: float, b: float) -> dict[str, Any]:
    posterior = beta_distribution(a + n_wrong, b + n - n_wrong)
    shrunk = (float(posterior.mean()), *map(float, posterior.ppf([0.025, 0.975])))
    cells = zip(("shrunk", "shrunk_low", "shrunk_high"), (Near(value, NEAR) for value in shrunk), strict=True)
    return {"given": of.named(given), "rejected": n_wrong, "images": n, **share("share", n_wrong, n), **dict(cells)}


def prior_of(wrong: Floats, n: Floats) -> tuple[float, float]:
    """The prior of greatest likelihood, of a mean between the extremes and of no more weight than all other given labels together."""

    def parameters(of: Floats) -> tuple[float, float]:
        mean = 1 / (1 + np.exp(-of[0]))
        return mean * np.exp(of[1]), (1 - mean) * np.exp(of[1])

    def unlikely(of: Floats) -> float:
        a, b = parameters(of)
        return float(-(betaln(wrong + a, n - wrong + b) - betaln(a, b)).sum())

    end, most = float(np.log(2 * n.sum() + 1)), max(float(n.sum() - n.max()), 2 * LEAST_WEIGHT)
    bounds = [(-end, end), (np.log(LEAST_WEIGHT), np.log(most))]
    starts = [np.array([np.log((wrong.sum() + 0.5) / (n.sum() - wrong.sum() + 0.5)), start]) for start in np.linspace(*bounds[1], 5)]
    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
    ends = [minimize(unlikely, start, method="Nelder-Mead", bounds=bounds, options=options) for start in starts]
    return parameters(min(ends, key=lambda found: float(found.fun)).x)


def errors_by_class_title(_: Exports, rows: Table) -> list[Reading]:
    """Nothing, or how many are above the mean, the mean, and the interval of the first."""
    overall = sum(row["rejected"] for row in rows) / sum(row["images"] for row in rows)
    above = [row for row in rows if row["shrunk_low"].value > overall and row["rejected"] > 2]
    if not above:
        return [[]]
    first = max(above, key=lambda row: float(row["shrunk_low"].value))
    n_tied = sum((row["rejected"], row["images"]) == (first["rejected"], first["images"]) for row in above)
    others = [n_tied - 2] if n_tied > 3 else []
    ends = [percent(first["shrunk_low"]), percent(first["shrunk_high"])]
    return [[*([len(above)] if len(above) > 1 else []), percent(overall), *others, *ends]]


TABLES = {
    "given-against-final": given_against_final,
    "given-on-the-way": given_on_the_way,
    "replacements": replacements,
    "errors-by-class": errors_by_class,
    "label-errors": label_errors,
}
TITLES = {
    "given-against-final": given_title,
    "given-on-the-way": on_the_way_title,
    "replacements": replacements_title,
    "errors-by-class": errors_by_class_title,
    "label-errors": label_errors_title,
}
