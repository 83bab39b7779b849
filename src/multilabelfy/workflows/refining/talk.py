"""Read what experts say to each other about an image: who may read it when, and without names where they decide blind."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator, Role, Task
from multilabelfy.annotation.protocol import RefinementStyle
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.discussion import Remark, RemarkKind, pseudonyms
from multilabelfy.refinement.lots import policy_meaning
from multilabelfy.refinement.queue import may_refine
from multilabelfy.refinement.reopening import is_decided_unseen
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.decisions import refinements, remarks
from multilabelfy.store.handing_out import assignments


@dataclass(frozen=True, slots=True)
class ReadableRemark:
    """One remark as a reader may see it: `who` has no names in the blind style, `to` neither."""

    who: str
    kind: RemarkKind
    text: str
    created_at: datetime
    to: str = ""


@dataclass(frozen=True, slots=True)
class Discussion:
    """What experts said of an image, as far as this one may read it, and to whom they may pass it (by name in the open style alone).

    `is_open` says whether it may be read and written now: in the blind style after the own answer, and in a study in which two experts
    decide some images independently after the own decision, on every image, so that it does not tell which those are.
    """

    is_open: bool
    said: tuple[ReadableRemark, ...]
    others: tuple[Annotator, ...]
    n_others: int
    was_passed: bool


def discussion_of(c: Connection, dataset: StoredDataset, expert: Annotator, assignment: Assignment) -> Discussion:
    """What this expert may read of the talk about an image in hand."""
    everything = remarks.of_image(c, assignment.image)
    is_open = is_open_to(c, dataset, expert, assignment)
    readable = everything if is_open else [remark for remark in everything if remark.author == expert.id]
    others = others_who_may(c, expert, assignment.image)
    by_name = dataset.protocol.refinement is RefinementStyle.OPEN
    passed = next((remark for remark in reversed(everything) if remark.kind is not RemarkKind.NOTE), None)
    return Discussion(
        is_open=is_open,
        said=tuple(as_read(c, dataset, expert, everything, readable)),
        others=tuple(others) if by_name else (),
        n_others=len(others),
        was_passed=passed is not None and passed.kind is RemarkKind.PASSED and passed.author != expert.id,
    )


def talk_about(c: Connection, dataset: StoredDataset, reader: Annotator, image: StoredImage) -> tuple[ReadableRemark, ...]:
    """The whole talk about an image, for its page; nothing for an expert who may still have to decide on it without knowing it."""
    everything = remarks.of_image(c, image.id)
    waits = is_decided_unseen(image.state, image.expert_policy)
    is_blind = dataset.protocol.refinement is RefinementStyle.BLIND or dataset.protocol.asks_experts_twice
    if waits and is_blind and reader.role is not Role.OWNER:
        everything = [remark for remark in everything if remark.author == reader.id]
    return tuple(as_read(c, dataset, reader, everything, everything))


def as_read(
    c: Connection, dataset: StoredDataset, reader: Annotator, everything: list[Remark], readable: list[Remark]
) -> list[ReadableRemark]:
    """Remarks with the names of their authors; in the blind style without."""
    if dataset.protocol.refinement is RefinementStyle.BLIND:
        names = pseudonyms(everything, reader.id)
    else:
        names = {remark.id: remark.name for remark in people.everyone(c)} | {reader.id: "you"}
    return [
        ReadableRemark(
            names[remark.author], remark.kind, remark.text, remark.created_at, names.get(remark.to, "another expert") if remark.to else ""
        )
        for remark in readable
    ]


def is_open_to(c: Connection, dataset: StoredDataset, expert: Annotator, assignment: Assignment) -> bool:
    """Whether an expert may read what others say of this image now."""
    own_decision = refinements.latest_of(c, assignment.image, expert.id)
    if dataset.protocol.asks_experts_twice and not policy_meaning(assignment.policy).is_open:
        return own_decision is not None and own_decision.is_decided
    return dataset.protocol.refinement is RefinementStyle.OPEN or own_decision is not None


def others_who_may(c: Connection, expert: Annotator, image: ImageId) -> list[Annotator]:
    """The other experts and owners who may decide on an image: who did not annotate it, and have not decided on it."""
    answers = annotations.latest_of_image(c, image)
    decided = assignments.answered_by(c, image, Task.REFINE)
    able = [person for person in people.everyone(c) if person.active and person.role in (Role.EXPERT, Role.OWNER)]
    return [person for person in able if person.id != expert.id and person.id not in decided and may_refine(person.id, answers)]
