"""One function opens paths, and nothing leads out of its folder."""

import re
from pathlib import Path

import pytest

from multilabelfy.errors import ForbiddenPath
from multilabelfy.pictures.paths import inside

SOURCE = Path(__file__).resolve().parents[2] / "src" / "multilabelfy"


def test_a_path_below_the_root_is_resolved(tmp_path: Path) -> None:
    assert inside(tmp_path, "cat/1.jpg") == tmp_path.resolve() / "cat" / "1.jpg"


def test_a_folder_above_may_be_crossed_as_long_as_the_end_is_inside(tmp_path: Path) -> None:
    assert inside(tmp_path, "cat/../dog/1.jpg") == tmp_path.resolve() / "dog" / "1.jpg"


@pytest.mark.parametrize("relative", ["", ".", "..", "../secret", "cat/../../secret", "/etc/passwd", "cat/\0.jpg"])
def test_what_leads_out_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(ForbiddenPath):
        inside(tmp_path, relative)


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data-x").mkdir()
    with pytest.raises(ForbiddenPath):
        inside(tmp_path / "data", "../data-x/1.jpg")


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"")
    (tmp_path / "data" / "1.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(ForbiddenPath):
        inside(tmp_path / "data", "1.jpg")


def test_the_root_itself_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert inside(tmp_path / "link", "1.jpg") == tmp_path.resolve() / "data" / "1.jpg"


def test_no_other_module_opens_a_picture_file() -> None:
    """The demo's own archive of drawings, read from memory, is no file that a user names."""
    opens_a_file = re.compile(r"Image\.open\((?!io\.BytesIO\()")
    openers = [file.relative_to(SOURCE).as_posix() for file in SOURCE.rglob("*.py") if opens_a_file.search(file.read_text())]
    assert openers == ["pictures/opening.py"]
