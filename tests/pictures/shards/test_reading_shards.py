"""A picture in a shard is read where it lies, and what is wrong with a shard is told apart from what is wrong with one picture."""

import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.packed import drawn, put_parquet, put_tar

from multilabelfy.errors import ForbiddenPath, PicturesUnreachable, UnreadablePicture
from multilabelfy.pictures.opening import check_header, open_picture
from multilabelfy.pictures.roots import Folder, missing_among
from multilabelfy.pictures.shards import parquet_shard, tar_shard
from multilabelfy.pictures.shards.kept import Kept

RED, BLUE = (250, 0, 0), (0, 0, 250)


def shade(root: Path, path: str) -> object:
    return open_picture(Folder(root).picture(path)).getpixel((0, 0))


def test_a_picture_of_an_archive_is_found_by_its_name_below_the_archive(tmp_path: Path) -> None:
    put_tar(tmp_path / "part" / "0.tar", ("cat/1.png", drawn(RED)), ("cat/1.cls", b"cat"), ("./2.png", drawn(BLUE)))

    assert shade(tmp_path, "part/0.tar/cat/1.png") == RED
    assert shade(tmp_path, "part/0.tar/2.png") == BLUE
    assert shade(tmp_path / "part" / "0.tar", "cat/1.png") == RED


def test_a_picture_of_a_table_is_found_by_its_row_whatever_its_row_group(tmp_path: Path) -> None:
    put_parquet(tmp_path / "a.parquet", [("x/1.png", drawn(RED)), (None, drawn(RED)), ("3.png", drawn(BLUE))])

    assert shade(tmp_path, "a.parquet/00000000/1.png") == RED
    assert shade(tmp_path, "a.parquet/00000002/3.png") == BLUE
    assert shade(tmp_path / "a.parquet", "00000002") == BLUE


def test_plain_bytes_in_a_column_of_a_usual_name_are_pictures(tmp_path: Path) -> None:
    pq.write_table(pa.table({"mask": [b"x"], "jpg": [drawn(BLUE)]}), tmp_path / "a.parquet")

    assert shade(tmp_path, "a.parquet/00000000") == BLUE


def test_a_folder_that_is_called_like_a_shard_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "odd.tar").mkdir()
    (tmp_path / "odd.tar" / "1.png").write_bytes(drawn(RED))

    assert shade(tmp_path, "odd.tar/1.png") == RED


def test_only_a_row_group_is_read_for_a_picture_and_only_the_part_of_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an archive nothing behind the header is read for its size; a table of four rows has two row groups of two."""
    read: list[int] = []
    whole = parquet_shard._group
    monkeypatch.setattr(parquet_shard, "_group", lambda shard, table, group: read.append(group) or whole(shard, table, group))  # type: ignore[func-returns-value]
    table = put_parquet(tmp_path / "a.parquet", [(None, drawn(RED))] * 4)
    for row in ("00000002", "00000003", "00000002"):
        open_picture(Folder(table).picture(row))
    content = drawn(RED) + b"\0" * 1_000_000
    archive = put_tar(tmp_path / "a.tar", ("1.png", content), ("2.png", content))

    with Folder(archive).picture("2.png").open() as part:
        assert part.read(4) == b"\x89PNG"
        assert part.seek(-1, 2) == len(content) - 1
        assert (part.read(5), part.read(5)) == (b"\0", b"")
    assert check_header(Folder(archive).picture("2.png")) == (8, 8)
    assert read == [1]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a.tar/3.png", "the archive has no such file"),
        ("a.tar/none.png", "is empty"),
        ("a.tar/link.png", "the archive has no such file"),
        ("a.tar/text.png", "not a picture"),
        ("a.parquet/00000009", "no such row, but 3 rows"),
        ("a.parquet/nine", "no such row"),
        ("a.parquet/00000001", "holds no picture"),
        ("a.parquet/00000002", "not a picture"),
    ],
)
def test_what_is_wrong_with_one_picture_is_said_of_this_picture(tmp_path: Path, path: str, why: str) -> None:
    put_tar(tmp_path / "a.tar", ("none.png", b""), ("text.png", b"words"))
    with tarfile.open(tmp_path / "a.tar", "a") as archive:
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    put_parquet(tmp_path / "a.parquet", [("1.png", drawn()), ("elsewhere.png", None), ("3.png", b"words")])

    with pytest.raises(UnreadablePicture, match=why):
        shade(tmp_path, path)


def test_a_picture_of_too_many_pixels_or_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tar(tmp_path / "a.tar", ("1.png", drawn(size=(300, 300))))

    with pytest.raises(UnreadablePicture, match="300 × 300 pixels"):
        open_picture(Folder(tmp_path).picture("a.tar/1.png"), max_pixels=1000)
    monkeypatch.setattr(tar_shard, "MOST_BYTES", 10)
    with pytest.raises(UnreadablePicture, match="larger than"):
        shade(tmp_path, "a.tar/1.png")


def test_a_header_that_would_fill_the_memory_is_no_header(tmp_path: Path) -> None:
    put_tar(tmp_path / "a.tar", ("1.png", drawn()), ("x" * 2_000_000, b""))

    with pytest.raises(PicturesUnreachable, match=r"damaged .* \(a header of 2,000,\d+ bytes\)"):
        shade(tmp_path, "a.tar/1.png")


@pytest.mark.parametrize("path", ["../a.tar/1.png", "/a.tar/1.png", "link.tar/1.png"])
def test_no_shard_outside_of_the_folder_is_read(tmp_path: Path, path: str) -> None:
    put_tar(tmp_path / "a.tar", ("1.png", drawn()))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.tar").symlink_to(tmp_path / "a.tar")

    with pytest.raises(ForbiddenPath):
        shade(tmp_path / "in", path)


def test_a_damaged_or_missing_shard_says_nothing_of_its_pictures(tmp_path: Path) -> None:
    whole = put_tar(tmp_path / "whole.tar", ("1.png", drawn()), ("2.png", drawn() + b"\0" * 4000)).read_bytes()
    two_headers = 1024 + 512
    broken = {
        "in-a-picture.tar": (whole[: two_headers + 900], "it ends within '2.png'"),
        "in-a-header.tar": (whole[: two_headers - 512 + 100], "damaged"),
        "without-its-end.tar": (whole[:1024], "the mark of its end is missing"),
        "joined.tar": (whole + whole, "joined to its end"),
        "words.tar": (b"words" * 1000, "no tar archive"),
        "empty.tar": (b"", "no tar archive"),
        "packed.tar": (put_tar(tmp_path / "x", ("1.png", drawn()), mode="w:gz").read_bytes(), r"compressed \(gzip\).*decompress it"),
        "words.parquet": (b"words" * 1000, "no Parquet file"),
        "half.parquet": (put_parquet(tmp_path / "y", [(None, drawn())] * 9).read_bytes()[:500], "no Parquet file"),
    }
    for name, (content, why) in broken.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PicturesUnreachable, match=why):
            shade(tmp_path, f"{name}/1.png")
    with pytest.raises(PicturesUnreachable, match="there is no such file"):
        shade(tmp_path, "gone.tar/1.png")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"label": [1]}, r"no column of pictures.*its columns are: label \(int64\)"),
        ({"left": [{"bytes": b"x"}], "right": [{"bytes": b"x"}]}, "2 columns of pictures"),
    ],
)
def test_a_table_without_a_column_of_pictures_lists_its_columns(tmp_path: Path, columns: dict[str, object], why: str) -> None:
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")

    with pytest.raises(PicturesUnreachable, match=why):
        shade(tmp_path, "a.parquet/00000000")


def test_a_row_group_that_would_fill_the_memory_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_shard, "MOST_BYTES", 100)
    put_parquet(tmp_path / "a.parquet", [(None, drawn())] * 4)

    with pytest.raises(PicturesUnreachable, match=r"row_group_size=100"):
        shade(tmp_path, "a.parquet/00000000")


def test_a_shard_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    put_tar(tmp_path / "a.tar", ("1.png", drawn(RED)))
    assert shade(tmp_path, "a.tar/1.png") == RED
    put_tar(tmp_path / "a.tar", ("0.png", drawn(RED)), ("1.png", drawn(BLUE)))
    assert shade(tmp_path, "a.tar/1.png") == BLUE


def test_missing_pictures_of_shards_are_listed_without_reading_any(tmp_path: Path) -> None:
    put_tar(tmp_path / "a.tar", ("1.png", b"words"))
    put_parquet(tmp_path / "b.parquet", [(None, b"words")])
    paths = ["a.tar/1.png", "a.tar/2.png", "b.parquet/00000000", "b.parquet/00000001", "gone.tar/1.png"]

    assert missing_among(Folder(tmp_path), paths) == ["a.tar/2.png", "b.parquet/00000001", "gone.tar/1.png"]


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    made: list[int] = []
    kept: Kept[str] = Kept(5, len)

    def value_of(n: int) -> str:
        return kept.get(n, lambda: made.append(n) or "x" * n)  # type: ignore[func-returns-value]

    for n in (2, 3, 2, 1, 2, 3, 9, 9):
        assert value_of(n) == "x" * n

    assert made == [2, 3, 1, 3, 9]  # 2 + 3 fill it; 1 takes the place of 3, which then takes that of 1


def test_what_is_missing_is_made_once_and_other_things_at_the_same_time() -> None:
    """Each of two makers waits for the other one; a third thread wants the same as the first."""
    kept: Kept[str] = Kept(5, len)
    both, made = Barrier(2, timeout=20), list[str]()

    def make(key: str) -> str:
        both.wait()
        made.append(key)
        return key

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda key: kept.get(key, lambda: make(key)), ("a", "b", "a"))) == ["a", "b", "a"]
    assert sorted(made) == ["a", "b"]
    kept.forget("a")
    assert kept.get("a", lambda: "anew") == "anew"


def test_after_a_failure_the_next_one_tries_again() -> None:
    kept: Kept[str] = Kept(5, len)

    with pytest.raises(PicturesUnreachable):
        kept.get("a", fail)
    assert kept.get("a", lambda: "a") == "a"


def fail() -> str:
    raise PicturesUnreachable("gone")
