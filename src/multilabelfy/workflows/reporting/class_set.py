"""Report what is wrong with the class set itself: twins, labels inside others, confused labels, unused and missing ones."""

from collections.abc import Sequence
from datetime import datetime

from multilabelfy import __version__
from multilabelfy.evaluation.labels.label_pairs import label_pairs
from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.about_labels.class_set import inside_finding, twins_finding
from multilabelfy.report.about_labels.label_gaps import missing_names_finding, unused_finding
from multilabelfy.report.about_labels.mixed_up import MixingUp, mixed_up_finding
from multilabelfy.report.findings import Finding, Report, Subject, chapters_of
from multilabelfy.report.methods import intervals_of, methods_of_files, numbers_text
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.decisions import refinements, withheld
from multilabelfy.workflows.analysing.analysis import analysed_answers
from multilabelfy.workflows.evaluating.evaluation import labelled_images, read_space
from multilabelfy.workflows.reporting.class_evidence import Seen, missing_names, mixed_up, pictures_of_pairs, replaced, unused
from multilabelfy.workflows.reporting.gathering.file_material import Files
from multilabelfy.workflows.reporting.gathering.naming import is_certain
from multilabelfy.workflows.reporting.gathering.released import released
from multilabelfy.workflows.workspace import Workspace

BY_GIVEN = MixingUp(
    "Mixed up: the given label of an image is not valid, and the other one is.",
    "“Of” counts the images that were given as either and have any label.",
)
BY_ANNOTATORS = MixingUp(
    "Mixed up: one annotator chose the one and another the other label of an image.",
    "“Of” counts the images in which any annotator chose either.",
)


def class_set_of_study(workspace: Workspace, name: str, *, now: datetime) -> Report:
    """The class set's findings from the newest release and the votes, with pictures. Raises UnknownDataset, UnknownRelease."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        newest = released(c, dataset)
        labelled = newest.labelled
        space = labels.label_space(c, dataset.id)
        paths = {image.id: image.path for image in images.iterate(c, dataset.id)}
        seen = Seen(analysed_answers(c, dataset).answers, paths, withheld.of_dataset(c, dataset.id))
        decisions = (decision for _, standing in refinements.iterate_standing(c, dataset.id) for decision in standing)
        missing = missing_names(seen, [*annotations.iterate_latest(c, dataset.id), *decisions])
    subject, names = Subject(name), Names(space)
    pairs = label_pairs(labelled.sets)
    pictures = pictures_of_pairs(labelled.sets, pairs, names, {paths[image] for image in seen.withheld})
    findings = (
        twins_finding(pairs, names, subject, pictures),
        inside_finding(pairs, names, subject, pictures),
        mixed_up_finding(mixed_up(seen, names), BY_ANNOTATORS, names, subject),
        unused_finding(unused(labelled, len(space), seen), len(space), names, subject),
        missing_names_finding(missing, subject),
    )
    return _told(findings, subject, (("Numbers", numbers_text()),), now)


def class_set_of_files(files: Files, *, now: datetime) -> Report:
    """The class set's findings from label files, including those from given labels if there are any. Raises InvalidInput."""
    space = read_space(files.label_space, files.labels)
    labelled = labelled_images(files.labels, files.given, space)
    known = space if files.label_space or is_certain(space, labelled.sets) else None
    subject, names = Subject(files.subject), Names(known)
    pairs = label_pairs(labelled.sets)
    findings = [twins_finding(pairs, names, subject), inside_finding(pairs, names, subject)]
    if files.given:
        findings.append(mixed_up_finding(replaced(labelled), BY_GIVEN, names, subject))
    if known:
        findings.append(unused_finding(unused(labelled, len(known)), len(known), names, subject))
    methods = methods_of_files(str(files.labels), str(files.given) if files.given else None, ())
    return _told(findings, subject, methods, now)


def _told(findings: Sequence[Finding], subject: Subject, methods: tuple[tuple[str, str], ...], now: datetime) -> Report:
    summary = tuple(f"{finding.title}." for finding in findings)
    return Report(
        f"What the class set of {subject} gets wrong",
        summary,
        tuple(findings),
        (*methods, *intervals_of(findings)),
        now,
        __version__,
        chapters_of([("The class set", findings)]),
    )
