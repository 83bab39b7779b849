"""What is asked of an import of votes, what its survey finds, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.workflows.importing.votes.cast_votes import CastVotes


@dataclass(frozen=True, slots=True)
class VotesRequest:
    """A request to make the dataset `name` of the file `votes`, without pictures.

    `labels` is `imagenet1k` or a file; otherwise the labels in the votes are the labels. `given` is a file of given labels. `protocol` is a
    preset (None: the paper's); `overlap` is how many answers an image had (None: as many as most images had).
    """

    name: str
    votes: Path
    labels: str | None = None
    given: Path | None = None
    protocol: AnnotationProtocol | None = None
    overlap: int | None = None
    seed: int | None = None


@dataclass(frozen=True)
class SurveyedVotes:
    """What an import of votes will store: the images `fresh` among the file's, by their places there, and whom their raters are already.

    `given` has the given labels by image. `n_known` counts the file's images that are stored, with the same votes.
    """

    stored: StoredDataset | None
    labels: LabelSpace
    protocol: AnnotationProtocol
    seed: int
    cast: CastVotes
    given: Mapping[str, int]
    fresh: tuple[int, ...]
    raters: Mapping[str, AnnotatorId]
    notes: tuple[str, ...]

    @property
    def n_known(self) -> int:
        """How many of the file's images were stored before."""
        return len(self.cast.images) - len(self.fresh)


@dataclass(frozen=True, slots=True)
class VotesSummary:
    """The result: the file's images, how many of them are new with how many answers and votes, and what the new ones came to."""

    name: str
    is_new: bool
    label_space: str
    n_labels: int
    n_images: int
    n_known: int
    n_given: int
    n_raters: int
    n_answers: int
    n_votes: int
    n_agreed: int
    n_disputed: int
    protocol: str
    overlap: int
    seed: int
    notes: tuple[str, ...]
