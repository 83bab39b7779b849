"""A report's figures about near copies, from the table of groups that `copies --csv` writes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed.comparing import Reading
from tests.recomputed.figures import Exports, Row, Table

MOST_GROUPS, MOST_NAMED, MOST_LABELS = 25, 4, 3


def groups(of: Exports) -> list[list[Row]]:
    """The groups: those with two different given labels first, then the larger ones, then as they are written."""
    by_number: dict[str, list[Row]] = {}
    for row in of.copies:
        by_number.setdefault(row["group"], []).append(row)
    return sorted(by_number.values(), key=lambda rows: (len(labels(rows)) < 2, -len(rows)))


def labels(rows: list[Row]) -> set[str]:
    """The given labels of a group."""
    return {row["given_label"] for row in rows} - {""}


def near_copies(of: Exports) -> Table:
    """The first groups with their labels and images."""
    return [{"group": number, **_row(of, rows)} for number, rows in enumerate(groups(of)[:MOST_GROUPS], start=1)]


def _row(of: Exports, rows: list[Row]) -> dict[str, Any]:
    given = [of.named(label) for label in sorted(labels(rows), key=of.place)]
    n_more = len(rows) - MOST_NAMED
    return {
        "images": len(rows),
        "contradict": "yes" if len(given) > 1 else "no",
        "given": _together(given) if given else None,
        "named": ", ".join(row["image"] for row in rows[:MOST_NAMED]) + (f" and {n_more} more" if n_more > 0 else ""),
    }


def _together(names: list[str]) -> str:
    if len(names) > MOST_LABELS:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def title(of: Exports, _: Table) -> list[Reading]:
    """How many images of those compared, and in how many groups labels contradict; two counts alone where in none."""
    n_contradicting = sum(len(labels(rows)) > 1 for rows in groups(of))
    first = [len(of.copies), len(of.images)]
    return [[*first, n_contradicting, len(groups(of))] if n_contradicting else first]


TABLES: Mapping[str, Callable[[Exports], Table]] = {"near-copies": near_copies}
TITLES: Mapping[str, Callable[[Exports, Table], list[Reading]]] = {"near-copies": title}
