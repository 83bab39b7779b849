"""The formats that a dataset is exported in, one record each.

`export`, its help, the page's downloads and docs/reference/formats.md are made from these records. The function `write` in the module of
the format's name in `writing/` (`dataset-card`: `writing/dataset_card.py`) writes it. That module is imported only when it is needed, so
that a command's help loads no library for tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from multilabelfy.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written

    Writer = Callable[[ExportedDataset, Wanted], Written]

TABLE = (".parquet", ".csv")


class Need(StrEnum):
    """What a dataset must have before a format can be written."""

    RELEASE = "a release of final labels"
    PROPOSALS = "proposals"
    ANSWERS = "answers of annotators"
    DECISIONS = "decisions of experts"
    CHECKS = "answers to quality checks"
    MACHINES = "answers of machines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: its name on the command line, its title on a page, its meaning in one sentence, and what it needs.

    `suffixes`: if there are several, the file's own decides; a page offers the first. `is_card`: a data card takes a licence, creators, an
    address and a citation, and its table is written beside it. `has_crowd_kit`: `--crowd-kit` applies to it.
    """

    name: str
    title: str
    meaning: str
    suffixes: tuple[str, ...]
    needs: Need
    is_card: bool = False
    has_crowd_kit: bool = False
    is_on_page: bool = True

    @property
    def file(self) -> str:
        """The default name of a file of this format."""
        return self.name + self.suffixes[0]

    @property
    def module(self) -> str:
        """The module that writes it."""
        return f"multilabelfy.formats.writing.{self.name.replace('-', '_')}"

    def writer(self) -> "Writer":
        """The function that writes it."""
        write: Writer = import_module(self.module).write
        return write

    def columns(self) -> tuple[str, ...]:
        """The columns of a table, in order; none for a format that is not a table."""
        return tuple(import_module(self.module).COLUMNS) if ".parquet" in self.suffixes else ()

    def check_suffix(self, out: Path) -> None:
        """Refuse a file name before any work. Raises InvalidInput if the format has several suffixes and this is not one of them."""
        if len(self.suffixes) > 1 and out.suffix.lower() not in self.suffixes:
            what = f"'{self.name}' is written as {' or '.join(self.suffixes)}, not as '{out.suffix}'"
            raise InvalidInput("Cannot write", [Problem(str(out), what)])


FORMATS = (
    Format(
        name="final-labels",
        title="Final labels",
        meaning="The paper’s JSON: {image: [label index, …]}.",
        suffixes=(".json",),
        needs=Need.RELEASE,
    ),
    Format(
        name="real",
        title="ReaL’s list",
        meaning="A list of label indices for each image, by the numbers in the file names; every image needs final labels.",
        suffixes=(".json",),
        needs=Need.RELEASE,
    ),
    Format(
        name="parquet",
        title="Table of labels",
        meaning="A row for each final label, with where its set comes from.",
        suffixes=TABLE,
        needs=Need.RELEASE,
    ),
    Format(
        name="parquet-lists",
        title="Table of images",
        meaning="A row for each image with the list of its final labels, and where they come from.",
        suffixes=TABLE,
        needs=Need.RELEASE,
    ),
    Format(
        name="corrected",
        title="Corrected dataset",
        meaning="A row for each image to train and measure with: given label, valid labels, and how sure they are.",
        suffixes=TABLE,
        needs=Need.RELEASE,
    ),
    Format(
        name="votes",
        title="Votes",
        meaning="A row for each vote: who answered what about which label, under a pseudonym.",
        suffixes=TABLE,
        needs=Need.ANSWERS,
        has_crowd_kit=True,
    ),
    Format(
        name="answers",
        title="Answers",
        meaning="A row for each answer of an annotator, also without a vote: what was chosen, and how long it took, under a pseudonym.",
        suffixes=TABLE,
        needs=Need.ANSWERS,
    ),
    Format(
        name="machine-votes",
        title="Machines’ votes",
        meaning="A row for each vote of a machine, which is never one of a person’s: what it answered about which label.",
        suffixes=TABLE,
        needs=Need.MACHINES,
    ),
    Format(
        name="decisions",
        title="Experts’ decisions",
        meaning="A row for each decision of an expert, before and after the votes were revealed, under a pseudonym.",
        suffixes=TABLE,
        needs=Need.DECISIONS,
    ),
    Format(
        name="checks",
        title="Quality checks",
        meaning="A row for each answer to gold, to a repeat, or by search first: what was asked and answered, under a pseudonym.",
        suffixes=TABLE,
        needs=Need.CHECKS,
    ),
    Format(
        name="proposals",
        title="Proposals",
        meaning="A row for each label that a model proposed, with its rank and score.",
        suffixes=TABLE,
        needs=Need.PROPOSALS,
    ),
    Format(
        name="croissant",
        title="Croissant",
        meaning="A data card for machines, as Croissant 1.0 with its terms for responsible AI, and the table that it describes.",
        suffixes=(".json",),
        needs=Need.RELEASE,
        is_card=True,
    ),
    Format(
        name="dataset-card",
        title="Dataset card",
        meaning="A data card for people, as the README.md of a Hugging Face dataset, and the table that it describes.",
        suffixes=(".md",),
        needs=Need.RELEASE,
        is_card=True,
    ),
)
BY_NAME: Mapping[str, Format] = {format.name: format for format in FORMATS}
CARDS = tuple(format for format in FORMATS if format.is_card)
DEFAULT = "final-labels"


def format_of(name: str) -> Format:
    """The format of this name. Raises InvalidInput, which lists all formats."""
    if name not in BY_NAME:
        raise InvalidInput(f"Cannot export as '{name}'", [Problem("--format", f"the formats are {', '.join(BY_NAME)}")])
    return BY_NAME[name]
