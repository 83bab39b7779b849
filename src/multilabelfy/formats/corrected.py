"""The corrected dataset as a table: a row an image, with the label that it came with, what is valid, and how sure that is.

Made to train and to measure with: `corrected_label` for a single-label learner, `labels` for a multi-label one. It goes in again as final
labels or label sets; `labels` is a list in Parquet, and joined by `|` in CSV.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.labels.correction import correction_of, single_label
from multilabelfy.formats.long_tables import JOINED_BY, Kind, TableRow, write_table
from multilabelfy.refinement.model import FinalLabels

COLUMNS = {
    "image": Kind.TEXT,
    "given_label": Kind.TEXT,
    "correction": Kind.TEXT,  # see `evaluation.correction`
    "corrected_label": Kind.TEXT,  # where exactly one label is valid
    "labels": Kind.TEXTS,  # all that are valid
    "n_labels": Kind.INTEGER,
    "reason": Kind.TEXT,  # why a set is empty
    "relation": Kind.TEXT,  # of two and more labels
    "source": Kind.TEXT,  # agreed, refined or imported
    "n_annotators": Kind.INTEGER,
    "certainty": Kind.NUMBER,  # the share of the annotators who chose exactly these labels
    "given_support": Kind.NUMBER,  # the share of the annotators who chose the given label
    "release": Kind.INTEGER,
}


@dataclass(frozen=True, slots=True)
class CorrectedImage:
    """One image's final labels beside what it came with. `chosen` are the labels that each annotator chose, whose answers count."""

    path: str
    given_label: int | None
    final: FinalLabels
    chosen: tuple[frozenset[int], ...] = ()

    @property
    def certainty(self) -> float | None:
        """The share of the annotators who chose exactly the final labels; None where nobody annotated."""
        return _share([labels == frozenset(self.final.labels) for labels in self.chosen])

    @property
    def given_support(self) -> float | None:
        """The share of the annotators who chose the given label; None where nobody annotated, or none was given."""
        return None if self.given_label is None else _share([self.given_label in labels for labels in self.chosen])


def write_corrected(path: Path, found: Iterable[CorrectedImage], labels: LabelSpace, release: int, *, overwrite: bool = False) -> int:
    """A row an image, in the order of the import; returns their number. Raises InvalidInput, also for CSV where a key holds a `|`."""
    joined = [label.key for label in labels.labels if JOINED_BY in label.key] if path.suffix.lower() == ".csv" else []
    if joined:
        problem = Problem(str(path), f"the label '{joined[0]}' has a '{JOINED_BY}' in its key, by which CSV joins the labels of an image")
        raise InvalidInput("Cannot write", [problem], "Write a .parquet file instead.")
    return write_table(path, COLUMNS, _rows(found, labels, release), overwrite=overwrite)


def _rows(found: Iterable[CorrectedImage], labels: LabelSpace, release: int) -> Iterator[TableRow]:
    for one in found:
        final = one.final
        single = single_label(final.labels)
        yield (
            one.path,
            None if one.given_label is None else labels[one.given_label].key,
            correction_of(one.given_label, final.labels).value,
            None if single is None else labels[single].key,
            [labels[index].key for index in final.labels],
            len(final.labels),
            final.reason.value if final.reason else None,
            final.relation.value if final.relation else None,
            final.source.value,
            len(one.chosen),
            one.certainty,
            one.given_support,
            release,
        )


def _share(held: list[bool]) -> float | None:
    return sum(held) / len(held) if held else None
