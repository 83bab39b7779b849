"""How final labels came about, as the last columns of a table, and the names that stand for labels and people in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.files.write_tables import Kind, Value
from multilabelfy.formats.writing.exported import ExportedDataset, FinalImage, Named
from multilabelfy.refinement.explanation import PARTS, parts_as_text

PROVENANCE = {
    "source": Kind.TEXT,  # agreed, refined or imported
    **{part.name: Kind.TEXT for part in PARTS},  # why a set is empty, how two and more labels relate
    "decided_by": Kind.TEXTS,
    "before": Kind.TEXTS,  # what annotators had ticked before an expert decided
    "given_label": Kind.TEXT,
    "release": Kind.INTEGER,
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What stands for labels and people, the release that is written, and the hash of the analysis plan that was frozen."""

    labels: LabelSpace
    named: Named
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


def naming_of(dataset: ExportedDataset) -> Naming:
    """The names of a dataset that is exported. Raises UnknownRelease."""
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
