"""An import's request, what its survey finds, and what it will store."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import Image, LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.final_labels import FinalRow
from multilabelfy.formats.reading.pictures.image_folder import ImageFolder
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.workflows.importing.imported_copies import NOT_LOOKED_FOR, ImportedCopies
from multilabelfy.workflows.importing.references import References
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A request to import `images_root` as the dataset `name`.

    `labels` is `imagenet1k` or a file; otherwise the class folders are the labels. Given labels come from `given`, or otherwise from the
    pictures' folders unless `no_given`. `protocol` and `seed` are those of a new dataset (None: the paper's, 0). `verify` decodes each
    picture in full. `skip_bad` skips what cannot be used: unreadable pictures are listed, rows about missing pictures left out.
    `names` is a file that names the pictures of a remote root, which a web server does not list.
    """

    name: str
    images_root: Path | RemoteAddress
    given: Path | None = None
    labels: str | None = None
    reference: Path | RemoteAddress | None = None
    protocol: AnnotationProtocol | None = None
    final_labels: Path | None = None
    seed: int | None = None
    verify: bool = False
    skip_bad: bool = False
    no_given: bool = False
    names: Path | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the survey finds: problems to be fixed, problems that --skip-bad skips, and notes. The lists grow."""

    fatal: list[Problem] = field(default_factory=list)
    skippable: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Add errors of unreadable input to the problems, and let the survey go on."""
        try:
            yield
        except InvalidInput as error:
            self.fatal.extend(error.problems)


@dataclass(frozen=True, slots=True)
class Looking:
    """The state of a survey: `stored` is the dataset if it exists already, `fresh` are the folder's paths that are not in it."""

    workspace: Workspace
    request: ImportRequest
    stored: StoredDataset | None
    folder: ImageFolder
    fresh: tuple[str, ...]
    findings: Findings

    @property
    def seed(self) -> int:
        """The seed of all random choices; it stays that of the first import."""
        return self.stored.seed if self.stored else self.request.seed or 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What an import will store. `new_images` are in their later order: those with final labels first, in their file's order."""

    root: Path | RemoteAddress
    reference_root: Path | RemoteAddress | None
    labels: LabelSpace
    seed: int
    new_images: tuple[Image, ...]
    n_known: int
    unreadable: Mapping[str, str]
    repaired: tuple[str, ...]
    references: References
    finals: Mapping[str, FinalRow]
    notes: tuple[str, ...]
    copies: ImportedCopies = NOT_LOOKED_FOR
