"""`decisions`: a table of experts' decisions, one row for each that was ever stored, oldest first.

Where votes are revealed only after a blind answer, this answer and what follows its reveal are two rows. Notes to other experts are left
out: they may name people.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from multilabelfy.annotation.model import Vote
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.formats.exported.exported import ExpertDecision, ExportedDataset, Named, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table
from multilabelfy.refinement.explanation import PARTS, parts_as_text
from multilabelfy.refinement.model import Refinement

BEFORE, AFTER, OPEN = "before-reveal", "after-reveal", "open"

COLUMNS = {
    "image": ColumnType.TEXT,
    "expert": ColumnType.TEXT,
    "kind": ColumnType.TEXT,  # why the image was before the expert: one-expert, two-experts, audit, third-expert or reopened
    "probability": ColumnType.NUMBER,  # with which it was drawn for that
    "step": ColumnType.TEXT,  # before-reveal: a blind answer; after-reveal: what followed it; open: votes were open all along
    "stands": ColumnType.TRUTH,  # the expert's newest decision, and the image was not reopened since
    "labels": ColumnType.TEXTS,  # that the expert decided are valid; nothing in a row of the step before-reveal
    "labels_before_reveal": ColumnType.TEXTS,  # that the expert chose blind; nothing in a row of the step open
    "asked": ColumnType.TEXTS,  # every label that was answered: shown, or added by the expert; without a tick it is a no
    "found": ColumnType.TEXTS,  # of these, what the expert added to the candidates
    "ticked_before": ColumnType.TEXTS,  # by any annotator
    **{part.name: ColumnType.TEXT for part in PARTS},  # why a set is empty, how two or more labels relate
    "missing_label": ColumnType.TEXT,
    "revision": ColumnType.INTEGER,
    "submitted_at": ColumnType.TIME,
    "present_ms": ColumnType.INTEGER,
}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write every decision and blind answer."""
    return Written(write_decisions(wanted.out, dataset.decisions(), dataset.labels, dataset.called, overwrite=wanted.overwrite))


def write_decisions(path: Path, decisions: Iterable[ExpertDecision], labels: LabelSpace, named: Named, *, overwrite: bool = False) -> int:
    """Write decisions in the given order; `named` says what to call an expert. Returns the number of rows. Raises InvalidInput."""
    return write_table(path, COLUMNS, _rows(decisions, labels, named), overwrite=overwrite)


def _rows(decisions: Iterable[ExpertDecision], labels: LabelSpace, named: Named) -> Iterator[TableRow]:
    for each in decisions:
        of = each.decision
        answer = of.answer_blind if of.answer_revealed is None else of.answer_revealed
        yield (
            each.path,
            named(of.expert),
            of.policy,
            of.inclusion_probability,
            _step(of),
            each.stands,
            _chosen(of.answer_revealed, labels),
            _chosen(of.answer_blind, labels),
            labels.keys_of(answer or {}),
            labels.keys_of(label for label in answer or {} if label not in of.shown),
            labels.keys_of(of.before),
            *(text or None for text in parts_as_text(of).values()),
            of.missing_label or None,
            of.revision,
            of.submitted_at,
            of.present_ms,
        )


def _step(decision: Refinement) -> str:
    if decision.answer_revealed is None:
        return BEFORE
    return OPEN if decision.answer_blind is None else AFTER


def _chosen(answer: Mapping[int, Vote] | None, labels: LabelSpace) -> list[str] | None:
    """The keys of the labels that got a yes, in the order of the labels; None without an answer."""
    return None if answer is None else labels.keys_of(label for label in sorted(answer) if answer[label] is Vote.YES)
