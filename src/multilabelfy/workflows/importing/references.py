"""Choose readable reference pictures from a folder of class folders, by the dataset's seed, and compute their fingerprints."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.dataset.exemplars import choose
from multilabelfy.dataset.model import Exemplar, LabelSpace
from multilabelfy.dataset.validation import label_finder
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder, folders_of, read_image_folder
from multilabelfy.formats.reading.pictures.listed_images import listed_images
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.plurals import counted
from multilabelfy.settings import Settings
from multilabelfy.workflows.showing.inspecting import Progress, Unreadable, fingerprints_of, remote_root, root_of, silent

N_KEPT = 12
"""For each label: a few to show, and more to take the place of one that is too like the judged picture, and for the large view."""
ATTEMPT = "Cannot take reference pictures"


@dataclass(frozen=True, slots=True)
class References:
    """The chosen reference pictures, their fingerprints by path, and what the user should know about them."""

    exemplars: tuple[Exemplar, ...] = ()
    fingerprints: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose_references(
    root: Path | RemoteAddress, labels: LabelSpace, *, seed: int, settings: Settings, progress: Progress = silent
) -> References:
    """Choose at most N_KEPT for each label that has a class folder. Raises InvalidInput if no folder is a class folder."""
    folder = _folder(root, settings)
    by_label, others = _by_label(folder, labels)
    if not by_label:
        known = ", ".join(label.key for label in labels.labels[:3])
        raise InvalidInput(ATTEMPT, [Problem(str(root), f"none of its folders is called as a label is ({known}, …)")])
    seen: dict[str, int | Unreadable] = {}
    while True:
        chosen = choose(by_label, N_KEPT, seed)
        fresh = [exemplar.path for exemplar in chosen if exemplar.path not in seen]
        seen |= fingerprints_of(root_of(settings, folder.root), fresh, settings, progress)
        unreadable = {path: look.why for path, look in seen.items() if isinstance(look, Unreadable)}
        if all(exemplar.path not in unreadable for exemplar in chosen):
            looks = {path: look for path, look in seen.items() if not isinstance(look, Unreadable)}
            return References(chosen, looks, tuple(_notes(chosen, labels, unreadable, len(others))))
        by_label = {label: [path for path in paths if path not in unreadable] for label, paths in by_label.items()}


def _folder(root: Path | RemoteAddress, settings: Settings) -> ImageFolder:
    if not isinstance(root, RemoteAddress):
        return read_image_folder(root, ATTEMPT)
    return listed_images(remote_root(settings, root), ATTEMPT)


def _notes(chosen: Sequence[Exemplar], labels: LabelSpace, unreadable: Mapping[str, str], n_others: int) -> Iterator[str]:
    without = len(labels) - len({exemplar.label for exemplar in chosen})
    if without:
        yield f"{without} of {counted(len(labels), 'label')} {'has' if without == 1 else 'have'} no reference picture"
    if n_others:
        yield f"{counted(n_others, 'folder')} of reference pictures {'has' if n_others == 1 else 'have'} the name of no label"
    for path, why in unreadable.items():
        yield f"the reference picture '{path}' was passed over: {why}"


def _by_label(folder: ImageFolder, labels: LabelSpace) -> tuple[dict[int, list[str]], set[str]]:
    find, packed = label_finder(labels), folder.packed.given
    by_label: dict[int, list[str]] = defaultdict(list)
    others: set[str] = set()
    for path in folder.paths:
        named = [packed[path]] if path in packed else folders_of(path)
        label_index = next((label for name in named if (label := find(name)) is not None), None)
        if label_index is None:
            others.add("/".join(reversed(named)))
        else:
            by_label[label_index].append(path)
    return dict(by_label), others
