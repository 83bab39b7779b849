"""Gather the material of a report from label files, without a study."""

from dataclasses import dataclass
from pathlib import Path

from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Subject
from multilabelfy.report.material import Material, Original
from multilabelfy.report.methods import methods_of_files
from multilabelfy.workflows.evaluating.evaluation import evaluate, labelled_images, read_space
from multilabelfy.workflows.reporting.gathering.judged import judged_in_files
from multilabelfy.workflows.reporting.gathering.naming import is_certain, namer


@dataclass(frozen=True)
class Files:
    """Label sets of one dataset, with given labels, predictions, votes and scores if there are any; titles call it `subject`."""

    labels: Path
    predictions: tuple[Path, ...] = ()
    given: Path | None = None
    label_space: str | None = None
    subject: str = ""
    votes: Path | None = None
    scores: Path | None = None


def material_of_files(files: Files, original: Files | None = None) -> Material:
    """The material from a dataset's files, and from those of the original that it replicates. Raises InvalidInput."""
    labels_file, predictions, given, label_space = files.labels, files.predictions, files.given, files.label_space
    if predictions:
        evaluation = evaluate(labels_file, predictions, given=given, label_space=label_space)
        labelled, models, space = evaluation.labelled, evaluation.models, evaluation.labels
    else:
        space = read_space(label_space, labels_file)
        labelled, models = labelled_images(labels_file, given, space), ()
    n_empty = int((labelled.sets.counts == 0).sum())
    return Material(
        subject=Subject(files.subject),
        labelled=labelled,
        models=models,
        original=_original(original) if original else None,
        reasons={EmptyReason.UNKNOWN: n_empty} if n_empty else {},
        methods=methods_of_files(str(labels_file), str(given) if given else None, [str(path) for path in predictions]),
        name_of=namer(space if label_space or is_certain(space, labelled.sets) else None),
        judged=judged_in_files(labelled, files.votes, files.scores, space),
    )


def _original(files: Files) -> Original:
    evaluation = evaluate(files.labels, files.predictions, given=files.given, label_space=files.label_space)
    judged = judged_in_files(evaluation.labelled, files.votes, files.scores, evaluation.labels)
    return Original(Subject(files.subject), evaluation.models, evaluation.labelled, judged)
