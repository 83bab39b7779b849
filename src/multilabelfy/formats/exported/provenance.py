"""How final labels came about, as the last columns of a table, and how that table names labels and people."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExportedDataset, FinalImage, Named
from multilabelfy.formats.files.write_tables import Columns, ColumnType, Value
from multilabelfy.refinement.explanation import PARTS, parts_as_text
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior

PROVENANCE = {
    "source": ColumnType.TEXT,  # agreed, refined, audited, imported or posterior
    **{part.name: ColumnType.TEXT for part in PARTS},  # why a set is empty, how two or more labels relate
    "decided_by": ColumnType.TEXTS,
    "before": ColumnType.TEXTS,  # what annotators had ticked before an expert decided
    "given_label": ColumnType.TEXT,
    "release": ColumnType.INTEGER,
}
CHANCE: Columns = {"chance": ColumnType.NUMBER}  # of a label that the posterior settled
CHANCES: Columns = {"chances": ColumnType.NUMBERS}  # the same of an image's labels, in their order


@dataclass(frozen=True, slots=True)
class Naming:
    """How a file names labels and people, its release, the hash of the frozen analysis plan, and how the posterior settled images of it."""

    labels: LabelSpace
    named: Named
    release: int
    plan: str | None = None
    by_posterior: ByPosterior | None = None

    @property
    def metadata(self) -> dict[str, str]:
        """What a file says about itself: its release and, where there are any, the hash of the frozen analysis plan and the posterior."""
        plan = {} if self.plan is None else {"multilabelfy.analysis_plan_sha256": self.plan}
        posterior = {} if self.by_posterior is None else {"multilabelfy.by_posterior": json.dumps(asdict(self.by_posterior))}
        return {"multilabelfy.release": str(self.release), **plan, **posterior}

    def with_chances(self, columns: Columns, chances: Columns) -> Columns:
        """The columns of a table, followed by those of chances only if the release has any: other tables stay as they are."""
        return {**columns, **chances} if self.by_posterior else columns

    def keys(self, indices: Iterable[int]) -> list[str]:
        """The labels' keys."""
        return self.labels.keys_of(indices)


def naming_of(dataset: ExportedDataset) -> Naming:
    """How to name the labels and people of this dataset. Raises UnknownRelease."""
    return Naming(dataset.labels, dataset.called, dataset.release, dataset.plan, dataset.by_posterior)


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
