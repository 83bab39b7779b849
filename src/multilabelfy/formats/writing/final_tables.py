"""Final labels as tables with their provenance: long (a row a label) or with lists (a row an image).

In the long table an image whose set is empty has one row without a label, so that its reason is not lost.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.files.write_tables import Kind, TableRow, Value, write_table
from multilabelfy.refinement.model import FinalLabels

PROVENANCE = {
    "source": Kind.TEXT,  # agreed, refined or imported
    "reason": Kind.TEXT,  # why a set is empty
    "reason_note": Kind.TEXT,
    "relation": Kind.TEXT,  # of two and more labels
    "decided_by": Kind.TEXTS,
    "before": Kind.TEXTS,  # what annotators had ticked before an expert decided
    "given_label": Kind.TEXT,
    "release": Kind.INTEGER,
}
LONG = {"image": Kind.TEXT, "label": Kind.TEXT, "label_index": Kind.INTEGER, "label_name": Kind.TEXT, "n_labels": Kind.INTEGER}
LISTS = {"image": Kind.TEXT, "labels": Kind.TEXTS, "n_labels": Kind.INTEGER}


@dataclass(frozen=True, slots=True)
class FinalImage:
    """One image's final labels, with its path and the label that it came with."""

    path: str
    given_label: int | None
    final: FinalLabels


@dataclass(frozen=True, slots=True)
class Naming:
    """What stands for labels and people, the release that is written, and the hash of the analysis plan that was frozen."""

    labels: LabelSpace
    named: Callable[[AnnotatorId], str]
    release: int
    plan: str | None = None

    @property
    def metadata(self) -> dict[str, str]:
        """What a file says of itself: the release, and the hash of the frozen analysis plan where there is one."""
        plan = {} if self.plan is None else {"multilabelfy.analysis_plan_sha256": self.plan}
        return {"multilabelfy.release": str(self.release), **plan}

    def keys(self, indices: Iterable[int]) -> list[str]:
        """The labels' keys."""
        return [self.labels[index].key for index in indices]


def write_long(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """A row for each final label, in the order in which they were decided; returns the number of rows. Raises InvalidInput."""
    return write_table(path, LONG | PROVENANCE, _long_rows(finals, naming), metadata=naming.metadata, overwrite=overwrite)


def write_lists(path: Path, finals: Iterable[FinalImage], naming: Naming, *, overwrite: bool = False) -> int:
    """A row for each image; returns the number of rows. Raises InvalidInput."""
    rows = ((one.path, naming.keys(one.final.labels), len(one.final.labels), *_provenance(one, naming)) for one in finals)
    return write_table(path, LISTS | PROVENANCE, rows, metadata=naming.metadata, overwrite=overwrite)


def _long_rows(finals: Iterable[FinalImage], naming: Naming) -> Iterator[TableRow]:
    for one in finals:
        about = (len(one.final.labels), *_provenance(one, naming))
        for index in one.final.labels:
            label = naming.labels[index]
            yield (one.path, label.key, index, label.name, *about)
        if not one.final.labels:
            yield (one.path, None, None, None, *about)


def _provenance(one: FinalImage, naming: Naming) -> tuple[Value, ...]:
    final = one.final
    return (
        final.source.value,
        final.reason.value if final.reason else None,
        final.reason_note or None,
        final.relation.value if final.relation else None,
        [naming.named(person) for person in final.decided_by],
        naming.keys(final.before),
        None if one.given_label is None else naming.labels[one.given_label].key,
        naming.release,
    )
