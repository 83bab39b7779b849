"""Decide which reference pictures stand beside a label while an image is judged: never the very picture, nor one nearly like it.

What pictures look like is kept with them. An import makes that of the reference pictures and `propose` that of the images; what is missing
is made here, when it is first needed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.store import exemplars, fingerprints
from multilabelfy.store.datasets import StoredDataset
from multilabelfy.store.engine import Connection
from multilabelfy.store.exemplars import StoredExemplar
from multilabelfy.store.images import StoredImage
from multilabelfy.workflows.inspecting import Unreadable, fingerprints_of
from multilabelfy.workflows.workspace import Workspace

UNREADABLE = "unreadable"


def exemplars_beside(
    c: Connection, workspace: Workspace, dataset: StoredDataset, image: StoredImage, labels: Iterable[int], *, keep: bool = True
) -> dict[int, list[StoredExemplar]]:
    """For each label the first `n_exemplars` of its reference pictures that are readable and not nearly the image.

    A label's further pictures take the places of those left out. With `keep` what had to be looked at is stored, in the writing
    transaction that this then needs.
    """
    references = exemplars.of_labels(c, dataset.id, labels)
    n = workspace.settings.n_exemplars
    looks = _Looks(c, workspace, dataset, keep)
    seen = looks.of_exemplars([each for shown in references.values() for each in shown[: n + 1]])
    judged = looks.of_image(image) if seen else UNREADABLE
    return {label: _first_unlike(judged, shown, seen, looks, n) for label, shown in references.items()}


def as_text(seen: int | Unreadable) -> str:
    """How a look is stored: 16 hex digits."""
    return UNREADABLE if isinstance(seen, Unreadable) else f"{seen:016x}"


def _first_unlike(judged: str, shown: Sequence[StoredExemplar], seen: Mapping[int, str], looks: "_Looks", n: int) -> list[StoredExemplar]:
    taken = [each for each in shown[: n + 1] if _may_stand(seen[each.id], judged)]
    further = shown[n + 1 :]
    if len(taken) < n and further:
        more = looks.of_exemplars(further)
        taken += [each for each in further if _may_stand(more[each.id], judged)]
    return taken[:n]


def _may_stand(look: str, judged: str) -> bool:
    if look == UNREADABLE:
        return False
    return judged == UNREADABLE or not is_nearly(int(look, 16), int(judged, 16))


@dataclass(frozen=True, slots=True)
class _Looks:
    """What pictures look like: as stored, or looked at now."""

    c: Connection
    workspace: Workspace
    dataset: StoredDataset
    keep: bool

    def of_exemplars(self, wanted: Sequence[StoredExemplar]) -> dict[int, str]:
        """The looks of these reference pictures by id."""
        stored = fingerprints.of_exemplars(self.c, [each.id for each in wanted])
        missing = [each for each in wanted if stored.get(each.id) is None]
        root = Path(self.dataset.reference_root or "")
        made = fingerprints_of(root, [each.path for each in missing], self.workspace.settings) if missing else {}
        for each in missing:
            stored[each.id] = as_text(made[each.path])
            if self.keep:
                fingerprints.set_of_exemplar(self.c, each.id, as_text(made[each.path]))
        return {exemplar: look for exemplar, look in stored.items() if look is not None}

    def of_image(self, image: StoredImage) -> str:
        """The look of an image of the dataset."""
        stored = fingerprints.of_images(self.c, [image.id]).get(image.id)
        if stored is not None:
            return stored
        made = as_text(fingerprints_of(Path(self.dataset.images_root), [image.path], self.workspace.settings)[image.path])
        if self.keep:
            fingerprints.set_of_image(self.c, image.id, made)
        return made
