"""Choose which images are gold: those of a file with known labels, a seeded draw from the decided ones, or one that an owner picks.

Gold has final labels. An image of the file that nobody was asked about yet leaves the queue: its known labels become final, as if they had
come with the import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from multilabelfy.annotation.checking.checks import GoldKind, lot
from multilabelfy.annotation.checking.gold import Gold, dealt
from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANSWERS, IN_STUDY, RESOLVED, n_in
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import CommandOption, InvalidInput, Problem, UnknownRelease, WayOut
from multilabelfy.formats.reading.final_labels import ATTEMPT, FinalRow, read_final_labels
from multilabelfy.plurals import counted
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.decisions import releases, withheld
from multilabelfy.store.handing_out import gold
from multilabelfy.workflows.owning.gallery import history_in
from multilabelfy.workflows.releasing.resolve import final_labels_of
from multilabelfy.workflows.workspace import Workspace

OTHERS = WayOut("{} to bring images with known labels", CommandOption("file", "FILE", "--from"))


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The gold of a dataset by kind, how much of it has no proposals and cannot be shown yet, and what the last command changed."""

    counts: Mapping[GoldKind, int]
    n_without_proposals: int
    n_marked: int = 0
    n_retired: int = 0
    n_taken_from_queue: int = 0

    @property
    def n_images(self) -> int:
        """The number of gold images of all kinds."""
        return sum(self.counts.values())


def gold_of(workspace: Workspace, name: str) -> GoldSet:
    """What is gold now. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return _gold_set(c, datasets.find(c, name))


def gold_from_file(workspace: Workspace, name: str, file: Path, kind: GoldKind | None, now: datetime) -> GoldSet:
    """Mark the images of a file (any form of final labels) as gold of one kind, or divide them among all kinds. Raises InvalidInput.

    An undecided image that somebody was asked about cannot be gold: its answers would be wasted.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        rows = _rows(c, dataset, file)
        known = {image.path: image for image in images.iterate(c, dataset.id) if image.path in rows}
        _refuse_asked(file, known.values())
        fresh = [image for image in known.values() if image.state in AWAITING_ANSWERS]
        _make_final(c, dataset, {image: rows[image.path] for image in fresh}, now)
        chosen = {image.id: tuple(sorted(rows[path].labels)) for path, image in known.items()}
        n_marked = _mark(c, dataset, chosen, kind, now)
        return _gold_set(c, dataset, n_marked=n_marked, n_taken_from_queue=len(fresh))


def draw_gold(workspace: Workspace, name: str, n: int, kind: GoldKind | None, now: datetime) -> GoldSet:
    """Mark n decided images, drawn with equal probability, as gold with their final labels. Raises InvalidInput if there are fewer."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        decided = {final.image: tuple(sorted(final.labels)) for final in final_labels_of(c, dataset)}
        free = decided.keys() - gold.of_images(c, decided).keys() - withheld.of_dataset(c, dataset.id)
        if len(free) < n:
            reason = f"{counted(len(free), 'decided image')} can become gold, and {n} were asked for"
            raise InvalidInput("Cannot draw gold", [Problem(name, reason)], (WayOut("draw fewer"), OTHERS))
        drawn = sorted(free, key=lambda image: lot(dataset.seed, "gold", image))[:n]
        n_marked = _mark(c, dataset, {image: decided[image] for image in drawn}, kind, now)
        return _gold_set(c, dataset, n_marked=n_marked)


def mark_gold(workspace: Workspace, name: str, image: ImageId, kind: GoldKind, why: str, now: datetime, *, by: Annotator) -> None:
    """Make one decided image gold with its final labels; `why` explains them to those who practise. Raises InvalidInput, UnknownImage."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        history = history_in(c, dataset, image, by)
        if history.final is None:
            problem = Problem(history.image.path, "it has no final labels yet")
            raise InvalidInput("Cannot make this image gold", [problem], "Wait until it is decided.")
        if withheld.among(c, [image]):
            problem = Problem(history.image.path, "its picture is withheld, and gold is shown to annotators")
            raise InvalidInput("Cannot make this image gold", [problem], "Choose another image.")
        gold.add(c, dataset.id, [Gold(image, kind, tuple(sorted(history.final.labels)), why.strip())], now)


def retire_gold(workspace: Workspace, name: str, paths: Sequence[str], now: datetime) -> GoldSet:
    """Stop using these images as gold, and ignore the answers about them. Raises UnknownImage, UnknownDataset."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        n_retired = gold.retire(c, [images.by_path(c, dataset.id, path).id for path in paths], now)
        return _gold_set(c, dataset, n_retired=n_retired)


def gold_of_image(workspace: Workspace, name: str, image: ImageId) -> Gold | None:
    """The image's mark as gold; None if it is not gold, or no longer."""
    with workspace.store.reading() as c:
        datasets.find(c, name)
        mark = gold.of_images(c, [image]).get(image)
        return None if mark is None or mark.is_retired else mark


def _rows(c: Connection, dataset: StoredDataset, file: Path) -> dict[str, FinalRow]:
    read = read_final_labels(file, images.paths(c, dataset.id), labels.label_space(c, dataset.id))
    if read.problems or read.absent:
        raise InvalidInput(ATTEMPT, [*read.problems, *read.absent])
    return {row.image: row for row in read.rows}


def _refuse_asked(file: Path, chosen: Iterable[StoredImage]) -> None:
    problems = [Problem(str(file), f"'{image.path}' {why}") for image in chosen if (why := _why_not(image))]
    if problems:
        raise InvalidInput("Cannot make these images gold", problems, "Leave them out; they can become gold once they are decided.")


def _why_not(image: StoredImage) -> str:
    if image.state in RESOLVED:
        return ""
    if image.state not in AWAITING_ANSWERS:
        return "waits for an expert's decision" if image.state.meaning.is_shown else "is not a readable picture"
    return "is being annotated: it has answers already, or somebody holds it" if image.n_answers or image.n_leases else ""


def _make_final(c: Connection, dataset: StoredDataset, known: Mapping[StoredImage, FinalRow], now: datetime) -> None:
    """Write the next release: the last one's sets and these, whose images now wait for nobody."""
    if not known:
        return
    try:
        before = dict(releases.labels_of(c, dataset.id, releases.latest(c, dataset.id).number))
    except UnknownRelease:
        before = {}
    for image, row in known.items():
        images.set_state(c, image.id, ImageState.IMPORTED)
        before[image.path] = FinalLabels(
            image.id, row.labels, LabelSource.IMPORTED, reason=None if row.labels else row.reason or EmptyReason.UNKNOWN
        )
    n_images = n_in(images.counts(c, dataset.id), IN_STUDY)
    releases.add(c, dataset.id, list(before.values()), n_images - len(before), now)


def _mark(c: Connection, dataset: StoredDataset, chosen: Mapping[ImageId, tuple[int, ...]], kind: GoldKind | None, now: datetime) -> int:
    kinds = _kinds(c, dataset, chosen) if kind is None else dict.fromkeys(chosen, kind)
    before = gold.of_images(c, chosen)
    marks = [Gold(image, kinds[image], known, before[image].why if image in before else "") for image, known in chosen.items()]
    gold.add(c, dataset.id, marks, now)
    return len(marks)


def _kinds(c: Connection, dataset: StoredDataset, chosen: Mapping[ImageId, tuple[int, ...]]) -> dict[ImageId, GoldKind]:
    """Each image's kind: practice gets the number that the protocol still lacks; images that are gold already keep their kind."""
    before = {image: mark.kind for image, mark in gold.of_images(c, chosen).items() if not mark.is_retired}
    fresh = sorted(chosen.keys() - before.keys(), key=lambda image: lot(dataset.seed, "kind", image))
    missing = max(0, dataset.protocol.n_practice - gold.counts(c, dataset.id)[GoldKind.PRACTICE])
    return {**before, **dealt(fresh, missing)}


def _gold_set(c: Connection, dataset: StoredDataset, *, n_marked: int = 0, n_retired: int = 0, n_taken_from_queue: int = 0) -> GoldSet:
    return GoldSet(gold.counts(c, dataset.id), gold.n_without_proposals(c, dataset.id), n_marked, n_retired, n_taken_from_queue)
