"""Say which studies have answers that the policy of their adaptive overlap does not know, without loading what it computes with."""

from multilabelfy.store.dataset import datasets
from multilabelfy.store.handing_out import overlap_decisions
from multilabelfy.workflows.workspace import Workspace


def datasets_behind(workspace: Workspace) -> list[str]:
    """Their names, without archived ones."""
    with workspace.store.reading() as c:
        adaptive = [dataset for dataset in datasets.all_datasets(c) if dataset.protocol.is_adaptive and not dataset.is_archived]
        return [dataset.name for dataset in adaptive if overlap_decisions.is_behind(c, dataset.id, dataset.protocol.overlap_floor)]
