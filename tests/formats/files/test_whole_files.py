"""A file is there whole or not at all, and never over one that is there; tried on the paper's JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.writing.final_labels import write_final_labels


def test_a_file_that_is_there_is_not_written_over_unless_asked(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    with pytest.raises(InvalidInput, match="a file of this name exists already"):
        write_final_labels(out, [("1.jpg", [0])])
    assert out.read_text() == "mine"
    write_final_labels(out, [("1.jpg", [0])], overwrite=True)
    assert out.read_text() == '{"1.jpg": ["0"]}'


def test_a_writing_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, list[int]]]:
        yield "1.jpg", [0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_final_labels(tmp_path / "out.json", rows())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="it is a folder"):
        write_final_labels(tmp_path, [])


def test_the_folders_above_are_made(tmp_path: Path) -> None:
    assert write_final_labels(tmp_path / "x" / "y" / "out.json", [("1.jpg", [])]) == 1
