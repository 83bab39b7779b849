"""Decide which reference pictures stand beside a label while an image is judged: never the very picture, nor one nearly like it.

What pictures look like is kept with them. An import makes that of the reference pictures and `propose` that of the images; what is missing
is made when it is first needed, between two transactions: no picture is decoded while others wait to write.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from multilabelfy.dataset.model import ImageId
from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import exemplars, fingerprints
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.dataset.exemplars import StoredExemplar
from multilabelfy.store.dataset.images import StoredImage
from multilabelfy.workflows.showing.inspecting import Unreadable, fingerprints_of
from multilabelfy.workflows.workspace import Workspace

UNREADABLE = "unreadable"
P = ParamSpec("P")
T = TypeVar("T")


class LooksMissing(Exception):
    """What these pictures look like is needed and not stored: no error, a transaction is left to look at them, and begun again."""

    def __init__(self, dataset: StoredDataset, shown: Sequence[StoredExemplar] = (), judged: Sequence[StoredImage] = ()) -> None:
        self.dataset, self.shown, self.judged = dataset, shown, judged
        super().__init__(f"{len(shown) + len(judged)} pictures of '{dataset.name}' were not looked at yet.")


def looking_between(work: Callable[Concatenate[Workspace, P], T]) -> Callable[Concatenate[Workspace, P], T]:
    """Let a workflow that writes in one transaction be begun again once pictures were looked at that it turned out to need."""

    @wraps(work)
    def begun_again(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            try:
                return work(workspace, *args, **kwargs)
            except LooksMissing as missing:
                _look(workspace, missing)

    return begun_again


def exemplars_beside(
    c: Connection, workspace: Workspace, dataset: StoredDataset, image: StoredImage, labels: Iterable[int], *, keep: bool = True
) -> dict[int, list[StoredExemplar]]:
    """For each label the first `n_exemplars` of its reference pictures that are readable and not nearly the image.

    A label's further pictures take the places of those left out. With `keep`, in a writing transaction, it raises LooksMissing where
    pictures have to be looked at first (see `looking_between`); without, they are looked at here and nothing is stored.
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
        if missing and self.keep:
            raise LooksMissing(self.dataset, shown=missing)
        stored.update(_looks_of_exemplars(self.workspace, self.dataset, missing))
        return {exemplar: look for exemplar, look in stored.items() if look is not None}

    def of_image(self, image: StoredImage) -> str:
        """The look of an image of the dataset."""
        stored = fingerprints.of_images(self.c, [image.id]).get(image.id)
        if stored is not None:
            return stored
        if self.keep:
            raise LooksMissing(self.dataset, judged=[image])
        return _looks_of_images(self.workspace, self.dataset, [image])[image.id]


def _look(workspace: Workspace, missing: LooksMissing) -> None:
    """Look at the pictures, then store what they look like."""
    of_exemplars = _looks_of_exemplars(workspace, missing.dataset, missing.shown)
    of_images = _looks_of_images(workspace, missing.dataset, missing.judged)
    with workspace.store.writing() as c:
        for exemplar, look in of_exemplars.items():
            fingerprints.set_of_exemplar(c, exemplar, look)
        for image, look in of_images.items():
            fingerprints.set_of_image(c, image, look)


def _looks_of_exemplars(workspace: Workspace, dataset: StoredDataset, wanted: Sequence[StoredExemplar]) -> dict[int, str]:
    if not wanted:
        return {}
    made = fingerprints_of(Path(dataset.reference_root or ""), [each.path for each in wanted], workspace.settings)
    return {each.id: as_text(made[each.path]) for each in wanted}


def _looks_of_images(workspace: Workspace, dataset: StoredDataset, wanted: Sequence[StoredImage]) -> dict[ImageId, str]:
    if not wanted:
        return {}
    made = fingerprints_of(Path(dataset.images_root), [image.path for image in wanted], workspace.settings)
    return {image.id: as_text(made[image.path]) for image in wanted}
