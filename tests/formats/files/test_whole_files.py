"""A file is there whole or not at all, and never over one that is there; tried on the paper's JSON."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.files.whole_files import LEFT, part_beside, remove_left, remove_part
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


def old(place: Path, seconds: int = LEFT + 60) -> Path:
    """As if nobody had changed it for so long."""
    for inner in [*place.rglob("*"), place]:
        os.utime(inner, (time.time() - seconds,) * 2)
    return place


def test_what_a_killed_writer_left_goes_with_the_next_writing_of_the_same_file(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    left = part_beside(out)
    left.write_text("half")
    write_final_labels(out, [("1.jpg", [0])])
    assert left.exists()  # as young as this one may be being written by another
    old(left)
    write_final_labels(out, [("1.jpg", [0])], overwrite=True)
    assert not left.exists()


@pytest.mark.parametrize("name", [".other.json.0123abcd.part", ".out.json.part", "out.json.0123abcd.part", ".out.json.mine.part"])
def test_somebody_elses_file_stays_however_old(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    old(tmp_path / name)
    write_final_labels(tmp_path / "out.json", [("1.jpg", [0])])
    assert (tmp_path / name).read_text() == "mine"


def test_a_folder_counts_as_old_only_if_everything_in_it_is(tmp_path: Path) -> None:
    for name in ("left", "in use"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("half")
    old(tmp_path / "left")
    old(tmp_path / "in use")
    (tmp_path / "in use" / "file").write_text("more")
    assert remove_left(tmp_path.iterdir()) == 1
    assert [place.name for place in tmp_path.iterdir()] == ["in use"]


def test_a_link_is_removed_and_never_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove_part(tmp_path / "link")
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept" / "file").read_text() == "mine"
