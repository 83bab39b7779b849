"""`answers`: a table of annotators' answers, one row for each that stands, also for those that are not votes (cannot tell, unfit picture).

`votes` has the same answers label by label, and no row for an answer without votes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.page import is_as_drawn
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExportedDataset, Named, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "image": ColumnType.TEXT,
    "annotator": ColumnType.TEXT,
    "outcome": ColumnType.TEXT,
    "asked": ColumnType.TEXTS,  # the labels in groups that were opened, in their order on the page
    "group_size": ColumnType.INTEGER,  # how many candidates a group has
    "drawn_order": ColumnType.TRUTH,  # the candidates stood in an order drawn at random, not in the model's
    "yes": ColumnType.TEXTS,
    "maybe": ColumnType.TEXTS,
    "unsure_between": ColumnType.TEXTS,  # what was ticked by who could not tell: no votes
    "relation": ColumnType.TEXT,
    "missing_label": ColumnType.TEXT,
    "unfit_reason": ColumnType.TEXT,
    "search_used": ColumnType.TRUTH,
    "revision": ColumnType.INTEGER,
    "surplus": ColumnType.TRUTH,  # beyond the protocol's overlap: it counts for a posterior, not for the rule
    "submitted_at": ColumnType.TIME,
    "present_ms": ColumnType.INTEGER,
    "protocol_version": ColumnType.INTEGER,
    "guidelines_version": ColumnType.INTEGER,
}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every answer that stands."""
    written = write_answers(wanted.out, dataset.answers(), dataset.labels, dataset.called, seed=dataset.seed, overwrite=wanted.overwrite)
    return Written(written)


def write_answers(
    path: Path, answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, *, seed: int, overwrite: bool = False
) -> int:
    """Write each image's answers; `named` says what to call an annotator, `seed` draws orders. Returns the number of rows.

    Raises InvalidInput.
    """
    return write_table(path, COLUMNS, _rows(answers, labels, named, seed), overwrite=overwrite)


def _rows(answers: Iterable[tuple[str, Annotation]], labels: LabelSpace, named: Named, seed: int) -> Iterator[TableRow]:
    for image, answer in answers:
        screen = answer.screen
        yield (
            image,
            named(answer.annotator),
            answer.outcome.value,
            labels.keys_of(screen.shown()),
            screen.group_size,
            is_as_drawn(screen.candidates, seed=seed, image=answer.image, annotator=answer.annotator),
            labels.keys_of(sorted(answer.chosen())),
            labels.keys_of(sorted(answer.doubted())),
            labels.keys_of(sorted(answer.unsure_between)),
            answer.relation.value if answer.relation else None,
            answer.missing_label or None,
            answer.unfit_reason.value if answer.unfit_reason else None,
            screen.search_used or bool(answer.unprompted),
            answer.revision,
            answer.surplus,
            answer.submitted_at,
            answer.present_ms,
            screen.protocol_version,
            screen.guidelines_version,
        )
