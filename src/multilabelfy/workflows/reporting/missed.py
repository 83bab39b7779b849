"""Report what models' proposals hold of the valid labels in files: which model to propose with, how many labels, and whether several."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from multilabelfy import __version__
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.proposals.calibration import known_scores
from multilabelfy.evaluation.proposals.missed import missed
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.findings import Report, Subject, chapters_of
from multilabelfy.report.material import SEED
from multilabelfy.report.methods import intervals_of, methods_of_files
from multilabelfy.workflows.evaluating.evaluation import labelled_images, rankings_for, read_space
from multilabelfy.workflows.reporting.gathering.naming import is_certain

ATTEMPT = "Cannot measure recall"
AS_LABELLED = "The labels in the file count as all that are valid."


def missed_by_files(
    labels: Path, predictions: Sequence[Path], *, k: int, now: datetime, label_space: str | None = None, subject: str = ""
) -> Report:
    """Measure every model of the files on the images of `labels`, as deep as the shallowest of them. Raises InvalidInput."""
    space = read_space(label_space, labels)
    read = [(path, read_predictions(path, space)) for path in predictions]
    labelled = labelled_images(labels, None, space, next((predicted.images for _, predicted in read if predicted.images), None))
    n_labels = None if space is None else len(space)
    each = [rankings_for(labelled, predicted, str(path), n_labels, depth=k) for path, predicted in read]
    depth = min(of_file.ranked.shape[2] for of_file in each)
    ranked = np.concatenate([np.asarray(of_file.ranked)[:, :, :depth].astype(np.int64) for of_file in each])
    scores = np.concatenate([known_scores(of_file)[:, :, :depth] for of_file in each])
    models = [model for of_file in each for model in of_file.models]
    _require_unique(models, predictions)
    measured = missed(models, ranked, labelled.sets, k, seed=SEED, scores=scores)
    if measured is None:
        raise InvalidInput(ATTEMPT, [Problem(str(labels), "no image has a valid label")])
    names = Names(space if label_space or is_certain(space, labelled.sets) else None)
    findings = tuple(missed_findings(measured, AS_LABELLED, names.of, Subject(subject)))
    return Report(
        title=f"What proposals hold of the valid labels of {Subject(subject)}",
        summary=tuple(f"{finding.title}." for finding in findings),
        findings=findings,
        methods=(*methods_of_files(str(labels), None, [str(path) for path in predictions]), *intervals_of(findings)),
        made_at=now,
        version=__version__,
        chapters=chapters_of([("The proposals", findings)]),
    )


def _require_unique(models: Sequence[str], predictions: Sequence[Path]) -> None:
    twice = sorted({model for model in models if models.count(model) > 1})
    if twice:
        where = ", ".join(map(str, predictions))
        raise InvalidInput(ATTEMPT, [Problem(where, f"there are several models of the name '{model}'") for model in twice])
