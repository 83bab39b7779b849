"""How much the workspace has handed out and taken in, over all datasets: for whoever watches it from outside."""

from multilabelfy.annotation.model import Task
from multilabelfy.store.handing_out.totals import Totals, totals
from multilabelfy.workflows.workspace import Workspace


def throughput(workspace: Workspace) -> dict[Task, Totals]:
    """The totals of every task, of one moment. Raises StoreUnavailable."""
    with workspace.store.reading() as c:
        return totals(c)
