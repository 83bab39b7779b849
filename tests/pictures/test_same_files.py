"""Only files that share their size are read, and as little of them as it takes to tell them apart."""

from pathlib import Path

import pytest

from multilabelfy.pictures import same_files as searching
from multilabelfy.pictures.roots import Folder
from multilabelfy.pictures.same_files import END_BYTES, SameFiles, content_digest, end_digest, same_files

LARGE = 3 * END_BYTES


def put(root: Path, **contents: bytes) -> list[str]:
    for name, content in contents.items():
        (root / name).write_bytes(content)
    return list(contents)


def same(root: Path, paths: list[str], first_new: int = 0) -> SameFiles:
    return same_files(Folder(root), paths, first_new, {}, n_threads=2, progress=lambda _done, _total: None)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Whose end and whose whole content was read."""
    names: dict[str, list[str]] = {"end": [], "whole": []}

    def end(picture: Path, n_bytes: int) -> int:
        names["end"].append(picture.name)
        return end_digest(picture, n_bytes)

    def whole(picture: Path) -> bytes:
        names["whole"].append(picture.name)
        return content_digest(picture)

    monkeypatch.setattr(searching, "end_digest", end)
    monkeypatch.setattr(searching, "content_digest", whole)
    return names


def test_files_of_different_sizes_are_not_read(tmp_path: Path, read: dict[str, list[str]]) -> None:
    assert same(tmp_path, put(tmp_path, a=b"1", b=b"22", c=b"333")) == SameFiles((), 0)
    assert read == {"end": [], "whole": []}


def test_of_files_of_one_size_those_that_end_alike_are_read_as_a_whole(tmp_path: Path, read: dict[str, list[str]]) -> None:
    rest = bytes(LARGE)
    paths = put(tmp_path, a=b"1" + rest, b=b"1" + rest, c=b"2" + rest, d=rest + b"3")
    assert same(tmp_path, paths).groups == ((0, 1),)
    assert (sorted(read["end"]), sorted(read["whole"])) == (["a", "b", "c", "d"], ["a", "b", "c"])


def test_old_pictures_that_no_new_one_resembles_are_not_read(tmp_path: Path, read: dict[str, list[str]]) -> None:
    paths = put(tmp_path, a=b"11", b=b"11", c=b"22", d=b"333", e=b"333")
    assert same(tmp_path, paths, first_new=4).groups == ((3, 4),)
    assert sorted(read["end"]) == ["d", "e"]


def test_groups_come_in_the_order_of_their_first_pictures(tmp_path: Path) -> None:
    paths = put(tmp_path, a=b"11", b=b"2", c=b"11", d=b"2", e=b"11")
    assert same(tmp_path, paths).groups == ((0, 2, 4), (1, 3))


def test_a_picture_that_is_gone_is_like_no_other(tmp_path: Path) -> None:
    paths = [*put(tmp_path, a=b"1", b=b"1"), "gone", "gone too"]
    assert same(tmp_path, paths) == SameFiles(((0, 1),), 2)


def test_equal_ends_of_different_sizes_differ(tmp_path: Path) -> None:
    put(tmp_path, a=bytes(LARGE), b=bytes(LARGE + 1))
    assert end_digest(tmp_path / "a", LARGE) != end_digest(tmp_path / "b", LARGE + 1)
