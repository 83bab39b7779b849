"""Gather what people were asked about each image, and who had proposed it, for what a report says of the proposer's own family."""

from collections.abc import Mapping, Sequence

import numpy as np

from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import ImageId, LabelSets
from multilabelfy.evaluation.many_models.own_family import LabelsAsked, only_family
from multilabelfy.evaluation.many_models.traits import family_of
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates, proposals

Answers = Mapping[ImageId, Sequence[Annotation]]


def questions_asked(
    c: Connection, dataset: StoredDataset, measured: LabelledImages, finals: Sequence[FinalLabels], answers: Answers
) -> LabelsAsked:
    """The labels asked about on each measured image; `finals` are in the same order. `answers` are the annotations that count."""
    ids = [final.image for final in finals]
    proposers = _proposers(c, dataset, ids)
    shown = candidates.frozen(c, ids)
    families = sorted({family_of(source) for source in proposers})
    judged, alone, is_found = [], [], []
    for place, final in enumerate(finals):
        labels = frozenset(candidate.label for candidate in shown.get(final.image, ()))
        annotations = answers.get(final.image, ())
        judged.append(_judged(final, labels, annotations))
        given = frozenset() if measured.given is None else frozenset({int(measured.given[place])})
        sources = [frozenset([source for source, best in proposers.items() if label in best.get(place, ())]) for label in final.labels]
        of_label = dict(zip(final.labels, sources, strict=True))
        by_search = _beyond_candidates(final, labels, annotations)
        alone += only_family(of_label, final.labels, given | by_search)
        is_found += [label in by_search for label in final.labels]
    codes = [families.index(family) if family else -1 for family in alone]
    return LabelsAsked(
        LabelSets.from_rows(measured.sets.images, judged), np.array(codes, dtype=np.int64), tuple(families), np.array(is_found, dtype=bool)
    )


def _proposers(c: Connection, dataset: StoredDataset, images: Sequence[ImageId]) -> dict[str, dict[int, list[int]]]:
    """For each source that proposed for any of these images, its best labels by the image's place."""
    runs = proposals.best_of_runs(c, dataset.id, images)
    return {run.source: dict(zip(run.place.tolist(), run.labels.tolist(), strict=True)) for run in runs if len(run.place)}


def _judged(final: FinalLabels, shown: frozenset[int], annotations: Sequence[Annotation]) -> frozenset[int]:
    """The labels that anybody judged; an expert judges all candidates. None if the labels were imported."""
    if not SOURCES[final.source].by_annotators:
        return frozenset()
    voted = frozenset(label for annotation in annotations for label in votes_of(annotation))
    by_expert = shown if SOURCES[final.source].by_experts else frozenset()
    return voted | by_expert | frozenset(final.labels)


def _beyond_candidates(final: FinalLabels, shown: frozenset[int], annotations: Sequence[Annotation]) -> frozenset[int]:
    """The labels that annotators found by search, or that an expert added to the candidates."""
    by_search = frozenset(label for annotation in annotations for label in annotation.unprompted)
    return by_search | (frozenset(final.labels) - shown if shown else frozenset())
