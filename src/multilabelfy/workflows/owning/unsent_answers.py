"""Import answers that a browser could not send: find whose they are, store each through its page's door, and log who brought them.

The pages' own forms, passed in as `Door`s, read the answers, so that a file is treated exactly as a browser is.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from multilabelfy.annotation.assignment import on_the_desk
from multilabelfy.annotation.model import Annotator, AssignmentId, Role, Task
from multilabelfy.errors import MultilabelfyError, NotAllowed
from multilabelfy.formats.reading.unsent_answers import UnsentAnswer, UnsentAnswers
from multilabelfy.store import people
from multilabelfy.store.decisions import refinements
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.annotating import desk as annotating
from multilabelfy.workflows.owning.filing import present_name
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.settling.answers import answer_by_id
from multilabelfy.workflows.team.people import may
from multilabelfy.workflows.workspace import Workspace

ADDRESS = re.compile(r"(?:/[\w.~-]+)*/d/([^/]+)/(annotate|refine)/(\d{1,9})(/later)?")
FOLDER = "imported-answers"
DESKS = {"annotate": Task.ANNOTATE, "refine": Task.REFINE}


class Result(StrEnum):
    """What came of one answer."""

    STORED = "stored"
    ALREADY_STORED = "was there already"
    LATER = "left for later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """One answer and the result of importing it; `reason` says why it was refused."""

    id: str
    assignment: int | None
    person: str
    result: Result
    reason: str = ""


Door = Callable[[str, Annotator, AssignmentId, UnsentAnswer], None]
"""Stores one answer, of this dataset, person and assignment, as its page would. Raises MultilabelfyError if it does not fit."""


def import_answers(
    workspace: Workspace, sent: UnsentAnswers, doors: Mapping[str, Door], now: datetime, *, by: Annotator | None
) -> tuple[Imported, ...]:
    """Store each answer once by its id, in file order, as the person of its assignment; a refused answer does not stop the others.

    `doors` are by page: `annotate` and `refine`. `by` is the owner who imports, None the command line. The log is a file in the
    workspace's folder `imported-answers`. Raises NotAllowed if `by` is not an owner.
    """
    if by is not None and not may(by, Role.OWNER):
        raise NotAllowed(f"{by.name} is {by.role.value}: answers are imported by an owner.")
    imported = tuple(_import_one(workspace, sent, answer, doors) for answer in sent.answers)
    _leave_trace(workspace, imported, sent, now, by)
    return imported


def counted(imported: Sequence[Imported]) -> dict[Result, int]:
    """How many answers had each result, without results that none had."""
    by_result = {result: sum(answer.result is result for answer in imported) for result in Result}
    return {result: n for result, n in by_result.items() if n}


def _import_one(workspace: Workspace, sent: UnsentAnswers, answer: UnsentAnswer, doors: Mapping[str, Door]) -> Imported:
    fits = ADDRESS.fullmatch(_path_of(answer.address))
    if fits is None:
        return Imported(answer.id, None, "", Result.REFUSED, f"“{answer.address}” is not the address of an answer to a picture.")
    dataset, page, assignment, later = unquote(fits[1]), fits[2], AssignmentId(int(fits[3])), bool(fits[4])
    name = ""
    try:
        person = _person_of(workspace, sent, dataset, page, assignment)
        dataset, name = present_name(workspace, dataset), person.name
        if later:
            workflow = annotating if page == "annotate" else refining
            workflow.leave_for_later(workspace, dataset, person, assignment)
            return Imported(answer.id, assignment, name, Result.LATER)
        was_there = _is_there(workspace, answer.id)
        doors[page](dataset, person, assignment, answer)
    except MultilabelfyError as error:
        return Imported(answer.id, assignment, name, Result.REFUSED, str(error))
    return Imported(answer.id, assignment, name, Result.ALREADY_STORED if was_there else Result.STORED)


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # as of `http://[`
        return ""


def _person_of(workspace: Workspace, sent: UnsentAnswers, dataset: str, page: str, assignment: AssignmentId) -> Annotator:
    """The assignment's person. Raises NotAllowed if that is not the person of the file, or there is none."""
    if dataset != sent.dataset:
        raise NotAllowed(f"The file is of the dataset “{sent.dataset}”, and this answer is of “{dataset}”.")
    with workspace.store.reading() as c:
        stored_assignment = assignments.find(c, assignment)
        is_theirs = stored_assignment is not None and str(stored_assignment.annotator) == sent.person
        if stored_assignment is None or not is_theirs or stored_assignment.task not in on_the_desk(DESKS[page]):
            raise NotAllowed(f"Assignment {assignment} is not of the person whose file this is (number {sent.person}).")
        return people.get(c, stored_assignment.annotator)


def _is_there(workspace: Workspace, client_id: str) -> bool:
    with workspace.store.reading() as c:
        return answer_by_id(c, client_id) is not None or refinements.by_client_id(c, client_id) is not None


def _leave_trace(workspace: Workspace, imported: Sequence[Imported], sent: UnsentAnswers, now: datetime, by: Annotator | None) -> None:
    """Log who imported which answers when; their ids are those of the stored answers."""
    folder = workspace.folder / FOLDER
    folder.mkdir(exist_ok=True)
    who = None if by is None else by.name
    trace = {
        "at": now.isoformat(),
        "by": who,
        "person": sent.person,
        "dataset": sent.dataset,
        "answers": [asdict(answer) for answer in imported],
    }
    (folder / f"{now:%Y-%m-%dT%H-%M-%S-%f}.json").write_text(json.dumps(trace, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
