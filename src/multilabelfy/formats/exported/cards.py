"""Write a data card, in whatever form, and the table that it describes."""

from collections.abc import Callable, Iterator
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.exported.data_card import TABLE, DataCard
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.files.whole_files import whole_file


def write_card(dataset: ExportedDataset, wanted: Wanted, form: Callable[[DataCard], str]) -> Written:
    """Write the card as text, made by `form`, and beside it the table TABLE.

    Raises InvalidInput if the card has the table's name, for an earlier release, and if a file exists already.
    """
    _check_name(wanted.out)
    card = dataset.data_card(wanted.out.parent, wanted.about, overwrite=wanted.overwrite)
    with whole_file(wanted.out, overwrite=wanted.overwrite) as part:
        part.write_text(form(card), encoding="utf-8")
    return Written(card.n_images, card.n_images, tuple(_notes(wanted)))


def _check_name(out: Path) -> None:
    if out.name == TABLE:
        problem = Problem(str(out), "the table that the card describes is written beside it under this name")
        raise InvalidInput("Cannot write a data card", [problem], "Choose another name for the card.")


def _notes(wanted: Wanted) -> Iterator[str]:
    yield f"the labels that the card describes are in {wanted.out.with_name(TABLE)}"
    if not wanted.about.license:
        yield "the card states no licence: name one with --license"
