"""Gather what an annotator's page shows of one image: its picture, its candidates in their order, their names and reference pictures.

A sheet holds nothing that an annotator may not know: no path, no given label, no score, no model's name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.checks import SEARCH_FIRST, CheckPolicy
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Candidate
from multilabelfy.annotation.page import grouped, ordered
from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.proposals.candidates import candidates
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates as stored_candidates
from multilabelfy.store.dataset import exemplars, guidelines, images, labels, proposals
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.dataset.images import StoredImage
from multilabelfy.store.handing_out.assignments import Assignment
from multilabelfy.workflows.settling.answers import standing_answer
from multilabelfy.workflows.showing.addresses import Strip, strip_of
from multilabelfy.workflows.showing.references_beside import exemplars_beside
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Option:
    """A label as a page offers it, with the reference pictures beside it."""

    label: Label
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image on an annotator's page. `earlier` is this person's own standing answer, where there is one.

    Of all checks practice alone is known to the page. `by_search_first` is a sheet that is answered by search alone before its candidates
    come into view.
    """

    assignment: AssignmentId
    picture: str
    groups: tuple[tuple[Option, ...], ...]
    protocol: AnnotationProtocol
    protocol_version: int
    guidelines_version: int
    earlier: Annotation | None
    added: tuple[Option, ...] = ()
    is_practice: bool = False
    by_search_first: bool = False

    def options(self) -> tuple[Option, ...]:
        """Every candidate, in the order of the page."""
        return tuple(option for group in self.groups for option in group)


def sheets_of(
    c: Connection, workspace: Workspace, dataset: StoredDataset, person: Annotator, handed: Sequence[Assignment], now: datetime
) -> list[Sheet]:
    """The sheets of these assignments, in their order. Freezes the candidates of an image that is looked at for the first time."""
    pictures = images.get_many(c, [assignment.image for assignment in handed])
    frozen = frozen_candidates(c, dataset, list(pictures.values()), now)
    shown = {
        image: ordered(chosen, dataset.protocol, seed=dataset.seed, image=image, annotator=person.id) for image, chosen in frozen.items()
    }
    earlier = {one.image: standing_answer(c, one) for one in handed if one.state is AssignmentState.ANSWERED}
    extra = {image: _beyond(answer, shown[image]) for image, answer in earlier.items() if answer}
    offered = {
        image: options(c, workspace, dataset, [*(x.label for x in chosen), *extra.get(image, ())], beside=pictures[image])
        for image, chosen in shown.items()
    }
    text = guidelines.latest(c, dataset.id).version
    return [
        Sheet(
            assignment=assignment.id,
            picture=pictures[assignment.image].token,
            groups=_groups(shown[assignment.image], dataset.protocol, offered[assignment.image]),
            protocol=dataset.protocol,
            protocol_version=dataset.protocol_version,
            guidelines_version=text,
            earlier=earlier.get(assignment.image),
            added=tuple(offered[assignment.image][label] for label in sorted(extra.get(assignment.image, ()))),
            is_practice=assignment.policy == CheckPolicy.PRACTICE,
            by_search_first=assignment.policy == SEARCH_FIRST and assignment.state is not AssignmentState.ANSWERED,
        )
        for assignment in handed
    ]


def frozen_candidates(
    c: Connection, dataset: StoredDataset, pictures: Sequence[StoredImage], now: datetime
) -> dict[ImageId, tuple[Candidate, ...]]:
    """The candidates of these images, chosen and frozen now where they were not yet."""
    frozen = stored_candidates.frozen(c, [image.id for image in pictures])
    fresh = [image for image in pictures if image.id not in frozen]
    proposed = proposals.of_images(c, [image.id for image in fresh])
    for image in fresh:
        chosen = candidates(
            proposed[image.id],
            n_candidates=dataset.protocol.n_candidates,
            seed=[dataset.seed % 2**32, image.id],
            given=image.given_label if dataset.protocol.given_label_always else None,
            n_decoys=dataset.protocol.n_decoys,
        )
        frozen[image.id] = stored_candidates.freeze(c, image.id, chosen, dataset.protocol_version, now)
    return frozen


def options(
    c: Connection,
    workspace: Workspace,
    dataset: StoredDataset,
    wanted: Iterable[int],
    *,
    beside: StoredImage | None = None,
    keep: bool = True,
) -> dict[int, Option]:
    """These labels with their reference pictures: beside an image that is judged none that is nearly it.

    With `keep`, in a writing transaction, what had to be looked at for that is stored.
    """
    found = labels.labels_by_index(c, dataset.id, wanted)
    if beside is None:
        n = workspace.settings.n_exemplars
        references = {label: shown[:n] for label, shown in exemplars.of_labels(c, dataset.id, found).items()}
    else:
        references = exemplars_beside(c, workspace, dataset, beside, found, keep=keep)
    return {index: Option(label, strip_of(workspace, dataset.id, index, references[index])) for index, label in found.items()}


def _beyond(answer: Annotation, shown: Sequence[Candidate]) -> set[int]:
    """The labels that an earlier answer names beyond the candidates: the search found them."""
    return (answer.answers.keys() | set(answer.unsure_between)) - {candidate.label for candidate in shown}


def _groups(shown: Sequence[Candidate], protocol: AnnotationProtocol, offered: Mapping[int, Option]) -> tuple[tuple[Option, ...], ...]:
    return tuple(tuple(offered[candidate.label] for candidate in group) for group in grouped(shown, protocol.group_size))
