"""How final labels came about, as the last columns of a table, and how that table names labels and people."""

from collections.abc import Iterable
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExportedDataset, FinalImage, Named
from multilabelfy.formats.files.write_tables import ColumnType, Value
from multilabelfy.refinement.explanation import PARTS, parts_as_text

PROVENANCE = {
    "source": ColumnType.TEXT,  # agreed, refined or imported
    **{part.name: ColumnType.TEXT for part in PARTS},  # why a set is empty, how two or more labels relate
    "decided_by": ColumnType.TEXTS,
    "before": ColumnType.TEXTS,  # what annotators had ticked before an expert decided
    "given_label": ColumnType.TEXT,
    "release": ColumnType.INTEGER,
}


@dataclass(frozen=True, slots=True)
class Naming:
    """How a file names labels and people, its release, and the hash of the frozen analysis plan."""

    labels: LabelSpace
    named: Named
    release: int
    plan: str | None = None

    @property
    def metadata(self) -> dict[str, str]:
        """What a file says about itself: its release and, if there is one, the hash of the frozen analysis plan."""
        plan = {} if self.plan is None else {"multilabelfy.analysis_plan_sha256": self.plan}
        return {"multilabelfy.release": str(self.release), **plan}

    def keys(self, indices: Iterable[int]) -> list[str]:
        """The labels' keys."""
        return self.labels.keys_of(indices)


def naming_of(dataset: ExportedDataset) -> Naming:
    """How to name the labels and people of this dataset. Raises UnknownRelease."""
    return Naming(dataset.labels, dataset.called, dataset.release, dataset.plan)


def provenance(image: FinalImage, naming: Naming) -> tuple[Value, ...]:
    """The cells of PROVENANCE for one image."""
    final = image.final
    return (
        final.source.value,
        *(text or None for text in parts_as_text(final).values()),
        [naming.named(person) for person in final.decided_by],
        naming.keys(final.before),
        None if image.given_label is None else naming.labels[image.given_label].key,
        naming.release,
    )
