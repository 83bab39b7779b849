"""A dataset in a workspace: where its pictures are, and the protocol by which people are asked about them now."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import DatasetId


@dataclass(frozen=True, slots=True)
class StoredDataset:
    """A dataset of the workspace with its current protocol, and the number of its newest guidelines (0: there are none).

    As long as `references_mark` is the same, so are the reference pictures of each label and their order.
    """

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
    references_mark: str = ""
    guidelines_version: int = 0
    archived_at: datetime | None = None
    former_names: tuple[str, ...] = ()

    @property
    def has_pictures(self) -> bool:
        """Whether it has pictures; without, it was made of votes that people cast elsewhere, and nobody can be asked about it."""
        return bool(self.images_root)

    @property
    def is_archived(self) -> bool:
        """Whether its work is over: it is in no list but that of archived ones, and hands out nothing."""
        return self.archived_at is not None
