"""Measure a dataset's proposers on images of which the owner knows the valid labels: how many of these their lists hold."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from multilabelfy.dataset.model import ImageId, LabelSets
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.model import NO_LABEL
from multilabelfy.evaluation.proposals.recall import RecallAt, recall_at, valid_ranks
from multilabelfy.formats.reading.label_sets import read_label_sets
from multilabelfy.proposals.runs import Run
from multilabelfy.report.material import SEED
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels, proposals
from multilabelfy.workflows.workspace import Workspace

ATTEMPT = "Cannot measure recall"


def recall_of_runs(workspace: Workspace, name: str, labelled: Path) -> dict[str, RecallAt]:
    """By source, the recall at the run's k over those images of the file that have proposals by it; a run that has none is left out.

    Labels are indices of the dataset's label space, or its keys. Raises UnknownDataset, and InvalidInput where an image or a label of the
    file is not the dataset's, or where the file has no valid label.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name).id
        ids = images.ids_by_path(c, dataset)
        sets = read_label_sets(labelled, list(ids), labels.label_space(c, dataset))
        if not len(sets.labels):
            raise InvalidInput(ATTEMPT, [Problem(str(labelled), "no image has a valid label")])
        places = positions_of(sets.images, list(ids), attempt=ATTEMPT, where=f"'{name}'")
        every_id = list(ids.values())
        wanted = [ImageId(every_id[place]) for place in places]
        measured = {run.source: _recall(c, run, wanted, sets) for run in proposals.runs(c, dataset)}
    return {source: recall for source, recall in measured.items() if recall is not None}


def _recall(c: Connection, run: Run, ids: Sequence[ImageId], sets: LabelSets) -> RecallAt | None:
    kept = proposals.kept_of(c, run.id, ids)
    rows = [row for row, image in enumerate(ids) if image in kept]
    part = LabelSets.from_rows([sets.images[row] for row in rows], [sets.row(row) for row in rows])
    if not len(part.labels):
        return None
    ranked = np.full((len(rows), run.k), NO_LABEL, dtype=np.int64)
    for place, row in enumerate(rows):
        best = kept[ids[row]][0][: run.k]
        ranked[place, : len(best)] = best
    (recall,) = recall_at(valid_ranks(ranked, part), part, [run.k], seed=SEED)
    return recall
