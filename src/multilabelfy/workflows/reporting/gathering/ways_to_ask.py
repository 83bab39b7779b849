"""Keep what simulated studies of a dataset of known truth came to, and gather it again for each of its reports."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WaysCompared, ways_compared
from multilabelfy.formats.reading.ways_to_ask import read_ways_to_ask
from multilabelfy.formats.tables_of_results import write_ways_to_ask
from multilabelfy.report.material import SEED
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.workspace import Workspace


def keep_ways_to_ask(workspace: Workspace, name: str, rows: Iterable[ImageAsked]) -> Path:
    """Keep the rows for the dataset's reports; returns their place. Raises UnknownDataset, and InvalidInput if they cannot be written."""
    with workspace.store.reading() as c:
        place = _place(workspace, datasets.find(c, name))
    place.parent.mkdir(exist_ok=True)
    write_ways_to_ask(place, rows, overwrite=True)
    return place


def kept_ways_to_ask(workspace: Workspace, dataset: StoredDataset) -> WaysCompared | None:
    """What was kept; None where nothing was, as in every study whose truth is not known. Raises InvalidInput for a file that is damaged."""
    place = _place(workspace, dataset)
    return ways_compared(read_ways_to_ask(place), seed=SEED) if place.is_file() else None


def _place(workspace: Workspace, dataset: StoredDataset) -> Path:
    """Named by number, since a dataset's name may not be a valid file name."""
    return workspace.simulated / f"{dataset.id}.csv"
