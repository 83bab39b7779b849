"""What the class set itself gets wrong: twins, labels inside others, labels mixed up, unused and missing ones, told as a report."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from multilabelfy import __version__
from multilabelfy.dataset.model import LabelSets, LabelSpace
from multilabelfy.evaluation.label_errors import replacements
from multilabelfy.evaluation.label_pairs import label_pairs, labels_without_images
from multilabelfy.evaluation.model import LabelledImages
from multilabelfy.report.class_set import (
    Mixed,
    Names,
    inside_finding,
    missing_names_finding,
    mixed_up_finding,
    twins_finding,
    unused_finding,
)
from multilabelfy.report.findings import Finding, Report, Subject
from multilabelfy.report.methods import methods_of_files, numbers_text
from multilabelfy.store import annotations, datasets, labels
from multilabelfy.workflows.analysing import Analysis, analysis_of
from multilabelfy.workflows.evaluating import labelled_images, read_space
from multilabelfy.workflows.report_material import Files, is_certain, released
from multilabelfy.workflows.workspace import Workspace

BY_GIVEN = "The given label of an image is not valid, and the other one is."
BY_ANNOTATORS = "One annotator chose the one and another the other label of an image."


def class_set_of_study(workspace: Workspace, name: str, *, now: datetime) -> Report:
    """The class set's findings from the newest release and the votes. Raises UnknownDataset, UnknownRelease."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        sets = released(c, dataset).labelled.sets
        space = labels.label_space(c, dataset.id)
        mixed = _mixed_up(analysis_of(c, dataset))
        missing = Counter(
            one.missing_label.strip().casefold() for one in annotations.iterate_latest(c, dataset.id) if one.missing_label.strip()
        )
    subject, names = Subject(name), Names(space)
    further = (mixed_up_finding(mixed, BY_ANNOTATORS, names, subject), missing_names_finding(missing, subject))
    return _told(sets, space, names, subject, further, (("Numbers", numbers_text()),), now)


def class_set_of_files(files: Files, *, now: datetime) -> Report:
    """The class set's findings from label files, with those that the given labels show where there are some. Raises InvalidInput."""
    space = read_space(files.label_space, files.labels)
    labelled = labelled_images(files.labels, files.given, space)
    known = space if files.label_space or is_certain(space, labelled.sets) else None
    subject, names = Subject(files.subject), Names(known)
    further = (mixed_up_finding(_replaced(labelled), BY_GIVEN, names, subject),) if files.given else ()
    methods = methods_of_files(str(files.labels), str(files.given) if files.given else None, ())
    return _told(labelled.sets, known, names, subject, further, methods, now)


def _told(
    sets: LabelSets,
    space: LabelSpace | None,
    names: Names,
    subject: Subject,
    further: Sequence[Finding],
    methods: tuple[tuple[str, str], ...],
    now: datetime,
) -> Report:
    pairs = label_pairs(sets)
    findings = [twins_finding(pairs, names, subject), inside_finding(pairs, names, subject)]
    if space:
        findings.append(unused_finding(labels_without_images(sets, len(space)), len(space), names, subject))
    findings += further
    summary = tuple(f"{finding.title}." for finding in findings)
    return Report(f"What the class set of {subject} gets wrong", summary, tuple(findings), methods, now, __version__)


def _mixed_up(analysis: Analysis) -> list[Mixed]:
    return [Mixed(*one.pair, len(one.images)) for one in analysis.pairs]


def _replaced(labelled: LabelledImages) -> list[Mixed]:
    """Count a replacement in either direction as the same mix-up."""
    found: Counter[tuple[int, int]] = Counter()
    for one in replacements(labelled):
        found[min(one.given, one.instead), max(one.given, one.instead)] += one.n_images
    return [Mixed(a, b, n) for (a, b), n in sorted(found.items(), key=lambda item: (-item[1], item[0]))]
