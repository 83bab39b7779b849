"""Findings about kinds: does a picture with several labels show several objects, or one object that has several names?"""

from collections.abc import Mapping

from multilabelfy.annotation.model import Relation
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, count, counted, share_in_words
from multilabelfy.statistics.intervals import wilson

KINDS = {
    Relation.SEVERAL_OBJECTS: "several objects",
    Relation.SEVERAL_NAMES: "one object with several names",
    Relation.BOTH: "both kinds",
}


def kinds_finding(n_by_relation: Mapping[Relation, int], n_several: int, dataset: Subject) -> Finding:
    """The images with several labels by how the labels relate, in the order of `Relation`; `n_several` includes those nobody classified."""
    n_said = sum(n_by_relation.values())
    rows = []
    for relation in Relation:
        n = n_by_relation.get(relation, 0)
        interval = wilson(n, n_said)
        rows.append((KINDS[relation], n, *((n / n_said, interval.low, interval.high) if interval else (None, None, None))))
    return Finding(
        slug="kinds",
        title=_title(n_by_relation, n_said, dataset),
        subtitle=f"Images with several labels, by how the labels relate; {count(n_said)} of {counted(n_several, 'image')} of {dataset}",
        definition="Annotators who chose several labels said how these relate: several objects, one object with several names, or both "
        "kinds in one picture. Images on which they disagreed are left out. Shares have Wilson’s intervals at 95%.",
        table=table((("kind", "kind", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS,
        axes=("", "share of the images with several labels"),
    )


def _title(n_by_relation: Mapping[Relation, int], n_said: int, dataset: Subject) -> str:
    """The most frequent kind if its interval lies above that of the next; otherwise both, unless they are of an image or two."""
    if n_said < FEWEST_TO_NAME:
        return "How several labels of an image relate"
    (first, n_first), (second, n_second) = sorted(
        ((relation, n_by_relation.get(relation, 0)) for relation in Relation), key=lambda item: -item[1]
    )[:2]
    first_interval, second_interval = wilson(n_first, n_said), wilson(n_second, n_said)
    if first_interval and second_interval and first_interval.low > second_interval.high:
        return f"Most often several labels{dataset.of_finished} mean {KINDS[first]} ({share_in_words(n_first / n_said, first_interval)})"
    shares = share_in_words(n_first / n_said, first_interval), share_in_words(n_second / n_said, second_interval)
    either = f"{KINDS[first]} ({shares[0]}) or {KINDS[second]} ({shares[1]})"
    return f"Several labels{dataset.of_finished} mean {either}"
