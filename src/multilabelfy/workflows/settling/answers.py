"""Store an answer in its log, and settle the image once it has all its answers: agreed, or disputed with its place in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, AssignmentId, Candidate, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, MOVABLE
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.comparison import compare
from multilabelfy.disagreement.triage import uncertainty
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.refinement.lots import drawn
from multilabelfy.refinement.reopening import is_reopened
from multilabelfy.store.answers import annotation_rows, annotations, check_answers
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import refinements
from multilabelfy.store.handing_out import assignments, handed_pictures, surplus


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer depends on: its assignment with its image and frozen candidates, this person's standing answer to it, and whether the
    answer's id is used."""

    assignment: Assignment
    image: StoredImage
    candidates: tuple[Candidate, ...]
    standing: Annotation | None
    is_id_used: bool


def asked_ground(c: Connection, assignment: AssignmentId, client_id: str) -> Coming[Ground | None]:
    """Ask all of that at once; None if there is no such assignment."""
    asked_assignment, picture = assignments.asked(c, assignment), handed_pictures.asked(c, assignment)
    vote, is_id_used = annotations.asked_standing(c, assignment), annotation_rows.asked(c, client_id)

    def read() -> Ground | None:
        held = asked_assignment()
        if held is None:
            return None
        standing = check_answers.latest_of(c, held.id) if held.task is Task.CHECK else vote()
        shown = picture()
        return Ground(held, shown.image, shown.candidates, standing, is_id_used())

    return read


def store_answer(c: Connection, dataset: StoredDataset, ground: Ground, annotation: Annotation) -> Annotation:
    """Store an answer in its log, that of checks or that of votes; a vote also settles its image. Returns the stored answer.

    Its id must not be used.
    """
    assignment, image = ground.assignment, ground.image
    if assignment.task is Task.CHECK:
        return check_answers.append(c, annotation, assignment=assignment.id)
    stored = annotations.add(c, annotation, assignment, image, ground.standing, overlap=dataset.protocol.least_overlap)
    is_counted = stored.revision == 1 and not stored.surplus
    _settle(c, dataset, replace(image, n_answers=image.n_answers + is_counted))
    return stored


def standing_answer(c: Connection, assignment: Assignment) -> Annotation | None:
    """This person's standing answer to this assignment; for a repeat, never their first answer about the image."""
    if assignment.task is Task.CHECK:
        return check_answers.latest_of(c, assignment.id)
    return annotations.latest_of(c, assignment.image, assignment.annotator)


def answer_by_id(c: Connection, client_id: str) -> Annotation | None:
    """The answer with this id, which its browser gave it, whether it is a vote or an answer to a check."""
    return annotations.by_client_id(c, client_id) or check_answers.by_client_id(c, client_id)


def answer_under_id(c: Connection, ground: Ground, client_id: str) -> Annotation | None:
    """The answer to this assignment with this id. Raises AnswerIdUsed if the id belongs to an answer to another assignment."""
    if not ground.is_id_used:
        return None
    assignment = ground.assignment
    vote, check = annotations.by_client_id(c, client_id), check_answers.by_client_id(c, client_id)
    own_log, elsewhere = (check, vote) if assignment.task is Task.CHECK else (vote, check)
    if elsewhere is not None or (own_log is not None and (own_log.image, own_log.annotator) != (assignment.image, assignment.annotator)):
        raise AnswerIdUsed
    return own_log


def settle(c: Connection, dataset: StoredDataset, image: ImageId) -> ImageState:
    """Compare an image's standing answers once it has all of them, and move it on: agreed, or disputed with its place in the queue.

    To be called in the transaction that stored an answer; a revision settles the image again. Once an expert has decided (or given a blind
    answer), a revision is kept and flagged but moves nothing. An agreed image that the audit draws goes to experts like a disputed one.
    Returns the image's state.
    """
    return _settle(c, dataset, images.get(c, image))


def _settle(c: Connection, dataset: StoredDataset, image: StoredImage) -> ImageState:
    """As `settle`, for an image as it is stored now. While it lacks answers and is open, nothing else has to be read."""
    lacks_answers = image.n_answers < image.wants(dataset.protocol.least_overlap)
    if image.state not in MOVABLE or (lacks_answers and image.state in AWAITING_ANNOTATORS):
        return image.state
    if refinements.is_begun(c, image.id) or is_reopened(image.state, image.expert_policy):
        return image.state
    new = ImageState.OPEN if lacks_answers else _to_experts(c, dataset, image.id, counting(annotations.latest_of_image(c, image.id)))
    images.move(c, image, new)
    return new


def settle_all(c: Connection, dataset: StoredDataset) -> None:
    """Settle every image that has an answer after a change of the overlap; with a greater overlap, surplus answers count."""
    surplus.count_waiting(c, surplus.images_waiting(c, dataset.id), dataset.protocol.least_overlap)
    for image in list(images.iterate(c, dataset.id)):
        if image.n_answers and image.state in MOVABLE:
            settle(c, dataset, image.id)


def _to_experts(c: Connection, dataset: StoredDataset, image: ImageId, counted: Sequence[Annotation]) -> ImageState:
    """Set how many experts an image needs and why, and its place in their queue; an audited image takes the place of a disputed one."""
    is_disputed = compare(counted).is_disputed
    draw = drawn(is_disputed=is_disputed, protocol=dataset.protocol, seed=dataset.seed, image=image)
    if draw is None:
        return ImageState.AGREED
    images.want_experts(c, image, draw.n_experts, policy=draw.policy.value, probability=draw.inclusion_probability)
    borrowed = None if is_disputed else images.triage_of_next(c, image)
    images.set_triage(c, image, uncertainty(counted) if borrowed is None else borrowed)
    return ImageState.DISPUTED
