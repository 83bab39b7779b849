"""Ask a machine about the candidates of a dataset's images, picture after picture, so that it can be stopped and gone on with.

It is asked what people are asked: the candidates that were frozen for an image, or would be today. Each picture's answers are stored before
the next picture is opened. What was answered is never asked again, and what failed is asked again by the next run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from multilabelfy.annotation.machines import MachineId, MachineRater, read_answers, title_of
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_PROPOSALS
from multilabelfy.dataset.model import Label
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import ForbiddenPath, InvalidInput, MachineFailed, NoPictures, NotProposed, Problem, UnreadablePicture
from multilabelfy.inference.machine_raters import MachineFunction, asked, machine_name, open_machine
from multilabelfy.pictures.opening import open_picture
from multilabelfy.plurals import counted
from multilabelfy.store.answers import machine_votes
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import candidates as stored_candidates
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.annotating.sheets import chosen_candidates
from multilabelfy.workflows.showing.inspecting import Progress, max_pixels, root_of, silent
from multilabelfy.workflows.workspace import Workspace

AT_ONCE = 100
LONGEST_NAME = 200
MOST_FAILURES = 10
"""So many pictures in a row may fail before asking ends: then it is the machine, not the pictures."""


@dataclass(frozen=True, slots=True)
class AskedMachine:
    """What `ask` came to: new answers about `n_images`, how many images were `n_before`, and which pictures failed, with the reasons."""

    machine: MachineRater
    n_images: int
    n_before: int
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredMachine:
    """A machine, and how it answers (no, maybe, yes) where a label is not valid and where it is; both are empty where that is not known.

    It is known by `n_compared` votes of its on labels that people were asked about, and pulled towards saying nothing by 50 in each class.
    """

    machine: MachineRater
    n_compared: int = 0
    where_not_valid: Sequence[float] = ()
    where_valid: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An image, and the labels that the machine has not been asked about."""

    image: StoredImage
    labels: tuple[Label, ...]


def ask(
    workspace: Workspace,
    name: str,
    spec: str,
    *,
    clock: Callable[[], datetime],
    n_images: int | None = None,
    called: str = "",
    folder: Path | None = None,
    progress: Progress = silent,
) -> AskedMachine:
    """Ask the machine about every image that has candidates, or about the first `n_images` of the draw.

    Its votes are kept under the name `called`, by default its SPEC. Modules are also looked for in `folder`, by default the working
    directory. Raises UnknownDataset, NoPictures, NotProposed, ScorerUnavailable, InvalidInput for a name that is too long, and
    MachineFailed where ten pictures in a row fail; what was answered is kept.
    """
    machine_named, function = called.strip() or machine_name(spec), open_machine(spec, folder=folder or Path.cwd())
    _check_name(machine_named)
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        if not dataset.has_pictures:
            raise NoPictures(f"'{name}' was imported without pictures: nobody can be asked about it, and no machine either.")
        to_ask = _drawn(c, dataset)[:n_images]
    if not to_ask:
        raise NotProposed(f"'{name}' has no image with proposals to ask about. Run `multilabelfy propose` first.")
    with workspace.store.writing() as c:
        machine = machine_votes.found_or_added(c, dataset.id, machine_named, clock())
    failed: list[tuple[str, str]] = []
    n_new, n_before, in_a_row = 0, 0, 0
    for chunk in chunked(to_ask, AT_ONCE):
        for wanted in _wanted(workspace, dataset, machine, chunk):
            progress(n_new + n_before + len(failed), len(to_ask))
            if not wanted.labels:
                n_before += 1
                continue
            try:
                _ask_about(workspace, dataset, machine, function, wanted, clock)
                n_new, in_a_row = n_new + 1, 0
            except (MachineFailed, UnreadablePicture, ForbiddenPath) as error:
                failed.append((wanted.image.path, error.why if isinstance(error, UnreadablePicture) else str(error)))
                in_a_row += isinstance(error, MachineFailed)
                if in_a_row >= MOST_FAILURES:
                    raise _ended(machine_named, failed, n_new) from error
    progress(len(to_ask), len(to_ask))
    with workspace.store.reading() as c:
        [now] = [known for known in machine_votes.all_machines(c, dataset.id) if known.id == machine]
    return AskedMachine(now, n_new, n_before, tuple(failed))


def machines_of(workspace: Workspace, name: str) -> list[MeasuredMachine]:
    """The machines that were asked about a dataset, and how they answer by the posterior of everybody's votes. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        known = machine_votes.all_machines(c, dataset.id)
        chances = chances_of(c, dataset, Counted(machines=True)) if known else None
    if chances is None or chances.machine_votes is None or chances.fit.machines is None:
        return [MeasuredMachine(machine) for machine in known]
    n_compared = np.bincount(chances.machine_votes.machine, minlength=len(known)).tolist()
    rows = zip(known, n_compared, chances.fit.machines.tolist(), strict=True)
    return [MeasuredMachine(machine, n, not_valid, valid) if n else MeasuredMachine(machine) for machine, n, (not_valid, valid) in rows]


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME or not name.isprintable():
        problem = Problem("--as", f"a name is at most {LONGEST_NAME} printable characters, and this one is {name[:40]!r}…")
        raise InvalidInput("Cannot ask a machine", [problem])


def _drawn(c: Connection, dataset: StoredDataset) -> list[StoredImage]:
    """The readable images with proposals, in the order of the draw: the first of them are a random sample."""
    ready = [image for image in images.iterate(c, dataset.id) if image.state.meaning.is_shown and image.state not in AWAITING_PROPOSALS]
    return sorted(ready, key=lambda image: (queue_place(image.path, dataset.seed), image.id))


def _wanted(workspace: Workspace, dataset: StoredDataset, machine: MachineId, chunk: Sequence[StoredImage]) -> Iterator[_Wanted]:
    ids = [image.id for image in chunk]
    with workspace.store.reading() as c:
        frozen = stored_candidates.frozen(c, ids)
        proposed = proposals.of_images(c, [image for image in ids if image not in frozen])
        before = machine_votes.asked_about(c, machine, ids)
        shown = {image.id: frozen.get(image.id) or chosen_candidates(dataset, image, proposed[image.id]) for image in chunk}
        asked_for = {
            image: [candidate.label for candidate in of_image if candidate.label not in before.get(image, ())]
            for image, of_image in shown.items()
        }
        by_index = stored_labels.labels_by_index(c, dataset.id, {label for of_image in asked_for.values() for label in of_image})
    return (_Wanted(image, tuple(by_index[label] for label in asked_for[image.id])) for image in chunk)


def _ask_about(
    workspace: Workspace,
    dataset: StoredDataset,
    machine: MachineId,
    function: MachineFunction,
    wanted: _Wanted,
    clock: Callable[[], datetime],
) -> None:
    """Ask about one picture, and store what it says. Raises MachineFailed and UnreadablePicture."""
    picture = open_picture(
        root_of(workspace.settings, dataset.images_root).picture(wanted.image.path), max_pixels=max_pixels(workspace.settings)
    )
    answers = read_answers(asked(function, picture, wanted.labels), [label.index for label in wanted.labels])
    with workspace.store.writing() as c:
        machine_votes.add(c, machine, wanted.image.id, answers, clock())


def _ended(name: str, failed: Sequence[tuple[str, str]], n_new: int) -> MachineFailed:
    path, why = failed[-1]
    return MachineFailed(
        f"Stopped asking {title_of(name)}: {MOST_FAILURES} pictures in a row failed, the last of them '{path}': {why}. "
        f"What it answered about {counted(n_new, 'image')} is kept. Mend it and run the same command again: it goes on where it stopped."
    )
