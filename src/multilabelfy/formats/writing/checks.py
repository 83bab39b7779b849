"""`checks`: a table of quality checks, one row for each answer that stands: gold, repeats of own images, and answers by search first.

None of these answers to gold and repeats is a vote. An answer by search first is one, once the candidates are in view: its votes are in
`votes`, and here is what preceded them.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import CheckAnswer, ExportedDataset, Named, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "image": ColumnType.TEXT,
    "annotator": ColumnType.TEXT,
    "kind": ColumnType.TEXT,  # practice, gold-calibration, gold-test, repeat or search-first
    "probability": ColumnType.NUMBER,  # with which the check was drawn
    "outcome": ColumnType.TEXT,
    "asked": ColumnType.TEXTS,  # the labels in groups that were opened, in their order on the page
    "yes": ColumnType.TEXTS,
    "maybe": ColumnType.TEXTS,
    "found": ColumnType.TEXTS,  # of these, by search
    "first_yes": ColumnType.TEXTS,  # by search alone, before the candidates came into view; nothing unless search-first
    "first_maybe": ColumnType.TEXTS,
    "known": ColumnType.TEXTS,  # the valid labels of gold; nothing for other kinds
    "retired": ColumnType.TRUTH,  # gold that counts no more
    "revision": ColumnType.INTEGER,
    "submitted_at": ColumnType.TIME,
    "present_ms": ColumnType.INTEGER,
    "protocol_version": ColumnType.INTEGER,
    "guidelines_version": ColumnType.INTEGER,
}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every check that was answered."""
    return Written(write_checks(wanted.out, dataset.checks(), dataset.labels, dataset.called, overwrite=wanted.overwrite))


def write_checks(path: Path, checks: Iterable[CheckAnswer], labels: LabelSpace, named: Named, *, overwrite: bool = False) -> int:
    """Write checks in the given order; `named` says what to call an annotator. Returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(checks, labels, named), overwrite=overwrite)


def _rows(checks: Iterable[CheckAnswer], labels: LabelSpace, named: Named) -> Iterator[TableRow]:
    for check in checks:
        answer = check.answer
        first = answer.search_first
        yield (
            check.path,
            named(answer.annotator),
            check.kind,
            check.probability,
            answer.outcome.value,
            labels.keys_of(answer.screen.shown()),
            _with(Vote.YES, answer.answers, labels),
            _with(Vote.MAYBE, answer.answers, labels),
            labels.keys_of(answer.unprompted),
            None if first is None else _with(Vote.YES, first, labels),
            None if first is None else _with(Vote.MAYBE, first, labels),
            None if check.known is None else labels.keys_of(sorted(check.known)),
            check.is_retired,
            answer.revision,
            answer.submitted_at,
            answer.present_ms,
            answer.screen.protocol_version,
            answer.screen.guidelines_version,
        )


def _with(vote: Vote, answers: Mapping[int, Vote], labels: LabelSpace) -> list[str]:
    return labels.keys_of(sorted(label for label, given in answers.items() if given is vote))
