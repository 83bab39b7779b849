"""Findings about kinds: does a picture with several labels show several objects, or one object that has several names?"""

from collections.abc import Mapping

from multilabelfy.annotation.model import Relation
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import count, counted, percent
from multilabelfy.statistics.intervals import wilson

KINDS = {
    Relation.SEVERAL_OBJECTS: "several objects",
    Relation.SEVERAL_NAMES: "one object, several names",
    Relation.BOTH: "both kinds",
}


def kinds_finding(found: Mapping[Relation, int], n_several: int, dataset: Subject) -> Finding:
    """The images with several labels by how the labels relate, in the order of `Relation`; `n_several` counts the unsaid ones too."""
    n_said = sum(found.values())
    rows = []
    for relation in Relation:
        n = found.get(relation, 0)
        interval = wilson(n, n_said)
        rows.append((KINDS[relation], n, *((n / n_said, interval.low, interval.high) if interval else (None, None, None))))
    return Finding(
        slug="kinds",
        title=_title(found, n_said),
        subtitle=f"Images with several labels by how these relate; {count(n_said)} of {counted(n_several, 'image')} of {dataset}",
        definition="Whoever chose several labels said how they relate: several objects, one object that has several names, or both kinds "
        "in one picture. Images whose annotators did not say the same are left out. Shares have Wilson’s intervals at 95%.",
        table=table((("kind", "kind", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS,
        axes=("", "share of the images with several labels"),
    )


def _title(found: Mapping[Relation, int], n_said: int) -> str:
    """Which kind is the largest, where its interval lies above that of the next; else both shares."""
    (first, n_first), (second, n_second) = sorted(((relation, found.get(relation, 0)) for relation in Relation), key=lambda item: -item[1])[
        :2
    ]
    one, other = wilson(n_first, n_said), wilson(n_second, n_said)
    if one and other and one.low > other.high:
        return f"Most often several labels mean {KINDS[first]} ({percent(n_first / n_said, 0)})"
    return f"Several labels mean {KINDS[first]} ({percent(n_first / n_said, 0)}) or {KINDS[second]} ({percent(n_second / n_said, 0)})"
