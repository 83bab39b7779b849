"""Small material whose findings a reader can check by eye: what the report's tests start from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Report, Subject
from multilabelfy.report.material import Material
from multilabelfy.report.story import told

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)


def labelled(rows: Sequence[Sequence[int]], given: Sequence[int] | None = None) -> LabelledImages:
    """Images 0.jpg, 1.jpg, … with these label sets."""
    sets = LabelSets.from_rows([f"{i}.jpg" for i in range(len(rows))], rows)
    return LabelledImages(sets, None if given is None else np.array(given))


def models(images: LabelledImages, **first: Sequence[int]) -> tuple[EvaluatedModel, ...]:
    """Models by name, each with one label an image."""
    return evaluated(images, Rankings(tuple(first), np.array(list(first.values()))[:, :, np.newaxis]))


def material(n_times: int = 30) -> Material:
    """Many times five images: one label, two, three, none, a wrong given label; a good model, and one that is never right."""
    images = labelled([[0], [1, 2], [3, 4, 5], [], [7]] * n_times, [0, 1, 3, 6, 8] * n_times)
    found = models(images, good=[0, 2, 3, 6, 7] * n_times, bad=[9] * 5 * n_times)
    return Material(Subject("Toys"), images, found, reasons={EmptyReason.UNUSABLE: n_times})


@cache
def report(n_times: int = 30) -> Report:
    """The report of that material."""
    return told(material(n_times), made_at=NOW, version="1.2.3")
