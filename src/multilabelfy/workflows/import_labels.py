"""Read the labels that come with an import: given ones, final ones, and the reference pictures of each."""

from collections.abc import Iterator, Mapping

from multilabelfy.dataset.model import ImageState, LabelSpace
from multilabelfy.errors import InvalidInput, Problem, UnknownRelease
from multilabelfy.formats.class_folders import labels_by_folder
from multilabelfy.formats.final_labels import FinalRow, read_final_labels
from multilabelfy.formats.given_labels import read_given_labels
from multilabelfy.formats.label_files import labels_from_folders, read_label_space
from multilabelfy.store import images, releases
from multilabelfy.store import labels as stored_labels
from multilabelfy.store.datasets import StoredDataset
from multilabelfy.workflows import import_rules as rules
from multilabelfy.workflows.import_request import Looking
from multilabelfy.workflows.references import References, choose_references
from multilabelfy.workflows.workspace import Workspace


def labels_of(looking: Looking) -> LabelSpace | None:
    """The labels that the images may carry; None where a problem keeps us from knowing."""
    with looking.findings.gathering():
        asked = None if looking.request.labels is None else read_label_space(looking.request.labels)
        if looking.stored is None:
            return asked or _labels_of_folders(looking)
        with looking.workspace.store.reading() as c:
            held = stored_labels.label_space(c, looking.stored.id)
        looking.findings.fatal.extend([] if asked is None else rules.label_problems(held, asked))
        return held
    return None


def _labels_of_folders(looking: Looking) -> LabelSpace:
    names = looking.folder.class_folders()
    if looking.request.no_given or len(names) < 2:
        why = "the folders say nothing about labels" if looking.request.no_given else f"the pictures lie in {len(names)} class folders"
        what = f"{why}, so that the labels must be named: --labels imagenet1k, or --labels FILE"
        raise InvalidInput("Cannot find the labels", [Problem(str(looking.request.images_root), what)])
    return labels_from_folders(names)


def given_of(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    """The given labels of the new images by path: from the file, or else from the folders they lie in."""
    given = _given_by_file(looking, labels) if looking.request.given else _given_by_folder(looking, labels)
    without = [path for path in looking.fresh if path not in given]
    if without and given:
        looking.findings.notes.append(f"{len(without)} images have no given label (the first: '{without[0]}')")
    return given


def _given_by_file(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    assert looking.request.given is not None
    with looking.findings.gathering():
        read = read_given_labels(looking.request.given, looking.folder.paths, labels)
        looking.findings.fatal.extend(read.problems)
        looking.findings.skippable.extend(read.absent)
        return read.labels
    return {}


def _given_by_folder(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    if looking.request.no_given:
        return {}
    by_folder = labels_by_folder(looking.fresh, labels)
    looking.findings.fatal.extend(by_folder.problems)
    return by_folder.labels


def finals_of(looking: Looking, labels: LabelSpace) -> dict[str, FinalRow]:
    """The final label sets by path, in the order of their file."""
    if looking.request.final_labels is None:
        return {}
    with looking.findings.gathering():
        read = read_final_labels(looking.request.final_labels, looking.folder.paths, labels)
        looking.findings.fatal.extend(read.problems)
        looking.findings.skippable.extend(read.absent)
        finals = {row.image: row for row in read.rows}
        if looking.stored is not None:
            looking.findings.fatal.extend(_already_otherwise(looking.workspace, looking.stored, finals, str(looking.request.final_labels)))
        return finals
    return {}


def _already_otherwise(workspace: Workspace, stored: StoredDataset, finals: Mapping[str, FinalRow], where: str) -> Iterator[Problem]:
    """Final labels come with an image's first import; an image that is there without, or with others, stays as it is."""
    held = _released(workspace, stored)
    with workspace.store.reading() as c:
        there = [(image.path, image.state) for image in images.iterate(c, stored.id) if image.path in finals]
    for path, state in there:
        if state is not ImageState.IMPORTED:
            yield Problem(where, f"'{path}' is in the dataset already ({state}), and final labels come only with an image's first import")
        elif path in held and held[path] != finals[path].labels:
            yield Problem(where, f"'{path}' is in the dataset already, with other final labels")


def _released(workspace: Workspace, stored: StoredDataset) -> dict[str, tuple[int, ...]]:
    with workspace.store.reading() as c:
        try:
            number = releases.latest(c, stored.id).number
        except UnknownRelease:
            return {}
        return {path: final.labels for path, final in releases.labels_of(c, stored.id, number)}


def references_of(looking: Looking, labels: LabelSpace) -> References:
    """The reference pictures of each label, chosen by the seed."""
    if looking.request.reference is None:
        return References()
    with looking.findings.gathering():
        found = choose_references(looking.request.reference, labels, seed=looking.seed, settings=looking.workspace.settings)
        looking.findings.notes.extend(found.notes)
        return found
    return References()
