"""Read the labels that come with an import: given ones, final ones, and the reference pictures of each."""

from collections.abc import Mapping, Sequence

from multilabelfy.dataset.image_states import FINAL_BY_IMPORT
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import CommandOption, InvalidInput, Problem, UnknownRelease, WayOut
from multilabelfy.formats.imagenet1k import are_imagenet_ids
from multilabelfy.formats.reading.final_labels import FinalRow, read_final_labels
from multilabelfy.formats.reading.given_labels import read_given_labels
from multilabelfy.formats.reading.label_rows import read_label_rows
from multilabelfy.formats.reading.label_space import CLASS_FOLDERS, FOLDERS, GIVEN, labels_from_names, read_label_space
from multilabelfy.formats.reading.pictures.class_folders import labels_by_folder
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.plurals import counted
from multilabelfy.store.dataset import images
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.importing import packed, rules
from multilabelfy.workflows.importing.references import References, choose_references
from multilabelfy.workflows.importing.request import Looking


def labels_of(looking: Looking) -> LabelSpace | None:
    """The labels that the images may carry; None if a problem prevents reading them."""
    with looking.findings.gathering():
        by_folders = looking.request.labels == FOLDERS
        named = None if by_folders or looking.request.labels is None else read_label_space(looking.request.labels)
        if looking.stored is None:
            return named or _labels_that_came(looking, as_they_are=by_folders)
        with looking.workspace.store.reading() as c:
            stored = stored_labels.label_space(c, looking.stored.id)
        looking.findings.fatal.extend([] if named is None else rules.label_problems(stored, named))
        return stored
    return None


def _labels_that_came(looking: Looking, *, as_they_are: bool) -> LabelSpace:
    """The labels of class folders, or of the table of given labels if there are none. Raises InvalidInput.

    ImageNet's ids are refused unless they are wanted `as_they_are`: nobody could tell the labels apart on a page.
    """
    if not looking.request.no_given:
        looking.findings.fatal.extend(rules.split_problems(looking.folder))
        if looking.folder.packed.given or looking.folder.packed.classes:
            return packed.labels_in_shards(looking)
    folders = [] if looking.request.no_given else looking.folder.class_folders()
    names, space = (folders, CLASS_FOLDERS) if len(folders) > 1 or as_they_are else (_in_table(looking), GIVEN)
    if len(names) < 2:
        raise InvalidInput("Cannot find the labels", [_no_labels(looking, folders)])
    if are_imagenet_ids(names) and not as_they_are:
        these = "class folders are" if space == CLASS_FOLDERS else "labels in the table are"
        as_they_stand = WayOut(f"{{}} to keep only these {len(names)}, without names", CommandOption("labels", FOLDERS))
        remedy = (*rules.IN_WORDS, *([as_they_stand] if space == CLASS_FOLDERS else []))
        raise InvalidInput("Cannot find the labels", [Problem(str(looking.request.images_root), f"the {these} ids of ImageNet", remedy)])
    return labels_from_names(names, space)


def _in_table(looking: Looking) -> Sequence[str]:
    """The labels in the table of given labels, if they are not numbers: numbers are places in a list of labels that nobody named."""
    if looking.request.given is None:
        return ()
    rows = read_label_rows(looking.request.given, "Cannot read the given labels")
    written = sorted({label for row in rows.rows for label in row.labels})
    if rows.holds_indices or all(label.isascii() and label.isdigit() for label in written):
        what = "its labels are numbers, so the labels that they number must be named"
        raise InvalidInput("Cannot find the labels", [Problem(str(looking.request.given), what, rules.NAMED)])
    return written


def _no_labels(looking: Looking, folders: Sequence[str]) -> Problem:
    """Why there are none, and how to name them; of a folder that holds nothing but another one, that this may be the one."""
    root = str(looking.request.images_root)
    inner = sorted({path.split("/")[1] for path in looking.folder.paths if path.count("/") > 1})
    if looking.folder.packed.has_tables and looking.request.given is None:
        why = "the tables hold no labels that are taken"
    elif looking.request.no_given:
        why = "the folders say nothing about labels"
    elif looking.request.given is not None:
        why = f"'{looking.request.given}' holds fewer than two different labels"
    elif len(folders) == 1 and len(inner) > 1 and not looking.folder.splits():
        inside = WayOut(
            "import that folder: {}", CommandOption("images_root", f"{root}/{folders[0]}", "--images"), without="import that folder"
        )
        return Problem(
            root, f"all pictures lie in '{folders[0]}'", (inside, WayOut("name the labels: {}", rules.IMAGENET1K), rules.OF_A_FILE)
        )
    else:
        why = f"the pictures lie in {counted(len(folders), 'class folder')}"
    return Problem(root, f"{why}, so the labels must be named", rules.NAMED)


def given_of(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    """The given labels by path, from the file or otherwise from the folders of the new images."""
    if looking.request.given:
        given = _given_by_file(looking, labels)
    elif looking.folder.packed.given and not looking.request.no_given:
        given = packed.given_in_shards(looking, labels)
    else:
        given = _given_by_folder(looking, labels)
    without = [path for path in looking.fresh if path not in given]
    if without and given:
        have = "has" if len(without) == 1 else "have"
        looking.findings.notes.append(f"{counted(len(without), 'image')} {have} no given label (the first: '{without[0]}')")
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
    if looking.request.no_given or looking.folder.packed.has_tables:
        return {}
    splits = looking.folder.splits() - labels.index_by_key.keys() if looking.stored else looking.folder.splits()
    by_folder = labels_by_folder(looking.fresh, labels, splits)
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
    waiting = {path for path, state in known.items() if state in FINAL_BY_IMPORT and path not in released}
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
        were, them = ("was", "it") if len(paths) == 1 else ("were", "them")
        about = f"{counted(len(paths), 'image')} that {were} there already (the first: '{paths[0]}')"
        looking.findings.notes.append(f"the {kind} in the file differ for {about}; nothing was changed about {them}")


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
    reference = looking.request.reference
    if reference is None or (isinstance(reference, RemoteAddress) and not reference.is_bucket):
        return References()
    with looking.findings.gathering():
        chosen = choose_references(reference, labels, seed=looking.seed, settings=looking.workspace.settings)
        looking.findings.notes.extend(chosen.notes)
        return chosen
    return References()
