"""What an import is asked for, what it meets while looking, and what it will store."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.model import Image, LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.final_labels import FinalRow
from multilabelfy.formats.reading.image_folder import ImageFolder
from multilabelfy.workflows.importing.references import References
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What was asked for: to import `images_root` as the dataset `name`.

    `labels` is `imagenet1k` or a file, else the class folders are the labels. A given label comes from `given`, or else from the folder of
    a picture unless `no_given`. `protocol` and `seed` are those of a new dataset (None: the paper's, 0). `verify` decodes each picture in
    full. `skip_bad` goes on without what cannot be used: unreadable pictures are listed, rows about missing pictures are left out.
    """

    name: str
    images_root: Path
    given: Path | None = None
    labels: str | None = None
    reference: Path | None = None
    protocol: AnnotationProtocol | None = None
    final_labels: Path | None = None
    seed: int | None = None
    verify: bool = False
    skip_bad: bool = False
    no_given: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What is met: problems that must be mended, those that --skip-bad passes over, and what is good to know. The lists grow."""

    fatal: list[Problem] = field(default_factory=list)
    skippable: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """What cannot be read at all joins the list, and the looking goes on."""
        try:
            yield
        except InvalidInput as error:
            self.fatal.extend(error.problems)


@dataclass(frozen=True, slots=True)
class Looking:
    """Where the looking stands: `stored` is the dataset if it is there already, `fresh` are the folder's paths that are not in it."""

    workspace: Workspace
    request: ImportRequest
    stored: StoredDataset | None
    folder: ImageFolder
    fresh: tuple[str, ...]
    findings: Findings

    @property
    def seed(self) -> int:
        """What choices are drawn by; it stays that of the first import."""
        return self.stored.seed if self.stored else self.request.seed or 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What an import will store. `new_images` are in the order of their places: those with final labels first, in their file's order."""

    root: Path
    reference_root: Path | None
    labels: LabelSpace
    seed: int
    new_images: tuple[Image, ...]
    n_known: int
    unreadable: Mapping[str, str]
    repaired: tuple[str, ...]
    references: References
    finals: Mapping[str, FinalRow]
    notes: tuple[str, ...]
