"""Read the labels that come with an import: given ones, final ones, and the reference pictures of each."""

from collections.abc import Mapping, Sequence

from multilabelfy.dataset.model import ImageState, LabelSpace
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput, Problem, UnknownRelease
from multilabelfy.formats.reading.class_folders import labels_by_folder
from multilabelfy.formats.reading.final_labels import FinalRow, read_final_labels
from multilabelfy.formats.reading.given_labels import read_given_labels
from multilabelfy.formats.reading.label_space import labels_from_folders, read_label_space
from multilabelfy.store.dataset import images
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.importing import rules
from multilabelfy.workflows.importing.references import References, choose_references
from multilabelfy.workflows.importing.request import Looking


def labels_of(looking: Looking) -> LabelSpace | None:
    """The labels that the images may carry; None if a problem prevents reading them."""
    with looking.findings.gathering():
        requested = None if looking.request.labels is None else read_label_space(looking.request.labels)
        if looking.stored is None:
            return requested or _labels_of_folders(looking)
        with looking.workspace.store.reading() as c:
            stored = stored_labels.label_space(c, looking.stored.id)
        looking.findings.fatal.extend([] if requested is None else rules.label_problems(stored, requested))
        return stored
    return None


def _labels_of_folders(looking: Looking) -> LabelSpace:
    names = looking.folder.class_folders()
    if looking.request.no_given or len(names) < 2:
        why = "the folders say nothing about labels" if looking.request.no_given else f"the pictures lie in {len(names)} class folders"
        reason = f"{why}, so the labels must be named: --labels imagenet1k, or --labels FILE"
        raise InvalidInput("Cannot find the labels", [Problem(str(looking.request.images_root), reason)])
    return labels_from_folders(names)


def given_of(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    """The given labels by path, from the file or otherwise from the folders of the new images."""
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
        differing = [image.path for image in _known(looking, read.labels) if image.given_label != read.labels[image.path]]
        _note_unchanged(looking, differing, "given labels")
        return read.labels
    return {}


def _given_by_folder(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    if looking.request.no_given:
        return {}
    by_folder = labels_by_folder(looking.fresh, labels)
    looking.findings.fatal.extend(by_folder.problems)
    return by_folder.labels


def finals_of(looking: Looking, labels: LabelSpace) -> dict[str, FinalRow]:
    """The final label sets to store, by path, in the order of their file."""
    if looking.request.final_labels is None:
        return {}
    with looking.findings.gathering():
        read = read_final_labels(looking.request.final_labels, looking.folder.paths, labels)
        looking.findings.fatal.extend(read.problems)
        looking.findings.skippable.extend(read.absent)
        return _new_ones(looking, {row.image: row for row in read.rows})
    return {}


def _new_ones(looking: Looking, finals: dict[str, FinalRow]) -> dict[str, FinalRow]:
    """The sets of new images, and those that an interrupted import had not yet released; the others stay as they are."""
    released = _released(looking)
    known = {image.path: image.state for image in _known(looking, finals)}
    differing = [path for path in known if path in released and released[path] != finals[path].labels]
    waiting = {path for path, state in known.items() if state is ImageState.IMPORTED and path not in released}
    _note_unchanged(looking, differing + [path for path in known if path not in released and path not in waiting], "final labels")
    return {path: row for path, row in finals.items() if path not in known or path in waiting}


def _known(looking: Looking, named: Mapping[str, object]) -> list[StoredImage]:
    """The named images that the dataset already has."""
    if looking.stored is None:
        return []
    with looking.workspace.store.reading() as c:
        return [image for image in images.iterate(c, looking.stored.id) if image.path in named]


def _note_unchanged(looking: Looking, paths: Sequence[str], kind: str) -> None:
    if paths:
        about = f"{len(paths)} images that were there already (the first: '{paths[0]}')"
        looking.findings.notes.append(f"the {kind} in the file differ for {about}; nothing was changed about them")


def _released(looking: Looking) -> dict[str, tuple[int, ...]]:
    if looking.stored is None:
        return {}
    with looking.workspace.store.reading() as c:
        try:
            number = releases.latest(c, looking.stored.id).number
        except UnknownRelease:
            return {}
        return {path: final.labels for path, final in releases.labels_of(c, looking.stored.id, number)}


def references_of(looking: Looking, labels: LabelSpace) -> References:
    """The reference pictures of each label, chosen by the seed."""
    if looking.request.reference is None:
        return References()
    with looking.findings.gathering():
        chosen = choose_references(looking.request.reference, labels, seed=looking.seed, settings=looking.workspace.settings)
        looking.findings.notes.extend(chosen.notes)
        return chosen
    return References()
