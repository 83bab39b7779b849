"""Read experts' remarks about an image: who may read them and when, and without names where experts decide blind."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator, Role, Task
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.cases.queue import may_refine
from multilabelfy.refinement.discussion import Remark, RemarkKind, pseudonyms
from multilabelfy.refinement.lots import policy_meaning
from multilabelfy.refinement.reopening import is_decided_unseen
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.decisions import refinements, remarks
from multilabelfy.store.handing_out import assignments


@dataclass(frozen=True, slots=True)
class ReadableRemark:
    """One remark as a reader may see it; in the blind style, `who` and `to` are not names."""

    who: str
    kind: RemarkKind
    text: str
    created_at: datetime
    to: str = ""


@dataclass(frozen=True, slots=True)
class Discussion:
    """The remarks about an image that this expert may read, and the experts to whom they may pass it (by name only in the open style).

    `is_open` says whether this expert may read and write remarks now. In the blind style that is after their answer. In a study in which
    two experts decide some images independently, it is after their decision, on every image, so that nothing betrays which images those
    are.
    """

    is_open: bool
    remarks: tuple[ReadableRemark, ...]
    others: tuple[Annotator, ...]
    n_others: int
    was_passed: bool


def discussion_of(c: Connection, dataset: StoredDataset, expert: Annotator, assignment: Assignment) -> Discussion:
    """The discussion of an image in hand, as far as this expert may read it."""
    everything = remarks.of_image(c, assignment.image)
    is_open = is_open_to(c, dataset, expert, assignment)
    readable = everything if is_open else [remark for remark in everything if remark.author == expert.id]
    others = others_who_may(c, dataset.id, expert, assignment.image)
    by_name = dataset.protocol.refinement is RefinementStyle.OPEN
    passed = next((remark for remark in reversed(everything) if remark.kind is not RemarkKind.NOTE), None)
    return Discussion(
        is_open=is_open,
        remarks=tuple(as_read(c, dataset, expert, everything, readable)),
        others=tuple(others) if by_name else (),
        n_others=len(others),
        was_passed=passed is not None and passed.kind is RemarkKind.PASSED and passed.author != expert.id,
    )


def talk_about(c: Connection, dataset: StoredDataset, reader: Annotator, image: StoredImage) -> tuple[ReadableRemark, ...]:
    """All remarks about an image, for its page; only their own for an expert who may still have to decide without knowing the others."""
    everything = remarks.of_image(c, image.id)
    waits = is_decided_unseen(image.state, image.expert_policy)
    is_blind = dataset.protocol.refinement is RefinementStyle.BLIND or dataset.protocol.asks_experts_twice
    if waits and is_blind and reader.role is not Role.OWNER:
        everything = [remark for remark in everything if remark.author == reader.id]
    return tuple(as_read(c, dataset, reader, everything, everything))


def as_read(
    c: Connection, dataset: StoredDataset, reader: Annotator, everything: list[Remark], readable: list[Remark]
) -> list[ReadableRemark]:
    """Remarks with their authors' names, or with pseudonyms in the blind style."""
    if dataset.protocol.refinement is RefinementStyle.BLIND:
        names = pseudonyms(everything, reader.id)
    else:
        names = {person.id: person.author for person in people.everyone(c, dataset.id)} | {reader.id: "you"}
    return [
        ReadableRemark(
            names[remark.author], remark.kind, remark.text, remark.created_at, names.get(remark.to, "another expert") if remark.to else ""
        )
        for remark in readable
    ]


def is_open_to(c: Connection, dataset: StoredDataset, expert: Annotator, assignment: Assignment) -> bool:
    """Whether an expert may read others' remarks about this image now."""
    own_decision = refinements.latest_of(c, assignment.image, expert.id)
    if dataset.protocol.asks_experts_twice and not policy_meaning(assignment.policy).is_open:
        return own_decision is not None and own_decision.is_decided
    return dataset.protocol.refinement is RefinementStyle.OPEN or own_decision is not None


def others_who_may(c: Connection, dataset: DatasetId, expert: Annotator, image: ImageId) -> list[Annotator]:
    """The other experts and owners who may decide on an image: they neither annotated it nor decided on it."""
    answers = annotations.latest_of_image(c, image)
    decided = assignments.answered_by(c, image, Task.REFINE)
    able = [person for person in members.team(c, dataset) if person.active and person.role in (Role.EXPERT, Role.OWNER)]
    return [person for person in able if person.id != expert.id and person.id not in decided and may_refine(person.id, answers)]
