"""Survey everything that an import would store, and find every problem before anything is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.copies import Copies, CopyGroup, copies_of
from multilabelfy.dataset.model import DatasetDescription, Image, LabelSpace
from multilabelfy.dataset.validation import validate
from multilabelfy.errors import CommandOption, InvalidInput, PicturesUnreachable, Problem, WayOut
from multilabelfy.formats.inputs import IMAGE_NAMES
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder, read_image_folder
from multilabelfy.formats.reading.pictures.listed_images import listed_images, named_images
from multilabelfy.formats.reading.pictures.shards import is_packed
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.same_files import SameFiles, same_files
from multilabelfy.plurals import counted
from multilabelfy.store.dataset import images
from multilabelfy.workflows.importing import rules
from multilabelfy.workflows.importing.imported_copies import CopiedImage, ImportedCopies, ShownGroup
from multilabelfy.workflows.importing.labels import finals_of, given_of, labels_of, references_of
from multilabelfy.workflows.importing.request import Findings, ImportRequest, Looking, Survey
from multilabelfy.workflows.showing.inspecting import Progress, remote_root, root_of, unreadable_pictures
from multilabelfy.workflows.workspace import Workspace

SKIPPING = (
    "{} to go on without them: unreadable pictures are kept in a list and shown to nobody, links that lead out and rows about pictures "
    "that are not there are left out"
)


def survey(workspace: Workspace, request: ImportRequest, stored: StoredDataset | None, progress: Progress) -> Survey:
    """Survey the whole request; `progress` is told of shards, then of pictures. Raises InvalidInput with all problems together."""
    looking = _begin(workspace, request, stored, progress)
    findings = looking.findings
    labels = labels_of(looking)
    unreadable = unreadable_pictures(
        root_of(workspace.settings, looking.folder.root),
        looking.fresh,
        settings=workspace.settings,
        decode=request.verify,
        progress=progress,
    )
    findings.skippable.extend([*looking.folder.leading_out, *(Problem(path, why) for path, why in unreadable.items())])
    matched = None if labels is None else _matched(looking, labels, unreadable)
    problems = [*findings.fatal, *(() if request.skip_bad else findings.skippable)]
    if problems or matched is None:
        attempt = f"Cannot import '{request.name}' from '{request.images_root}'; nothing was stored"
        raise InvalidInput(attempt, problems, _remedy(len(findings.fatal), len(problems) - len(findings.fatal)))
    readable = [image for image in matched.new_images if image.path not in unreadable]
    return replace(matched, copies=copies_at_import(looking, readable, matched.labels, progress))


def _begin(workspace: Workspace, request: ImportRequest, stored: StoredDataset | None, progress: Progress) -> Looking:
    findings = Findings()
    if stored is None:
        findings.fatal.extend(rules.name_problems(request.name))
    else:
        findings.fatal.extend(rules.change_problems(stored, request))
    findings.fatal.extend(rules.folder_problems(request, workspace.folder))
    folder = _folder(workspace, request, progress)
    known = _known_paths(workspace, stored)
    fresh = tuple(path for path in folder.paths if path not in known)
    looking = Looking(workspace, request, stored, folder, fresh, findings)
    _note_folder(looking, known)
    return looking


def _folder(workspace: Workspace, request: ImportRequest, progress: Progress) -> ImageFolder:
    """The pictures of the root: found in a folder, listed by a bucket, or named by a file. Raises InvalidInput, PicturesUnreachable."""
    written, attempt = request.images_root, f"Cannot import '{request.name}'; nothing was stored"
    if not isinstance(written, RemoteAddress):
        return read_image_folder(written, progress=progress)
    root = remote_root(workspace.settings, written)
    if request.names is not None:
        return named_images(root, request.names, progress)
    if written.is_bucket or is_packed(written.name):
        return listed_images(root, attempt, progress)
    named = WayOut(f"{{}} to name them ({IMAGE_NAMES.briefly})", CommandOption("names", "FILE"))
    raise InvalidInput(attempt, [Problem(str(written), "a web server does not list its files", (named,))])


def _known_paths(workspace: Workspace, stored: StoredDataset | None) -> frozenset[str]:
    if stored is None:
        return frozenset()
    with workspace.store.reading() as c:
        return frozenset(images.paths(c, stored.id))


def _note_folder(looking: Looking, known: frozenset[str]) -> None:
    folder, notes = looking.folder, looking.findings.notes
    if folder.others:
        kinds = ", ".join(f"{n} {suffix}" for suffix, n in folder.others.items())
        notes.append(f"left aside, as no picture by its name: {counted(sum(folder.others.values()), 'file')} ({kinds})")
    if folder.packed.n_shards:
        notes.append(f"read out of {counted(folder.packed.n_shards, 'shard')}; they are not unpacked")
    if folder.n_linked_folders:
        notes.append(f"not followed: {counted(folder.n_linked_folders, 'linked folder')}; pictures are imported where they lie")
    n_gone = len(known.difference(folder.paths))
    if n_gone:
        notes.append(f"no longer in the folder: {counted(n_gone, 'image')} of the dataset; nothing about that was changed")


def _matched(looking: Looking, labels: LabelSpace, unreadable: Mapping[str, str]) -> Survey:
    request = looking.request
    given, finals, references = given_of(looking, labels), finals_of(looking, labels), references_of(looking, labels)
    fresh = frozenset(looking.fresh)
    ordered = [*(path for path in finals if path in fresh), *(path for path in looking.fresh if path not in finals)]
    new_images = tuple(Image(path, given.get(path)) for path in ordered)
    if looking.stored is None or new_images:
        looking.findings.fatal.extend(validate(DatasetDescription(request.name, labels, new_images, references.exemplars)))
    return Survey(
        root=looking.folder.root,
        reference_root=request.reference if not isinstance(request.reference, Path) else request.reference.resolve(),
        labels=labels,
        seed=looking.seed,
        new_images=new_images,
        n_known=len(looking.folder.paths) - len(looking.fresh),
        unreadable=unreadable,
        repaired=_repaired(looking),
        references=references,
        finals={path: row for path, row in finals.items() if path not in unreadable},
        notes=tuple(looking.findings.notes),
    )


def _repaired(looking: Looking) -> tuple[str, ...]:
    """Images that were unreadable when they were imported or scored and can be read now; each is decoded in full."""
    if looking.stored is None:
        return ()
    with looking.workspace.store.reading() as c:
        paths = [path for path, _ in images.unreadable(c, looking.stored.id)]
    still = unreadable_pictures(
        root_of(looking.workspace.settings, looking.folder.root), paths, settings=looking.workspace.settings, decode=True
    )
    return tuple(path for path in paths if path not in still)


def _remedy(n_fatal: int, n_skippable: int) -> tuple[WayOut, ...]:
    mend = f"{n_fatal} of {counted(n_fatal + n_skippable, 'problem')} must be mended. For the others: " if n_fatal else ""
    return (WayOut(f"{mend}{SKIPPING}", CommandOption("skip_bad")),) if n_skippable else ()


MOST_GROUPS, MOST_IMAGES = 5, 10
NO_SIZES = "their sizes are not known before they are read, as on web servers, in Parquet tables and with `--names`"


def copies_at_import(looking: Looking, new: Sequence[Image], labels: LabelSpace, progress: Progress) -> ImportedCopies:
    """The groups in which there is one of the `new` images; the others are those of the dataset whose pictures are still there."""
    fresh = frozenset(looking.fresh)
    known = [path for path in looking.folder.paths if path not in fresh] if new else []
    paths = [*known, *(image.path for image in new)]
    settings = looking.workspace.settings
    root = root_of(settings, looking.folder.root)
    try:
        same = same_files(
            root, paths, len(known), looking.folder.sizes, n_threads=settings.decode_threads or root.n_readers, progress=progress
        )
    except PicturesUnreachable as error:
        return ImportedCopies(0, 0, 0, 0, len(paths), error.why, ())
    given = {image.path: image.given_label for image in new}
    given |= _given_of_known(looking, [known[at] for at in _known_in(same, len(known))])
    groups = ([paths[place] for place in group] for group in same.groups)
    copies = copies_of((CopyGroup(tuple(group), tuple(given.get(path) for path in group)) for group in groups), len(paths) - same.n_unknown)
    return _as_told(copies, same.n_unknown, labels)


def _known_in(same: SameFiles, n_known: int) -> list[int]:
    return [place for group in same.groups for place in group if place < n_known]


def _given_of_known(looking: Looking, paths: Sequence[str]) -> Mapping[str, int | None]:
    """The given labels of these images of the dataset."""
    if looking.stored is None or not paths:
        return {}
    with looking.workspace.store.reading() as c:
        return {path: image.given_label for path, image in images.by_paths(c, looking.stored.id, paths).items()}


def _as_told(copies: Copies, n_unknown: int, labels: LabelSpace) -> ImportedCopies:
    return ImportedCopies(
        n_compared=copies.n_compared,
        n_images=copies.n_images,
        n_groups=len(copies.groups),
        n_contradicting=copies.n_contradicting,
        n_not_compared=n_unknown,
        why_not=NO_SIZES if n_unknown else "",
        groups=tuple(_shown(group, labels) for group in copies.groups[:MOST_GROUPS]),
    )


def _shown(group: CopyGroup, labels: LabelSpace) -> ShownGroup:
    first = list(zip(group.images, group.given, strict=True))[:MOST_IMAGES]
    named = (CopiedImage(image, None if given is None else labels[given].key) for image, given in first)
    return ShownGroup(group.contradicts, len(group.images), tuple(named))
