"""Gather the groups of images in which `evaluate --by` measures, from what the files say about each image."""

from collections.abc import Sequence
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.many_models.groups import Grouping
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.checks import ATTEMPT
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.evaluation.measures.provenance import KINDS, SOURCES, kind_groups, source_groups
from multilabelfy.formats.reading.label_provenance import read_relations, read_sources


def groupings(labelled: LabelledImages, by: Sequence[By], labels: Path) -> tuple[Grouping, ...]:
    """Each requested grouping once; `labels` is the file of the label sets.

    Raises InvalidInput if there are no given labels to group by, or if the file does not say how its labels came about.
    """
    return tuple(_grouping(labelled, grouped_by, labels) for grouped_by in dict.fromkeys(by))


def _grouping(labelled: LabelledImages, by: By, labels: Path) -> Grouping:
    images = labelled.sets.images
    if by is By.LABELS:
        return Grouping(by, labelled.sets.counts)
    if by is By.KIND:
        return Grouping(by, kind_groups(labelled.sets.counts.tolist(), read_relations(labels, images)), KINDS)
    if by is By.SOURCE:
        return Grouping(by, source_groups(read_sources(labels, images)), SOURCES)
    if labelled.given is None:
        problem = Problem("--by class", "the groups are the given labels, and there are none")
        raise InvalidInput(ATTEMPT, [problem], "Name them with --given.")
    return Grouping(by, labelled.given)
