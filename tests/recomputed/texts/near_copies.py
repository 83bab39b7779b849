"""The figures below the title about near copies."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import near_copies as ours
from tests.recomputed.comparing import percent
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told


def near_copies(of: Exports, _: Table) -> Texts:
    """The groups, the share of the images, and how many of them are where labels contradict; how near is near."""
    n_contradicting = sum(len(rows) for rows in ours.groups(of) if len(ours.labels(rows)) > 1)
    return [
        told("; {} group(s); {}% of the images", len(ours.groups(of)), percent(len(of.copies) / len(of.images))),
        told("{} (is/are) in a group", n_contradicting),
        told("at most {} of its {} bits differ", 10, 64),
    ]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {"near-copies": near_copies}
