"""Recompute the figures of a report from exports alone, with NumPy and SciPy, and say where the report prints something else.

    python -m tests.recomputed.report EXPORTS REPORT

EXPORTS holds the files named in `NEEDED`, `checks.csv`, the table of simulated studies `ways-to-ask.csv` and `copies.csv` if there are any,
or label files (`figures.read_files`); REPORT holds `report.json`. What differs is listed, and then the exit status is 1. Nothing of
Multilabelfy is imported: the definitions are those that the report prints under its figures.

Every row and every cell of every table is recomputed, and so is every number in the summary, in titles, in the texts below them and beside
pictures, and under Methods: one that nobody recomputes is a difference, unless `telling` lists it as no result. Closed forms must be equal
to the last digit; the end of a resampled interval must lie within three Monte Carlo errors of a bootstrap of our own (see `comparing`).
Each module recomputes one room of the report: labels, the headline by the posterior (with `posterior`), models (one by one, beside each
other, along a trend, and on a replicate), the specification curve, given labels, annotators, experts, two annotators' labellings,
proposals (and several of them together), ways to ask, and near copies; its namesake in `texts` tells what stands below the titles.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.recomputed import (
    by_posterior,
    charts,
    drop,
    experts,
    given,
    labels,
    many_models,
    methods,
    models,
    near_copies,
    people,
    pictures,
    proposals,
    specifications,
    texts,
    together,
    trend_line,
    two_labellings,
    ways_to_ask,
)
from tests.recomputed.comparing import Cut, Difference, Reading, beyond_chance, compared, ends_of, misread
from tests.recomputed.figures import Exports, Table, read

NEEDED = ("parquet.csv", "answers.csv", "votes.csv", "decisions.csv", "proposals.csv", "croissant.json")
ROOMS = (
    labels,
    by_posterior,
    models,
    many_models,
    trend_line,
    drop,
    specifications,
    given,
    people,
    experts,
    two_labellings,
    proposals,
    together,
    ways_to_ask,
    near_copies,
)
TABLES: Mapping[str, Callable[[Exports], Table]] = {slug: table for room in ROOMS for slug, table in room.TABLES.items()}
"""How the table of each finding is recomputed."""
TITLES: Mapping[str, Callable[[Exports, Table], list[Reading]]] = {slug: title for room in ROOMS for slug, title in room.TITLES.items()}
"""The figures that the title of each finding may tell, from its recomputed table."""
KEYS = {
    "effort": ("answers", "hours"),
    "winners": ("given", "instead"),
    "replacements": ("given", "instead"),
    "specification-curve": ("measure", "labels", "images"),
}
"""The columns that name a row, where it is not the first."""
CUTS = {
    "winners": Cut(20, ("images", "times")),
    "replacements": Cut(20, ("images",)),
    "errors-by-class": Cut(25, ("shrunk_low",)),
    "proposals-by-class": Cut(25, ("shrunk_high",), ascending=True),
}
"""The tables that print their first rows alone."""


def differences(exports: Path, report: Path) -> list[str]:
    """Every printed figure that differs from ours, and every finding of which nobody knows how to recompute it."""
    printed = json.loads((report / "report.json").read_text(encoding="utf-8"))
    of = exports_in(exports)
    found = [one for finding in printed["findings"] for one in _of_finding(exports, report, finding)]
    n_ends = sum(ends_of(table_of(exports, finding["slug"])) for finding in printed["findings"] if finding["slug"] in TABLES)
    return [str(one) for one in (*beyond_chance(found, n_ends), *_of_summary(of, printed), *methods.misstated(of, printed["methods"]))]


@cache
def exports_in(folder: Path) -> Exports:
    """The exports of a folder, read once."""
    return read(folder)


@cache
def table_of(exports: Path, slug: str) -> Table:
    """A finding's table as we compute it, once."""
    return TABLES[slug](exports_in(exports))


def _of_finding(exports: Path, report: Path, finding: Mapping[str, Any]) -> Iterator[Difference]:
    slug, of = finding["slug"], exports_in(exports)
    if slug not in TABLES:
        yield Difference(slug, "it is not recomputed")
        return
    ours = table_of(exports, slug)
    found = [
        *compared(records(finding), ours, KEYS.get(slug, ()), CUTS.get(slug)),
        *misread(finding["title"], TITLES[slug](of, ours), _names(of)),
        *texts.misstated(of, ours, finding, _names(of)),
        *pictures.miscaptioned(of, finding),
        *charts.mislabelled(report, finding, records(finding), _names(of)),
    ]
    yield from (replace(one, where=f"{slug}, {one.where}") for one in found)


def records(finding: Mapping[str, Any]) -> Table:
    """The rows of a finding's table by column."""
    names = [column["name"] for column in finding["table"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in finding["table"]["rows"]]


def _of_summary(of: Exports, printed: Mapping[str, Any]) -> Iterator[Difference]:
    """The summary tells how far a study is, the headline, and titles that stand below as well."""
    *progress, headline = printed["summary"][: 2 if of.is_study else 1]
    others = printed["summary"][len(progress) + 1 :]
    titles = {f"{finding['title']}." for finding in printed["findings"]}
    for line in progress:
        yield from misread(line, labels.progress_sentence(of))
    yield from misread(headline, labels.headline_sentence(of))
    yield from (Difference("the summary", f"it tells “{line}”, which is no finding’s title") for line in others if line not in titles)


def _names(of: Exports) -> tuple[str, ...]:
    """What holds digits without being a figure."""
    return (*of.ranked, *two_labellings.NAMES)


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit("\n".join(found) or None)
