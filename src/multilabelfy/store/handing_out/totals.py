"""How much was handed out and answered in a whole workspace, from counters and from what is not answered: never from the log of answers."""

from dataclasses import dataclass

from sqlalchemy import func, select

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Task
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import one_of
from multilabelfy.store.schema import assignments, datasets, person_counts

_UNANSWERED = [state.value for state in AssignmentState if state is not AssignmentState.ANSWERED]


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one task: the answers that are stored (revisions not counted), the sheets that were handed out, and those in hand now."""

    answered: int
    handed_out: int
    in_hand: int


def totals(c: Connection) -> dict[Task, Totals]:
    """The totals of every task."""
    counted = select(person_counts.c.task, func.sum(person_counts.c.n_answered)).group_by(person_counts.c.task)
    answered = {Task(task): int(n) for task, n in c.execute(counted)}
    anywhere = assignments.c.dataset_id.in_(select(datasets.c.id))  # so that the index of leases finds them
    waiting = select(assignments.c.task, assignments.c.state, func.count()).where(anywhere, one_of(assignments.c.state, _UNANSWERED))
    open_or_not: dict[Task, dict[AssignmentState, int]] = {task: {} for task in Task}
    for task, state, n in c.execute(waiting.group_by(assignments.c.task, assignments.c.state)):
        open_or_not[Task(task)][AssignmentState(state)] = n
    return {task: _totals(answered.get(task, 0), open_or_not[task]) for task in Task}


def _totals(answered: int, others: dict[AssignmentState, int]) -> Totals:
    return Totals(answered, answered + sum(others.values()), others.get(AssignmentState.OPEN, 0))
