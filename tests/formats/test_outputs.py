"""Each format has one record, and what the record says holds for its writer."""

import typing
from importlib import import_module
from pathlib import Path

import pytest

import multilabelfy.formats.writing
from multilabelfy.errors import InvalidInput
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.outputs import BY_NAME, CARDS, DEFAULT, FORMATS, Format, format_of


def each_format() -> "pytest.MarkDecorator":
    return pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)


@each_format()
def test_its_writer_takes_a_dataset_and_what_is_wanted(format: Format) -> None:
    hints = typing.get_type_hints(format.writer())
    assert list(hints.items()) == [("dataset", ExportedDataset), ("wanted", Wanted), ("return", Written)]


@each_format()
def test_its_module_begins_with_its_name(format: Format) -> None:
    assert (import_module(format.module).__doc__ or "").startswith(f"`{format.name}`: ")


@each_format()
def test_it_means_one_sentence(format: Format) -> None:
    assert format.meaning[0].isupper()
    assert format.meaning.endswith(".")
    assert ". " not in format.meaning


def test_names_and_titles_are_told_apart() -> None:
    assert len({format.name for format in FORMATS}) == len({format.title for format in FORMATS}) == len(FORMATS)
    assert DEFAULT in BY_NAME


def test_every_writer_in_the_folder_has_its_record() -> None:
    modules = {path.stem for path in Path(multilabelfy.formats.writing.__path__[0]).glob("*.py")} - {"__init__"}
    assert modules == {format.name.replace("-", "_") for format in FORMATS}


def test_a_suffix_decides_only_between_several(tmp_path: Path) -> None:
    format_of("final-labels").check_suffix(tmp_path / "labels.txt")
    format_of("votes").check_suffix(tmp_path / "votes.CSV")
    with pytest.raises(InvalidInput, match=r"'votes' is written as \.parquet or \.csv, not as '\.xlsx'"):
        format_of("votes").check_suffix(tmp_path / "votes.xlsx")


def test_a_format_that_does_not_exist_names_all_that_do() -> None:
    with pytest.raises(InvalidInput, match=", ".join(BY_NAME)):
        format_of("xml")


def test_tables_have_columns_and_cards_have_none() -> None:
    assert format_of("proposals").columns() == ("image", "label", "rank", "score", "source")
    assert [card.columns() for card in CARDS] == [(), ()]
