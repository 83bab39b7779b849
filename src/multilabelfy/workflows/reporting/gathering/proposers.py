"""Measure the proposers of a study as models, on the released images that most of their proposals cover."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages, Rankings
from multilabelfy.evaluation.proposals.missed import Missed, missed
from multilabelfy.report.material import SEED
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import proposals


@dataclass(frozen=True)
class Proposed:
    """The proposers that cover the same images, as models to evaluate, and how many released images each proposer covers."""

    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...]
    covered: dict[str, int]
    left_out: tuple[str, ...]
    missed: Missed | None = None


def proposers_measured(c: Connection, dataset: StoredDataset, labelled: LabelledImages) -> Proposed:
    """Measure the proposers on the images of the one that covers the most; a proposer that covers fewer of them is left out."""
    place = {path: position for position, path in enumerate(labelled.sets.images)}
    ranked: dict[str, dict[int, list[int]]] = {run.source: {} for run in proposals.runs(c, dataset.id)}
    for path, proposed in proposals.iterate(c, dataset.id):
        if path in place:
            for proposal in proposed:
                ranked[proposal.source].setdefault(place[path], []).append(proposal.label)
    covered = {source: len(rows) for source, rows in ranked.items() if rows}
    most = max(covered, key=lambda source: covered[source], default=None)
    rows = sorted(ranked[most]) if most is not None else []
    sources = [source for source in covered if ranked[source].keys() >= set(rows)]
    part = labelled.of(np.array(rows, dtype=np.int64))
    rankings = [_rankings(source, [ranked[source][row] for row in rows]) for source in sources]
    models = [model for of_source in rankings for model in evaluated(part, of_source)]
    left_out = tuple(source for source in covered if source not in sources)
    return Proposed(part, tuple(models), covered, left_out, _missed(rankings, part))


def _missed(rankings: Sequence[Rankings], part: LabelledImages) -> Missed | None:
    """What the proposers' lists hold, each as deep as the shallowest."""
    if not rankings:
        return None
    depth = min(of_source.ranked.shape[2] for of_source in rankings)
    ranked = np.concatenate([of_source.ranked[:, :, :depth] for of_source in rankings])
    return missed([of_source.models[0] for of_source in rankings], ranked, part.sets, depth, seed=SEED)


def _rankings(source: str, rows: Sequence[Sequence[int]]) -> Rankings:
    padded = np.full((1, len(rows), max(map(len, rows))), NO_LABEL, dtype=np.int64)
    for place, row in enumerate(rows):
        padded[0, place, : len(row)] = row
    return Rankings((source,), padded)
