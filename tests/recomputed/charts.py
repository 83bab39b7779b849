"""What is written into figures: every number beside a mark, or told of it, is a cell of the row that the mark stands for.

The tables are recomputed; here are only the texts of a figure's data (`figures/*.json`), where a report has them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.recomputed.comparing import NUMBER, Difference, reads, without
from tests.recomputed.figures import Table

WRITTEN = ("figure", "told")
LEVEL = "95% interval"


def mislabelled(report: Path, finding: Mapping[str, Any], rows: Table, names: Iterable[str]) -> Iterator[Difference]:
    """The numbers in a finding's figure that none of its rows has."""
    path = report / "figures" / f"{finding['slug']}.json"
    if not path.exists():
        return
    n_images = sum(row.get("images") or 0 for row in rows) if finding["slug"] == "several-labels" else 1
    for text in sorted(set(_texts(json.loads(path.read_text(encoding="utf-8"))))):
        of_mark = [row for row in rows if _words_of(row) and text.startswith(_words_of(row)[0])] or rows
        called = {LEVEL, *names, *finding["series"].values(), *(name for row in of_mark for name in _words_of(row))}
        cells = [float(cell) for row in of_mark for cell in row.values() if isinstance(cell, int | float) or (cell and cell.isdigit())]
        for number in NUMBER.findall(without(called, text)):
            if not any(reads(number, by * cell) for cell in cells for by in (1, 100, n_images)):
                yield Difference("its figure", f"nobody recomputes {number} in “{text}”")


def _words_of(row: Mapping[str, Any]) -> list[str]:
    return [cell for cell in row.values() if isinstance(cell, str) and not cell.isdigit()]


def _texts(specification: Any) -> Iterator[str]:
    """Everything that a figure's data say in words."""
    if isinstance(specification, list):
        for part in specification:
            yield from _texts(part)
    elif isinstance(specification, dict):
        yield from (specification[name] for name in WRITTEN if isinstance(specification.get(name), str))
        for part in specification.values():
            yield from _texts(part)
