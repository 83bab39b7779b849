"""Stage 4, one label of one image at a time: the same question over many pictures, and a decision when an image's last one is answered.

What comes of it is an ordinary decision. Where it needs more than a yes or no (a relation, a reason, or the votes that open after a blind
answer), the whole case is the last question of its image.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from multilabelfy.annotation.answers import further_id
from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Task, Vote
from multilabelfy.annotation.protocol import RefinementStyle
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.annotation.timing import MOST_PRESENT_MS
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.decision import decision_by_labels
from multilabelfy.refinement.filtering import CaseFilter, fits
from multilabelfy.refinement.queue import Tally, tallies
from multilabelfy.refinement.quick import InHand, labels_to_ask, next_question
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
from multilabelfy.workflows.refining.desk import Desk, Progress, decide_in, empty_desk, hand_out, own_assignment, progress_of
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.showing.references_beside import looking_between
from multilabelfy.workflows.workspace import Workspace

BATCH = 12
"""So many images are handed out at a time, all with the same label in question."""
LOOKED_AT = 200
"""Among so many of the most urgent images the label with the most questions is looked for."""
Key = tuple[AssignmentId, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One label of one image. What tells of the earlier answers is None or empty in the blind style.

    `agreed` are the labels that all chose, `vote` is the own earlier answer, `n_more` how many more pictures in hand ask the same, and
    `n_others` how many more labels of this picture are open.
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
    """What there is now: a question, or the whole case that ends an image, or the state in which there is neither."""

    dataset: StoredDataset
    desk: Desk
    question: Question | None
    case: Case | None
    progress: Progress


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
    """The end of an image whose labels are all answered, else the next question; `held` are those that the page has already."""
    with at_work(workspace, name, expert, now) as at:
        c, dataset = at.c, at.dataset
        freed_places.return_lapsed(c, dataset, now)
        if dataset.paused:
            return QuickWork(dataset, Desk.PAUSED, None, None, progress_of(c, dataset, expert))
        own = read_own(c, dataset.id, expert.id, [Task.REFINE], AssignmentState.OPEN)
        hand = _hand(at, own)
        ended = next((one for one in hand if one.is_answered and one.assignment not in held_cases), None)
        if ended is not None:
            case = case_of(at, assignments.get(c, ended.assignment))
            return QuickWork(dataset, Desk.WORK, None, case, progress_of(c, dataset, expert))
        hand = _that_fit(c, own, hand, wanted)
        among = {label for label in (wanted.label, wanted.other) if label is not None} or None
        last = quick_answers.last_label(c, dataset.id, expert.id)
        found = next_question(hand, last, among, held)
        if found is None:
            hand = _more(at, wanted, own)
            found = next_question(hand, last, among, held)
        desk = Desk.WORK if found else empty_desk(c, dataset, is_filtered=not wanted.is_empty)
        question = _question(at, hand, *found) if found else None
        return QuickWork(dataset, desk, question, None, progress_of(c, dataset, expert))


@looking_between
def question_again(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, label: int, now: datetime) -> QuickWork:
    """One's own question again, or the whole case once the image is decided or all its labels are answered. Raises NotAllowed."""
    with at_work(workspace, name, expert, now) as at:
        c, dataset, handed = at.c, at.dataset, own_assignment(at, expert, assignment)
        hand = _hand(at, [handed])
        has_ended = handed.state is AssignmentState.ANSWERED or _waits_for_reveal(at, handed)
        if hand and label in hand[0].asked and not has_ended:
            question = _question(at, hand, assignment, label)
            return QuickWork(dataset, Desk.WORK, question, None, progress_of(c, dataset, expert))
        return QuickWork(dataset, Desk.WORK, None, case_of(at, handed), progress_of(c, dataset, expert))


def answer(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    assignment: AssignmentId,
    label: int,
    vote: Vote,
    client_id: str,
    now: datetime,
    *,
    present_ms: int = 0,
    by_form: bool = False,
) -> None:
    """Keep an answer, and decide the image where it was the last one and nothing else is needed.

    The same answer under the same id changes nothing; another one is kept as a newer answer where it came `by_form`, of a page without
    scripts, and raises AnswerIdUsed where not.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset, handed = at.c, at.dataset, own_assignment(at, expert, assignment)
        hand = _hand(at, [handed])
        if not hand or label not in hand[0].asked:
            raise AnswerRefused({"answers": "This label is not in question here any more: reload the page and go on."})
        said = QuickAnswer(client_id, handed.id, handed.image, expert.id, label, vote, now, min(present_ms, MOST_PRESENT_MS))
        if by_form:
            said = _as_newer(c, said)
        if quick_answers.append(c, said, dataset.id) and handed.state is not AssignmentState.ANSWERED:
            _decide(at, handed, said.client_id)


def _as_newer(c: Connection, said: QuickAnswer) -> QuickAnswer:
    """The newest answer where a form that was sent before says the same; else the form's, under an id of its own where its was used."""
    newest = quick_answers.newest(c, said.assignment, said.label)
    if newest is None or quick_answers.by_client_id(c, said.client_id) is None:
        return said
    return newest if said.repeats(newest) else replace(said, client_id=further_id(said.client_id, newest.client_id))


def answered_before(workspace: Workspace, name: str, expert: Annotator, than: tuple[AssignmentId, int | None] | None) -> Key | None:
    """The image and label of the own answer before that one."""
    with reading(workspace, name) as at:
        found = quick_answers.before(at.c, at.dataset.id, expert.id, than)
        return None if found is None else (found.assignment, found.label)


def _decide(at: AtWork, handed: Assignment, client_id: str) -> None:
    hand = _hand(at, [handed])
    if not hand[0].is_answered or _waits_for_reveal(at, handed):
        return
    decision = decision_by_labels(client_id, answers_that_count(at.c, handed.image), hand[0].votes, at.dataset.protocol)
    if decision is not None:
        decide_in(at, handed, decision)


def _waits_for_reveal(at: AtWork, handed: Assignment) -> bool:
    own = refinements.latest_of(at.c, handed.image, at.person.id)
    return own is not None and not own.is_decided


def _hand(at: AtWork, own: Sequence[Assignment]) -> list[InHand]:
    """What of the own cases can be asked label by label, with the answers so far. A blind answer that waits for its reveal is answered."""
    c = at.c
    said = {image: counting(found) for image, found in annotations.latest_of_images(c, [one.image for one in own]).items()}
    votes = quick_answers.standing(c, [one.id for one in own])
    hand = []
    for one in own:
        shown, asked = _asked(at, one.image, said[one.image])
        mine = {label: answer.vote for label, answer in votes.get(one.id, {}).items() if label in asked}
        blind = refinements.latest_of(c, one.image, at.person.id)
        if blind is not None and not blind.is_decided and blind.answer_blind is not None:
            mine = {label: blind.answer_blind.get(label, Vote.NO) for label in asked}
        if asked and shown:
            hand.append(InHand(one.id, asked, mine))
    return hand


def _asked(at: AtWork, image: ImageId, said: Sequence[Annotation]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The labels that this expert is shown of an image, and those of them that are asked alone; none where nobody named any."""
    disagreement = compare(said) if said else None
    if disagreement is None or not (disagreement.disputed or disagreement.agreed):
        return (), ()
    shown = shown_labels(at, image, disagreement)
    return shown, labels_to_ask(shown, disagreement, at.dataset.protocol.refinement)


def _that_fit(c: Connection, own: Sequence[Assignment], hand: Sequence[InHand], wanted: CaseFilter) -> list[InHand]:
    if wanted.is_empty:
        return list(hand)
    image_of = {one.id: one.image for one in own}
    said = annotations.latest_of_images(c, [image_of[one.assignment] for one in hand])
    return [one for one in hand if fits(wanted, counting(said[image_of[one.assignment]]))]


def _more(at: AtWork, wanted: CaseFilter, own: Sequence[Assignment]) -> list[InHand]:
    """Hand out images that all ask the same label, the one with the most questions among the most urgent images; at last what was left."""
    urgent = dict(_askable(at, wanted))
    among = {label for label in (wanted.label, wanted.other) if label is not None}
    counts = Counter(label for asked in urgent.values() for label in asked if not among or label in among)
    if not counts:
        left = hand_out(at, n=len(own) + 1, among=[])
        return _that_fit(at.c, left, _hand(at, left), wanted)
    label = min(counts, key=lambda label: (-counts[label], label))
    chosen = [image for image, asked in urgent.items() if label in asked][:BATCH]
    handed = hand_out(at, n=len(own) + len(chosen), among=chosen)
    return _hand(at, [one for one in handed if one.image in chosen])


def _askable(at: AtWork, wanted: CaseFilter) -> Iterator[tuple[ImageId, tuple[int, ...]]]:
    """The most urgent images that fit, with the labels that would be asked of them."""
    n_seen = 0
    for some in likely_images(at.c, at.dataset.id, at.person.id, wanted):
        for image, found in annotations.latest_of_images(at.c, some).items():
            said = counting(found)
            _, asked = _asked(at, image, said)
            if asked and fits(wanted, said):
                n_seen += 1
                yield image, asked
            if n_seen >= LOOKED_AT:
                return


def _question(at: AtWork, hand: Sequence[InHand], assignment: AssignmentId, label: int) -> Question:
    c, dataset = at.c, at.dataset
    handed = assignments.get(c, assignment)
    here = next(one for one in hand if one.assignment == assignment)
    image = images.get(c, handed.image)
    is_open = dataset.protocol.refinement is RefinementStyle.OPEN
    said = answers_that_count(c, handed.image) if is_open else []
    agreed = compare(said).agreed if said else ()
    names = labels.labels_by_index(c, dataset.id, agreed)
    return Question(
        assignment=assignment,
        image=image,
        option=options(at, [label], beside=image)[label],
        tally=tallies(said, [label])[label] if said else None,
        notes=tuple(one.note for one in said if one.note),
        agreed=tuple(names[one] for one in agreed if one in names),
        vote=here.votes.get(label),
        n_more=sum(label in one.open for one in hand if one.assignment != assignment),
        n_others=len(set(here.open) - {label}),
    )
