"""Say which studies have answers that the policy of their adaptive overlap does not know, or cases for experts that the posterior has not
weighed, without loading what it computes with."""

from multilabelfy.annotation.study.protocol import ExpertOrder
from multilabelfy.store.dataset import datasets
from multilabelfy.store.handing_out import overlap_decisions, queue
from multilabelfy.workflows.workspace import Workspace


def datasets_behind(workspace: Workspace) -> list[str]:
    """Their names, without archived ones."""
    with workspace.store.reading() as c:
        adaptive = [dataset for dataset in datasets.all_datasets(c) if dataset.protocol.is_adaptive and not dataset.is_archived]
        return [dataset.name for dataset in adaptive if overlap_decisions.is_behind(c, dataset.id, dataset.protocol.overlap_floor)]


def queues_behind(workspace: Workspace) -> list[str]:
    """The names of those whose experts get first what gains most, and where a case waits that was not weighed; without archived ones."""
    with workspace.store.reading() as c:
        ordered = [dataset for dataset in datasets.all_datasets(c) if dataset.protocol.expert_order is ExpertOrder.GAIN]
        return [dataset.name for dataset in ordered if not dataset.is_archived and queue.has_unweighed_case(c, dataset.id)]
