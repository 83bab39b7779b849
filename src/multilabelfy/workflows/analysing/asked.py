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
    sources = _sources(c, dataset, frozenset(measured.sets.images))
    shown = candidates.frozen(c, [final.image for final in finals])
    families = sorted({family_of(source) for of_image in sources.values() for of_label in of_image.values() for source in of_label})
    judged, alone = [], []
    for place, (path, final) in enumerate(zip(measured.sets.images, finals, strict=True)):
        labels = frozenset(candidate.label for candidate in shown.get(final.image, ()))
        annotations = answers.get(final.image, ())
        judged.append(_judged(final, labels, annotations))
        given = frozenset() if measured.given is None else frozenset({int(measured.given[place])})
        alone += only_family(sources.get(path, {}), final.labels, given | _beyond_candidates(final, labels, annotations))
    codes = [families.index(family) if family else -1 for family in alone]
    return LabelsAsked(LabelSets.from_rows(measured.sets.images, judged), np.array(codes, dtype=np.int64), tuple(families))


def _sources(c: Connection, dataset: StoredDataset, images: frozenset[str]) -> dict[str, dict[int, frozenset[str]]]:
    """The sources that proposed each label of each image, by path."""
    by_path: dict[str, dict[int, frozenset[str]]] = {}
    for path, proposed in proposals.iterate(c, dataset.id):
        of_label: dict[int, set[str]] = {}
        for proposal in proposed if path in images else ():
            of_label.setdefault(proposal.label, set()).add(proposal.source)
        by_path[path] = {label: frozenset(sources) for label, sources in of_label.items()}
    return by_path


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
    return by_search | (frozenset(final.labels) - shown)
