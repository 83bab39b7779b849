"""The noun of a dataset in a workspace: where its pictures lie, and how people are asked about them now."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.dataset.model import DatasetId


@dataclass(frozen=True, slots=True)
class StoredDataset:
    """A dataset of the workspace with the protocol that holds now."""

    id: DatasetId
    name: str
    images_root: str
    reference_root: str | None
    label_space: str
    seed: int
    protocol: AnnotationProtocol
    protocol_version: int
    paused: bool
    created_at: datetime
