"""Gather what an annotator's page shows of one image: its picture, its candidates in their order, their names and reference pictures.

A sheet holds nothing that an annotator may not know: no path, no given label, no score, no model's name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.checking.checks import SEARCH_FIRST, CheckPolicy
from multilabelfy.annotation.model import Annotation, AssignmentId, Candidate
from multilabelfy.annotation.page import grouped, ordered
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.proposals.candidates import candidates
from multilabelfy.proposals.model import Proposal
from multilabelfy.store.database.prebuilt import Coming
from multilabelfy.store.dataset import candidates as stored_candidates
from multilabelfy.store.dataset import exemplars
from multilabelfy.store.dataset import shown as stored_shown
from multilabelfy.store.dataset.shown import ShownImage
from multilabelfy.workflows.at_work import AtWork, OpenDataset
from multilabelfy.workflows.settling.answers import standing_answer
from multilabelfy.workflows.showing.addresses import Strip, strip_of
from multilabelfy.workflows.showing.kept_labels import labels_by_index
from multilabelfy.workflows.showing.references_beside import Beside, read_beside, strips_of


@dataclass(frozen=True, slots=True)
class Option:
    """A label as a page offers it, with the reference pictures beside it."""

    label: Label
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image on an annotator's page. `earlier` is this person's standing answer, if there is one.

    Practice is the only kind of check that the page knows of. `by_search_first` means that the image is answered by search alone before the
    candidates come into view.
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the sheets of these assignments are made of, as it was read in one transaction. They are laid out while others may write."""

    dataset: StoredDataset
    assignments: Sequence[Assignment]
    pictures: Mapping[ImageId, StoredImage]
    shown: Mapping[ImageId, tuple[Candidate, ...]]
    earlier: Mapping[ImageId, Annotation | None]
    extra: Mapping[ImageId, set[int]]
    offered: "OfferedLabels"


def gathered(at: AtWork, assignments: Sequence[Assignment], coming: Coming[dict[ImageId, ShownImage]] | None = None) -> Gathered:
    """Read what the sheets of these assignments show. Freezes the candidates of an image that is shown for the first time.

    `coming` is what was asked of their images before, and may be of more of them.
    """
    c, dataset, their_images = at.c, at.dataset, {assignment.image for assignment in assignments}
    read = {image: each for image, each in (coming or stored_shown.asked(c, their_images))().items() if image in their_images}
    pictures = {image: each.image for image, each in read.items()}
    shown = {
        image: ordered(_frozen(at, each), dataset.protocol, seed=dataset.seed, image=image, annotator=at.person.id)
        for image, each in read.items()
    }
    earlier = {answered.image: standing_answer(c, answered) for answered in assignments if answered.state is AssignmentState.ANSWERED}
    extra = {image: _beyond(answer, shown[image]) for image, answer in earlier.items() if answer}
    wanted = {pictures[image]: [*(x.label for x in chosen), *extra.get(image, ())] for image, chosen in shown.items()}
    return Gathered(dataset, assignments, pictures, shown, earlier, extra, offered_beside(at, wanted))


def laid_out(material: Gathered) -> list[Sheet]:
    """The sheets, in the order of their assignments."""
    dataset, offered = material.dataset, options_of(material.offered)
    return [
        Sheet(
            assignment=assignment.id,
            picture=material.pictures[assignment.image].token,
            groups=_groups(material.shown[assignment.image], dataset.protocol, offered[assignment.image]),
            protocol=dataset.protocol,
            protocol_version=dataset.protocol_version,
            guidelines_version=dataset.guidelines_version,
            earlier=material.earlier.get(assignment.image),
            added=tuple(offered[assignment.image][label] for label in sorted(material.extra.get(assignment.image, ()))),
            is_practice=assignment.policy == CheckPolicy.PRACTICE,
            by_search_first=assignment.policy == SEARCH_FIRST and assignment.state is not AssignmentState.ANSWERED,
        )
        for assignment in material.assignments
    ]


def _frozen(at: AtWork, shown: ShownImage) -> tuple[Candidate, ...]:
    """The candidates of an image; chosen and frozen now if it had none."""
    if shown.frozen is not None:
        return shown.frozen
    chosen = chosen_candidates(at.dataset, shown.image, shown.proposed)
    return stored_candidates.freeze_first(at.c, shown.image.id, chosen, at.dataset.protocol_version, at.now)


def chosen_candidates(dataset: StoredDataset, image: StoredImage, proposed: Sequence[Proposal]) -> tuple[Candidate, ...]:
    """What people would be asked about an image whose candidates are not frozen yet."""
    return candidates(
        proposed,
        n_candidates=dataset.protocol.n_candidates,
        seed=[dataset.seed % 2**32, image.id],
        given=image.given_label if dataset.protocol.given_label_always else None,
        n_decoys=dataset.protocol.n_decoys,
    )


def options(at: OpenDataset, wanted: Iterable[int], *, beside: StoredImage | None = None, keep: bool = True) -> dict[int, Option]:
    """These labels with their reference pictures; near-copies of the image `beside` them are left out.

    With `keep`, in a writing transaction, the fingerprints computed for that are stored.
    """
    if beside is not None:
        return options_of(offered_beside(at, {beside: list(wanted)}, keep=keep))[beside.id]
    by_index = labels_by_index(at, wanted)
    n = at.workspace.settings.n_exemplars
    references = exemplars.of_labels(at.c, at.dataset.id, by_index)
    return {index: Option(label, strip_of(at.workspace, at.dataset.id, index, references[index][:n])) for index, label in by_index.items()}


@dataclass(frozen=True, slots=True)
class OfferedLabels:
    """Labels beside images, and what was read to draw their reference pictures."""

    labels: Mapping[int, Label]
    beside: Beside


def offered_beside(at: OpenDataset, wanted: Mapping[StoredImage, Sequence[int]], *, keep: bool = True) -> OfferedLabels:
    """Read these labels beside many images at once: it takes as many queries as beside one. Unknown labels are left out."""
    by_index = labels_by_index(at, {label for indices in wanted.values() for label in indices})
    known = {image: [label for label in dict.fromkeys(indices) if label in by_index] for image, indices in wanted.items()}
    return OfferedLabels(by_index, read_beside(at, known, keep=keep))


def options_of(offered: OfferedLabels) -> dict[ImageId, dict[int, Option]]:
    """The labels beside each image as a page offers them."""
    strips = strips_of(offered.beside)
    return {
        image.id: {index: Option(offered.labels[index], strips[image.id][index]) for index in indices}
        for image, indices in offered.beside.wanted.items()
    }


def _beyond(answer: Annotation, shown: Sequence[Candidate]) -> set[int]:
    """The labels of an earlier answer that are not candidates: the person found them by search."""
    return (answer.answers.keys() | set(answer.unsure_between)) - {candidate.label for candidate in shown}


def _groups(shown: Sequence[Candidate], protocol: AnnotationProtocol, offered: Mapping[int, Option]) -> tuple[tuple[Option, ...], ...]:
    return tuple(tuple(offered[candidate.label] for candidate in group) for group in grouped(shown, protocol.group_size))
