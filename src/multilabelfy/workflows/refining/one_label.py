"""Stage 4, one label at a time: the same question about many pictures, and a decision when an image's last question is answered.

The result is an ordinary decision. If it needs more than a yes or no (a relation, a reason, or the votes that open after a blind answer),
the whole case is the image's last question.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from multilabelfy.annotation.answers import further_id
from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Task, Vote
from multilabelfy.annotation.response_times import MOST_PRESENT_MS
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.cases.decision import decision_by_labels
from multilabelfy.refinement.cases.queue import Tally, tallies
from multilabelfy.refinement.cases.quick import InHand, labels_to_ask, next_question
from multilabelfy.refinement.image_filter import CaseFilter, fits
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, labels
from multilabelfy.store.decisions import quick_answers, refinements
from multilabelfy.store.decisions.quick_answers import QuickAnswer
from multilabelfy.store.handing_out import assignments
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.store.handing_out.case_search import likely_images
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import AtWork, at_work, reading
from multilabelfy.workflows.refining.cases import Case, answers_that_count, case_of, shown_labels
from multilabelfy.workflows.refining.desk import (
    ExpertDesk,
    ExpertProgress,
    decide_in,
    empty_desk,
    hand_out_cases,
    own_assignment,
    progress_of,
)
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.showing.references_beside import looking_between
from multilabelfy.workflows.workspace import Workspace

BATCH = 12
"""How many images are handed out at a time, all with the same label in question."""
LOOKED_AT = 200
"""Among how many of the most urgent images the label with the most questions is searched for."""
Key = tuple[AssignmentId, int]


@dataclass(frozen=True, slots=True)
class OneLabelQuestion:
    """One label of one image. Whatever reveals the earlier answers is None or empty in the blind style.

    `agreed` are the labels that all annotators chose, `vote` is this expert's earlier answer, `n_more` counts the other pictures in hand
    with the same question, and `n_others` the other open labels of this picture.
    """

    assignment: AssignmentId
    image: StoredImage
    option: Option
    tally: Tally | None
    notes: tuple[str, ...]
    agreed: tuple[Label, ...]
    vote: Vote | None
    n_more: int
    n_others: int


@dataclass(frozen=True, slots=True)
class QuickWork:
    """What an expert finds now: a question, or the whole case that ends an image, or the reason why there is neither."""

    dataset: StoredDataset
    desk: ExpertDesk
    question: OneLabelQuestion | None
    case: Case | None
    progress: ExpertProgress


@looking_between
def next_step(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    now: datetime,
    *,
    wanted: CaseFilter,
    held: Collection[Key] = (),
    held_cases: Collection[AssignmentId] = (),
) -> QuickWork:
    """The whole case of an image whose labels are all answered, or otherwise the next question; the page already has those in `held`."""
    with at_work(workspace, name, expert, now) as at:
        c, dataset = at.c, at.dataset
        if not dataset.has_pictures:
            return QuickWork(dataset, ExpertDesk.NO_PICTURES, None, None, progress_of(c, dataset, expert))
        freed_places.return_lapsed(c, dataset, now)
        if dataset.paused:
            return QuickWork(dataset, ExpertDesk.PAUSED, None, None, progress_of(c, dataset, expert))
        in_hand = read_own(c, dataset.id, expert.id, [Task.REFINE], AssignmentState.OPEN)
        hand = _hand(at, in_hand)
        ended = next((in_question for in_question in hand if in_question.is_answered and in_question.assignment not in held_cases), None)
        if ended is not None:
            case = case_of(at, assignments.get(c, ended.assignment))
            return QuickWork(dataset, ExpertDesk.WORK, None, case, progress_of(c, dataset, expert))
        hand = _that_fit(c, in_hand, hand, wanted)
        among = {label for label in (wanted.label, wanted.other) if label is not None} or None
        last = quick_answers.last_label(c, dataset.id, expert.id)
        key = next_question(hand, last, among, held)
        if key is None:
            hand = _more(at, wanted, in_hand)
            key = next_question(hand, last, among, held)
        desk = ExpertDesk.WORK if key else empty_desk(c, dataset, is_filtered=not wanted.is_empty)
        question = _question(at, hand, *key) if key else None
        return QuickWork(dataset, desk, question, None, progress_of(c, dataset, expert))


@looking_between
def question_again(workspace: Workspace, name: str, expert: Annotator, assignment_id: AssignmentId, label: int, now: datetime) -> QuickWork:
    """One of this expert's questions again; the whole case once the image is decided or all its labels answered. Raises NotAllowed."""
    with at_work(workspace, name, expert, now) as at:
        c, dataset, assignment = at.c, at.dataset, own_assignment(at, expert, assignment_id)
        hand = _hand(at, [assignment])
        has_ended = assignment.state is AssignmentState.ANSWERED or _waits_for_reveal(at, assignment)
        if hand and label in hand[0].asked and not has_ended:
            question = _question(at, hand, assignment_id, label)
            return QuickWork(dataset, ExpertDesk.WORK, question, None, progress_of(c, dataset, expert))
        return QuickWork(dataset, ExpertDesk.WORK, None, case_of(at, assignment), progress_of(c, dataset, expert))


def answer(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    assignment_id: AssignmentId,
    label: int,
    vote: Vote,
    client_id: str,
    now: datetime,
    *,
    present_ms: int = 0,
    by_form: bool = False,
) -> None:
    """Store an answer, and decide the image if it was the last one and nothing else is needed.

    The same answer under the same id changes nothing. A different one is stored as a newer answer if it came `by_form`, from a page without
    scripts, and raises AnswerIdUsed otherwise.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset, assignment = at.c, at.dataset, own_assignment(at, expert, assignment_id)
        hand = _hand(at, [assignment])
        if not hand or label not in hand[0].asked:
            raise AnswerRefused({"answers": "This label is not in question here any more: reload the page and go on."})
        quick_answer = QuickAnswer(
            client_id, assignment.id, assignment.image, expert.id, label, vote, now, min(present_ms, MOST_PRESENT_MS)
        )
        if by_form:
            quick_answer = _as_newer(c, quick_answer)
        if quick_answers.append(c, quick_answer, dataset.id) and assignment.state is not AssignmentState.ANSWERED:
            _decide(at, assignment, quick_answer.client_id)


def _as_newer(c: Connection, quick_answer: QuickAnswer) -> QuickAnswer:
    """The newest answer if this form repeats it; otherwise the form's answer, under an id of its own if its id was used."""
    newest = quick_answers.newest(c, quick_answer.assignment, quick_answer.label)
    if newest is None or quick_answers.by_client_id(c, quick_answer.client_id) is None:
        return quick_answer
    return newest if quick_answer.repeats(newest) else replace(quick_answer, client_id=further_id(quick_answer.client_id, newest.client_id))


def answered_before(workspace: Workspace, name: str, expert: Annotator, than: tuple[AssignmentId, int | None] | None) -> Key | None:
    """The image and label of this person's previous answer."""
    with reading(workspace, name) as at:
        previous = quick_answers.before(at.c, at.dataset.id, expert.id, than)
        return None if previous is None else (previous.assignment, previous.label)


def _decide(at: AtWork, assignment: Assignment, client_id: str) -> None:
    hand = _hand(at, [assignment])
    if not hand[0].is_answered or _waits_for_reveal(at, assignment):
        return
    decision = decision_by_labels(client_id, answers_that_count(at.c, assignment.image), hand[0].votes, at.dataset.protocol)
    if decision is not None:
        decide_in(at, assignment, decision)


def _waits_for_reveal(at: AtWork, assignment: Assignment) -> bool:
    own_decision = refinements.latest_of(at.c, assignment.image, at.person.id)
    return own_decision is not None and not own_decision.is_decided


def _hand(at: AtWork, in_hand: Sequence[Assignment]) -> list[InHand]:
    """The cases that can be asked label by label, with the answers so far. A blind answer that waits for its reveal counts as answered."""
    c = at.c
    answers = {
        image: counting(latest) for image, latest in annotations.latest_of_images(c, [assignment.image for assignment in in_hand]).items()
    }
    votes = quick_answers.standing(c, [assignment.id for assignment in in_hand])
    hand = []
    for assignment in in_hand:
        shown, asked = _asked(at, assignment.image, answers[assignment.image])
        own_votes = {label: answer.vote for label, answer in votes.get(assignment.id, {}).items() if label in asked}
        blind = refinements.latest_of(c, assignment.image, at.person.id)
        if blind is not None and not blind.is_decided and blind.answer_blind is not None:
            own_votes = {label: blind.answer_blind.get(label, Vote.NO) for label in asked}
        if asked and shown:
            hand.append(InHand(assignment.id, asked, own_votes))
    return hand


def _asked(at: AtWork, image: ImageId, answers: Sequence[Annotation]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The labels that this expert is shown for an image, and those of them that are asked alone; none if nobody named any."""
    disagreement = compare(answers) if answers else None
    if disagreement is None or not (disagreement.disputed or disagreement.agreed):
        return (), ()
    shown = shown_labels(at, image, disagreement)
    return shown, labels_to_ask(shown, disagreement, at.dataset.protocol.refinement)


def _that_fit(c: Connection, in_hand: Sequence[Assignment], hand: Sequence[InHand], wanted: CaseFilter) -> list[InHand]:
    if wanted.is_empty:
        return list(hand)
    image_of = {assignment.id: assignment.image for assignment in in_hand}
    answers = annotations.latest_of_images(c, [image_of[in_question.assignment] for in_question in hand])
    return [in_question for in_question in hand if fits(wanted, counting(answers[image_of[in_question.assignment]]))]


def _more(at: AtWork, wanted: CaseFilter, in_hand: Sequence[Assignment]) -> list[InHand]:
    """Hand out images with the same label in question, the most frequent one among the most urgent images. Last come postponed cases."""
    urgent = dict(_askable(at, wanted))
    among = {label for label in (wanted.label, wanted.other) if label is not None}
    counts = Counter(label for asked in urgent.values() for label in asked if not among or label in among)
    if not counts:
        put_aside = hand_out_cases(at, n=len(in_hand) + 1, among=[])
        return _that_fit(at.c, put_aside, _hand(at, put_aside), wanted)
    label = min(counts, key=lambda label: (-counts[label], label))
    chosen = [image for image, asked in urgent.items() if label in asked][:BATCH]
    handed_out = hand_out_cases(at, n=len(in_hand) + len(chosen), among=chosen)
    return _hand(at, [assignment for assignment in handed_out if assignment.image in chosen])


def _askable(at: AtWork, wanted: CaseFilter) -> Iterator[tuple[ImageId, tuple[int, ...]]]:
    """The most urgent matching images, with the labels that would be asked about each."""
    n_seen = 0
    for chunk in likely_images(at.c, at.dataset.id, at.person.id, wanted):
        for image, latest in annotations.latest_of_images(at.c, chunk).items():
            answers = counting(latest)
            _, asked = _asked(at, image, answers)
            if asked and fits(wanted, answers):
                n_seen += 1
                yield image, asked
            if n_seen >= LOOKED_AT:
                return


def _question(at: AtWork, hand: Sequence[InHand], assignment: AssignmentId, label: int) -> OneLabelQuestion:
    c, dataset = at.c, at.dataset
    stored_assignment = assignments.get(c, assignment)
    case = next(in_question for in_question in hand if in_question.assignment == assignment)
    image = images.get(c, stored_assignment.image)
    is_open = dataset.protocol.refinement is RefinementStyle.OPEN
    answers = answers_that_count(c, stored_assignment.image) if is_open else []
    agreed = compare(answers).agreed if answers else ()
    names = labels.labels_by_index(c, dataset.id, agreed)
    return OneLabelQuestion(
        assignment=assignment,
        image=image,
        option=options(at, [label], beside=image)[label],
        tally=tallies(answers, [label])[label] if answers else None,
        notes=tuple(answer.note for answer in answers if answer.note),
        agreed=tuple(names[index] for index in agreed if index in names),
        vote=case.votes.get(label),
        n_more=sum(label in in_question.open for in_question in hand if in_question.assignment != assignment),
        n_others=len(set(case.open) - {label}),
    )
