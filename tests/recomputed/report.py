"""Recompute the figures of a report from exports alone, with NumPy and SciPy, and say where the report prints something else.

    python -m tests.recomputed.report EXPORTS REPORT

EXPORTS holds the tables named in `NEEDED`, and `checks` if there are any, as CSV and named after their formats; REPORT holds `report.json`.
What differs is listed, and then the exit status is 1. Nothing of Multilabelfy is imported: the definitions are those that the report prints
under its figures. Closed forms must be equal to the last digit. The end of a resampled interval must lie within three Monte Carlo errors of
a bootstrap of our own: between the quantiles of our resamples that are three standard errors of a share of resamples to either side.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from math import isclose, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from tests.recomputed import labels_and_models, people
from tests.recomputed.figures import N_RESAMPLES, Exports, Floats, Resampled, Table, read

NEEDED = ("parquet", "answers", "votes", "decisions", "proposals")
N_PRINTED, ERRORS = 1_000, 3
DELTA = ERRORS * sqrt(0.025 * 0.975 * (1 / N_PRINTED + 1 / N_RESAMPLES))
RECOMPUTED: Mapping[str, Callable[[Exports], Table]] = {
    "several-labels": labels_and_models.several_labels,
    "kinds": labels_and_models.kinds,
    "headline-by-rule": labels_and_models.headline_by_rule,
    "models": labels_and_models.models,
    "accuracy-by-number-of-labels": labels_and_models.by_number_of_labels,
    "misses": labels_and_models.misses,
    "given-against-final": labels_and_models.given_against_final,
    "given-on-the-way": labels_and_models.given_on_the_way,
    "beyond-the-candidates": people.beyond_the_candidates,
    "agreement": people.agreement,
    "self-agreement": people.self_agreement,
    "expert-agreement": people.expert_agreement,
    "audit": people.audit,
    "reveal": people.reveal,
    "effort": people.effort,
}
"""How the table of each finding is recomputed."""
NOT_RECOMPUTED = frozenset(
    {"accuracy-by-kind", "accuracy-by-decision", "proposer-and-models", "winners", "specification-curve", "position", "errors-by-class"}
    | {"label-errors", "replacements", "images-without-labels", "images-without-labels-one-by-one", "ranks", "model-trends"}
    | {"real-against-top1", "gold", "suggestion", "two-labellings"}
)
"""Findings that nobody recomputes here: lists of images and labels, further cuts of the same figures, and what a demo does not have."""


def differences(exports: Path, report: Path) -> list[str]:
    """Every printed figure that differs from ours, and every finding of which nobody knows how to recompute it."""
    findings = {finding["slug"]: finding for finding in json.loads((report / "report.json").read_text(encoding="utf-8"))["findings"]}
    of, found = read(exports), []
    for slug, finding in findings.items():
        if slug in RECOMPUTED:
            found += [f"{slug}: {problem}" for problem in compared(records(finding), RECOMPUTED[slug](of))]
        elif slug not in NOT_RECOMPUTED:
            found.append(f"{slug}: it is not recomputed")
    return [*found, *labels_and_models.headline_text(of, findings["several-labels"])]


def records(finding: Mapping[str, Any]) -> Table:
    """The rows of a finding's table by column."""
    names = [column["name"] for column in finding["table"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in finding["table"]["rows"]]


def compared(printed: Table, ours: Table) -> Iterator[str]:
    """Where the rows that we recomputed differ from the printed ones; the first of our columns names a row."""
    key = next(iter(ours[0])) if ours else ""
    by_name = {_name(row[key]): row for row in printed}
    for row in ours:
        if _name(row[key]) not in by_name:
            yield f"there is no row {row[key]!r}"
            continue
        for name, value in row.items():
            yield from (f"{row[key]}: {problem}" for problem in _of_cell(by_name[_name(row[key])], name, value))


def _name(cell: Any) -> Any:
    """What tells a row from the others; numbers but for rounding."""
    return round(cell, 9) if isinstance(cell, float) else cell


def _of_cell(printed: Mapping[str, Any], name: str, ours: Any) -> Iterator[str]:
    """What is wrong with one figure, and with its interval if it has one of its own."""
    if not isinstance(ours, Resampled):
        yield from _unless_equal(name, printed[name], ours)
        return
    yield from _unless_equal(name, printed[name], ours.value)
    ends = (printed[f"{name}_low"], printed[f"{name}_high"])
    if ours.ends is not None:
        yield from (problem for end, own in zip(ends, ours.ends, strict=True) for problem in _unless_equal(f"an end of {name}", end, own))
    elif ours.drawn is not None:
        yield from _unless_near(name, ends, ours.drawn)


def _unless_equal(name: str, printed: Any, ours: Any) -> Iterator[str]:
    """Closed forms agree to the last digit that a double holds, but for the order of sums."""
    are_numbers = isinstance(printed, int | float) and isinstance(ours, int | float)
    if not (isclose(printed, ours, rel_tol=1e-9, abs_tol=1e-12) if are_numbers else printed == ours):
        yield f"{name} is printed as {printed}, and is {ours}"


def _unless_near(name: str, ends: tuple[float | None, float | None], drawn: Floats) -> Iterator[str]:
    """Resampled intervals agree within their Monte Carlo error."""
    defined = drawn[np.isfinite(drawn)]
    for end, share in zip(ends, (0.025, 0.975), strict=True):
        low, high = np.quantile(defined, [max(0.0, share - DELTA), min(1.0, share + DELTA)])
        if end is None or not low - 1e-9 <= end <= high + 1e-9:
            yield f"the interval of {name} ends at {end}, and should between {low} and {high}"


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit("\n".join(found) or None)
