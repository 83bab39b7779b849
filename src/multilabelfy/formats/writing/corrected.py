"""`corrected`: the corrected dataset as a table: one row per image, with its given label, its valid labels, and how sure they are.

Use it to train and to measure: `corrected_label` for a single-label learner, `labels` for a multi-label one. It can be read again as final
labels or label sets; `labels` is a list in Parquet, and joined by `|` in CSV (see `files.joined_lists`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.labels.correction import Correction, correction_of, single_label
from multilabelfy.formats.exported.exported import CorrectedImage, ExportedDataset, Wanted, Written, corrections
from multilabelfy.formats.exported.provenance import CHANCES
from multilabelfy.formats.files.write_tables import Columns, ColumnType, TableRow, write_table
from multilabelfy.refinement.explanation import CHOSEN_PARTS, parts_as_text

COLUMNS = {
    "image": ColumnType.TEXT,
    "given_label": ColumnType.TEXT,
    "correction": ColumnType.TEXT,  # see `evaluation.correction`
    "corrected_label": ColumnType.TEXT,  # if exactly one label is valid
    "labels": ColumnType.TEXTS,  # all valid labels
    "n_labels": ColumnType.INTEGER,
    **{part.name: ColumnType.TEXT for part in CHOSEN_PARTS},  # why a set is empty, how two or more labels relate
    "source": ColumnType.TEXT,  # agreed, refined, audited, imported or posterior
    "n_annotators": ColumnType.INTEGER,
    "certainty": ColumnType.NUMBER,  # the share of the annotators who chose exactly these labels
    "given_support": ColumnType.NUMBER,  # the share of the annotators who chose the given label
    "release": ColumnType.INTEGER,
}


WORDS = {
    Correction.STANDS: ("given label stands", "given labels stand"),
    Correction.REPLACED: ("is replaced by one label", "are replaced by one label"),
    Correction.ONE_OF_SEVERAL: ("is one of several", "are one of several"),
    Correction.REPLACED_BY_SEVERAL: ("is replaced by several", "are replaced by several"),
    Correction.NO_LABEL: ("image has no label", "images have no label"),
    Correction.NONE_GIVEN: ("image came without one", "images came without one"),
}
"""What became of one given label, and of several."""


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write each image that has final labels, and note what became of the given ones."""
    images = list(dataset.corrected_images())
    has_chances = dataset.by_posterior is not None
    n_rows = write_corrected(wanted.out, images, dataset.labels, dataset.release, has_chances=has_chances, overwrite=wanted.overwrite)
    return Written(n_rows, n_rows, (_in_words(images),) if images else ())


def write_corrected(
    path: Path, images: Iterable[CorrectedImage], labels: LabelSpace, release: int, *, has_chances: bool = False, overwrite: bool = False
) -> int:
    """Write one row per image, in the order of the import; returns their number. Raises InvalidInput.

    `has_chances`: the posterior settled images of the release, and a last column holds the chances of their labels.
    """
    return write_table(path, columns_of(has_chances=has_chances), _rows(images, labels, release, has_chances), overwrite=overwrite)


def columns_of(*, has_chances: bool) -> Columns:
    """The columns of the table."""
    return {**COLUMNS, **CHANCES} if has_chances else COLUMNS


def _rows(images: Iterable[CorrectedImage], labels: LabelSpace, release: int, has_chances: bool) -> Iterator[TableRow]:
    for image in images:
        final = image.final
        single = single_label(final.labels)
        beside = parts_as_text(final)
        yield (
            image.path,
            None if image.given_label is None else labels[image.given_label].key,
            correction_of(image.given_label, final.labels).value,
            None if single is None else labels[single].key,
            labels.keys_of(final.labels),
            len(final.labels),
            *(beside[part.name] or None for part in CHOSEN_PARTS),
            final.source.value,
            len(image.chosen),
            image.certainty,
            image.given_support,
            release,
            *((final.chances or None,) if has_chances else ()),
        )


def _in_words(images: Iterable[CorrectedImage]) -> str:
    """What became of the given labels, as a sentence without its full stop."""
    return ", ".join(f"{n} {WORDS[kind][n != 1]}" for kind, n in corrections(images).items())
