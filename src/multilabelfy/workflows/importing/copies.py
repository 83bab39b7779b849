"""Find the pictures of an import that are copies of others, new or known: the same bytes. They are reported, and nothing is dropped."""

from collections.abc import Mapping, Sequence

from multilabelfy.dataset.copies import Copies, CopyGroup, copies_of
from multilabelfy.dataset.model import Image, LabelSpace
from multilabelfy.errors import PicturesUnreachable
from multilabelfy.pictures.same_files import SameFiles, same_files
from multilabelfy.store.dataset import images
from multilabelfy.workflows.importing.imported_copies import CopiedImage, ImportedCopies, ShownGroup
from multilabelfy.workflows.importing.request import Looking
from multilabelfy.workflows.showing.inspecting import Progress, root_of

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
