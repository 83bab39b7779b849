"""Choose the reference pictures shown beside a label while an image is judged: never the image itself, nor a near-copy of it.

Pictures' fingerprints are stored. An import computes those of reference pictures, and `propose` those of images; missing ones are computed
when first needed, between two transactions, so that no picture is decoded while others wait to write.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from itertools import islice
from typing import Concatenate, ParamSpec, TypeVar

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredExemplar, StoredImage
from multilabelfy.pictures.likeness import is_nearly
from multilabelfy.plurals import counted
from multilabelfy.store.dataset import exemplars
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.at_work import OpenDataset
from multilabelfy.workflows.showing.addresses import Strip, strip_of
from multilabelfy.workflows.showing.inspecting import Unreadable, fingerprints_of, root_of
from multilabelfy.workflows.showing.kept_labels import KeptLabels, Picture, kept_labels
from multilabelfy.workflows.workspace import Workspace

UNREADABLE = "unreadable"
SPARE = 2
"""How many more pictures are drawn from than are shown, so that a picture left out betrays nothing, and neither does a second one."""
P = ParamSpec("P")
T = TypeVar("T")


class LooksMissing(Exception):
    """Fingerprints of these pictures are needed but not stored: not an error, but a request to compute them and begin again."""

    def __init__(self, dataset: StoredDataset, shown: Sequence[StoredExemplar] = (), judged: Sequence[StoredImage] = ()) -> None:
        self.dataset, self.shown, self.judged = dataset, shown, judged
        super().__init__(f"{counted(len(shown) + len(judged), 'picture')} of '{dataset.name}' must be looked at first.")


def looking_between(work: Callable[Concatenate[Workspace, P], T]) -> Callable[Concatenate[Workspace, P], T]:
    """Decorate a workflow with one write transaction: if it needs missing fingerprints, compute them outside and begin it again."""

    @wraps(work)
    def begun_again(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            try:
                return work(workspace, *args, **kwargs)
            except LooksMissing as missing:
                _look(workspace, missing)

    return begun_again


@dataclass(frozen=True, slots=True)
class Beside:
    """What was read to show reference pictures beside images: drawing them (`strips_of`) needs no transaction, and lets nobody wait.

    `wanted` holds labels by image, `drawn` the strips that are drawn already, `readable` the reference pictures from which the others are
    drawn, by label, and `judged` the images' fingerprints.
    """

    workspace: Workspace
    dataset: DatasetId
    kept: KeptLabels
    wanted: Mapping[StoredImage, Collection[int]]
    drawn: Mapping[ImageId, dict[int, Strip | None]]
    readable: Mapping[int, Mapping[StoredExemplar, str]]
    judged: Mapping[ImageId, str]
    keep: bool


def read_beside(at: OpenDataset, wanted: Mapping[StoredImage, Collection[int]], *, keep: bool = True) -> Beside:
    """Read what is needed to draw the labels' reference pictures beside each image, unless it is kept or their strips are drawn already.

    With `keep`, in a write transaction, it raises LooksMissing if fingerprints have to be computed first, once for all images (see
    `looking_between`); without it, they are computed here and not stored.
    """
    kept = kept_labels(at)
    drawn = {image.id: kept.strips_beside(_picture(image)) for image in wanted}
    lacking = {image: [label for label in labels if label not in drawn[image.id]] for image, labels in wanted.items()}
    readable, judged = _readable_beside(at, {image: labels for image, labels in lacking.items() if labels}, keep=keep)
    return Beside(at.workspace, at.dataset.id, kept, wanted, drawn, readable, judged, keep)


def strips_of(beside: Beside) -> dict[ImageId, dict[int, Strip | None]]:
    """For each label beside each image the strip of its drawn reference pictures. It is the same for everybody who gets the image: with
    `keep`, it is drawn once for all."""
    strips = {}
    for image, labels in beside.wanted.items():
        drawn = beside.drawn[image.id]
        lacking = [label for label in labels if label not in drawn]
        shown = exemplars_of(beside, image, lacking)
        strips[image.id] = drawn | {label: strip_of(beside.workspace, beside.dataset, label, shown[label]) for label in lacking}
        if beside.keep and lacking:
            beside.kept.keep_strips(_picture(image), strips[image.id])
    return strips


def exemplars_beside(
    at: OpenDataset, wanted: Mapping[StoredImage, Collection[int]], *, keep: bool = True
) -> dict[ImageId, dict[int, list[StoredExemplar]]]:
    """The reference pictures for each label beside each image, whether or not their strips are drawn already (see `exemplars_of`)."""
    readable, judged = _readable_beside(at, wanted, keep=keep)
    beside = Beside(at.workspace, at.dataset.id, kept_labels(at), wanted, {}, readable, judged, keep)
    return {image.id: exemplars_of(beside, image, labels) for image, labels in wanted.items()}


def exemplars_of(beside: Beside, image: StoredImage, labels: Collection[int]) -> dict[int, list[StoredExemplar]]:
    """For each of these labels some of its first reference pictures that are readable and not near-copies of the image.

    The workspace's key draws which pictures are shown beside which image, and their number is the same beside every image. So a row does
    not tell whether a near-copy was left out, which would betray that the image shows the label. Therefore at least one of `n_exemplars` +
    2 pictures, or of all if there are fewer, is not shown. (A label's only picture is shown, except beside its near-copy.)
    """
    key, n = beside.workspace.token("beside", str(image.id)).encode(), beside.workspace.settings.n_exemplars
    judged = beside.judged.get(image.id, UNREADABLE)
    return {label: _drawn(key, judged, beside.readable[label], n) for label in labels}


def _picture(image: StoredImage) -> Picture:
    return image.id, image.fingerprint


def _readable_beside(
    at: OpenDataset, wanted: Mapping[StoredImage, Collection[int]], *, keep: bool
) -> tuple[dict[int, Mapping[StoredExemplar, str]], dict[ImageId, str]]:
    """The readable reference pictures of these labels with their fingerprints, by label, and the images' own fingerprints."""
    kept, looks, n = kept_labels(at).references, _Looks(at, keep), at.workspace.settings.n_exemplars
    lacking = {label for labels in wanted.values() for label in labels if label not in kept}
    references = exemplars.of_labels(at.c, at.dataset.id, lacking)
    first = [exemplar for shown in references.values() for exemplar in shown[: n + SPARE]] if n else []
    pictured = [image for image, labels in wanted.items() if n and any(kept.get(label) or references.get(label) for label in labels)]
    seen, judged = looks.of(first, pictured)
    readable = {label: _readable(shown, seen, looks, n) for label, shown in references.items()}
    if keep:
        kept.update(readable)
    return {label: kept.get(label, readable.get(label, {})) for labels in wanted.values() for label in labels}, judged


def as_text(seen: int | Unreadable) -> str:
    """A fingerprint as it is stored: 16 hex digits."""
    return UNREADABLE if isinstance(seen, Unreadable) else f"{seen:016x}"


def _readable(shown: Sequence[StoredExemplar], seen: Mapping[int, str], looks: "_Looks", n: int) -> dict[StoredExemplar, str]:
    """The first `n` + SPARE readable reference pictures of a label, in their order, with their fingerprints."""
    if not n:
        return {}
    readable = {exemplar: seen[exemplar.id] for exemplar in shown[: n + SPARE] if seen[exemplar.id] != UNREADABLE}
    further = shown[n + SPARE :]
    if len(readable) < n + SPARE and further:
        more, _ = looks.of(further, ())
        readable |= {exemplar: more[exemplar.id] for exemplar in further if more[exemplar.id] != UNREADABLE}
    return dict(islice(readable.items(), n + SPARE))


def _drawn(key: bytes, judged: str, readable: Mapping[StoredExemplar, str], n: int) -> list[StoredExemplar]:
    """The reference pictures drawn for an image by its key, in their order; their number is the same beside every image."""
    look_of_image = None if judged == UNREADABLE else int(judged, 16)
    may_stand = [exemplar for exemplar, look in readable.items() if look_of_image is None or not is_nearly(int(look, 16), look_of_image)]
    by_lot = sorted((exemplar.id for exemplar in may_stand), key=lambda number: _lot(key, number))
    drawn = by_lot[: min(n, max(1, len(readable) - 1))]
    return [exemplar for exemplar in may_stand if exemplar.id in drawn]


def _lot(key: bytes, number: int) -> bytes:
    """What a picture draws beside an image: one hash in BLAKE2's keyed mode instead of an HMAC's two, a hundred times a sheet."""
    return blake2b(b"%d" % number, key=key, digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class _Looks:
    """Fingerprints of pictures: stored ones, or computed now."""

    at: OpenDataset
    keep: bool

    def of(self, shown: Sequence[StoredExemplar], judged: Sequence[StoredImage]) -> tuple[dict[int, str], dict[ImageId, str]]:
        """The fingerprints of these reference pictures and of these images, by id."""
        of_exemplars = fingerprints.of_exemplars(self.at.c, [each.id for each in shown])
        of_images: dict[ImageId, str | None] = {image.id: image.fingerprint for image in judged if image.fingerprint is not None}
        of_images |= fingerprints.of_images(self.at.c, [image.id for image in judged if image.id not in of_images])
        unseen = [each for each in shown if of_exemplars.get(each.id) is None]
        unjudged = [image for image in judged if of_images.get(image.id) is None]
        if self.keep and (unseen or unjudged):
            raise LooksMissing(self.at.dataset, unseen, unjudged)
        of_exemplars |= _looks_of_exemplars(self.at.workspace, self.at.dataset, unseen)
        of_images |= _looks_of_images(self.at.workspace, self.at.dataset, unjudged)
        return {each: look for each, look in of_exemplars.items() if look}, {image: look for image, look in of_images.items() if look}


def _look(workspace: Workspace, missing: LooksMissing) -> None:
    """Compute the pictures' fingerprints, then store them."""
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
    made = fingerprints_of(
        root_of(workspace.settings, dataset.reference_root or ""), [exemplar.path for exemplar in wanted], workspace.settings
    )
    return {exemplar.id: as_text(made[exemplar.path]) for exemplar in wanted}


def _looks_of_images(workspace: Workspace, dataset: StoredDataset, wanted: Sequence[StoredImage]) -> dict[ImageId, str]:
    if not wanted:
        return {}
    made = fingerprints_of(root_of(workspace.settings, dataset.images_root), [image.path for image in wanted], workspace.settings)
    return {image.id: as_text(made[image.path]) for image in wanted}
