"""A picture in a shard elsewhere is one request, and what is wrong with a bucket, with a shard and with a picture is told apart."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.packed import drawn, put_parquet, put_tar
from tests.webs import BUCKET, Asked, Web, asked, forget, s3, web

from multilabelfy.errors import ForbiddenPath, PicturesUnreachable, UnreadablePicture
from multilabelfy.pictures.cache_files import UNFINISHED, Cache
from multilabelfy.pictures.opening import open_picture
from multilabelfy.pictures.remote import buckets, files
from multilabelfy.pictures.remote.addresses import remote_address
from multilabelfy.pictures.remote.parts import FilePart
from multilabelfy.pictures.remote.pictures import RemoteRoot
from multilabelfy.pictures.roots import missing_among
from multilabelfy.pictures.shards import tar_shard

__all__ = ["asked", "s3", "web"]

RED, BLUE = (250, 0, 0), (0, 0, 250)


def at(written: str, cache: Path | None = None) -> RemoteRoot:
    address = remote_address(written)
    assert address is not None
    return RemoteRoot(address, 20.0, None if cache is None else Cache(cache, 10**9))


def put(s3: Any, key: str, file: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key=key, Body=file.read_bytes())


def shade(root: RemoteRoot, path: str) -> object:
    return open_picture(root.picture(path)).getpixel((0, 0))


def kept_in(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.json"))


def noisy(n_bytes: int) -> bytes:
    """A picture with much behind it."""
    return drawn(RED) + bytes(n_bytes)


def test_a_picture_of_an_archive_is_one_request_for_its_own_bytes_and_no_process_walks_again(s3: Any, asked: Asked, tmp_path: Path) -> None:
    content = drawn(BLUE)
    put(s3, "parts/once/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED)), ("cat/2.png", content)))
    assert shade(at(f"s3://{BUCKET}/parts/once", tmp_path / "cache"), "a.tar/1.png") == RED
    forget()
    asked.clear()

    root = at(f"s3://{BUCKET}/parts/once", tmp_path / "cache")
    assert [shade(root, "a.tar/cat/2.png"), shade(root, "a.tar/cat/2.png")] == [BLUE, BLUE]

    header = 512
    begins = header + -(-len(drawn(RED)) // 512) * 512 + header
    part = ("get_object", "parts/once/a.tar", f"bytes={begins}-{begins + len(content) - 1}")
    assert asked == [("get_object", "parts/once/a.tar", "bytes=0-0"), part, part]


def test_an_archive_is_walked_in_large_pieces_and_what_is_larger_than_a_piece_is_passed_over(
    s3: Any, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tar_shard, "AHEAD", 10_000)
    put(s3, "parts/walk/a.tar", put_tar(tmp_path / "a.tar", *((f"{n}.png", drawn(RED)) for n in range(15)), ("z.png", noisy(200_000))))

    at(f"s3://{BUCKET}/parts/walk").place("a.tar/1.png")

    spans = [tuple(map(int, span.removeprefix("bytes=").split("-"))) for _, _, span in asked]
    assert len(spans) <= 6
    assert sum(last + 1 - first for first, last in spans) < 60_000


def test_a_walk_that_is_killed_leaves_no_half_list(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_shard, "AHEAD", 2048)
    put(s3, "parts/killed/a.tar", put_tar(tmp_path / "a.tar", *((f"{n}.png", drawn(RED)) for n in range(20))))
    root, fetch, n_fetched = at(f"s3://{BUCKET}/parts/killed", tmp_path / "cache"), buckets.object_part, []

    def killed(*about: Any) -> FilePart | None:
        n_fetched.append(about)
        if len(n_fetched) > 4:
            raise KeyboardInterrupt
        return fetch(*about)

    with monkeypatch.context() as patch:
        patch.setattr(files, "object_part", killed)
        with pytest.raises(KeyboardInterrupt):
            shade(root, "a.tar/1.png")
    assert kept_in(tmp_path / "cache") == []

    assert shade(root, "a.tar/19.png") == RED
    [kept] = kept_in(tmp_path / "cache")
    assert len(json.loads(kept.read_text())) == 20
    assert list((tmp_path / "cache" / UNFINISHED).iterdir()) == []


def test_a_kept_list_that_the_disk_lost_is_made_anew(s3: Any, tmp_path: Path) -> None:
    put(s3, "parts/lost/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED))))
    assert shade(at(f"s3://{BUCKET}/parts/lost", tmp_path / "cache"), "a.tar/1.png") == RED
    [kept] = kept_in(tmp_path / "cache")
    for lost in (b"", b'{"1.png": [51'):
        kept.write_bytes(lost)
        forget()
        assert shade(at(f"s3://{BUCKET}/parts/lost", tmp_path / "cache"), "a.tar/1.png") == RED
        assert kept.read_bytes().endswith(b"}")


def test_without_a_cache_that_can_be_written_pictures_are_read_as_well(s3: Any, tmp_path: Path) -> None:
    put(s3, "parts/full/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED))))
    (tmp_path / "cache").write_text("a file is in its place")

    assert shade(at(f"s3://{BUCKET}/parts/full", tmp_path / "cache"), "a.tar/1.png") == RED


@pytest.mark.parametrize("name", ["a.tar", "a.parquet"])
def test_a_shard_that_was_changed_while_it_was_read_is_named_and_read_anew_later(s3: Any, tmp_path: Path, name: str) -> None:
    def put_shard(*colours: tuple[int, int, int]) -> None:
        tar = put_tar(tmp_path / "a.tar", *((f"{n}.png", drawn(colour)) for n, colour in enumerate(colours)))
        table = put_parquet(tmp_path / "a.parquet", [(None, drawn(colour)) for colour in colours], rows_at_once=1)
        put(s3, f"parts/changed/{name}", tar if name == "a.tar" else table)

    root, last = at(f"s3://{BUCKET}/parts/changed", tmp_path / "cache"), "2.png" if name == "a.tar" else "00000002"
    put_shard(RED, RED, RED)
    assert shade(root, f"{name}/{last.replace('2', '0')}") == RED
    put_shard(BLUE, BLUE, BLUE)

    with pytest.raises(PicturesUnreachable, match=rf"s3://pets/parts/changed/{name}': it was changed while it was read") as refused:
        shade(root, f"{name}/{last}")
    assert refused.value.is_of_a_shard
    assert shade(root, f"{name}/{last}") == BLUE


def test_a_place_that_is_known_needs_no_walk_and_holds_for_one_version_of_the_archive(s3: Any, asked: Asked, tmp_path: Path) -> None:
    put(s3, "parts/place/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED)), ("none.png", b"")))
    root = at(f"s3://{BUCKET}/parts/place")
    place = root.place("a.tar/1.png")
    assert (root.place("a.tar/none.png"), root.place("a.tar/9.png"), root.place("1.png")) == (None, None, None)
    forget()
    asked.clear()

    assert open_picture(root.picture("a.tar/1.png", place)).getpixel((0, 0)) == RED
    assert len(asked) == 1
    put(s3, "parts/place/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(BLUE))))
    with pytest.raises(PicturesUnreachable, match="it was changed while it was read"):
        open_picture(root.picture("a.tar/1.png", place))


def test_a_row_group_is_one_request_and_its_rows_none(s3: Any, asked: Asked, tmp_path: Path) -> None:
    put(s3, "parts/rows/a.parquet", put_parquet(tmp_path / "a.parquet", [(f"{n}.png", drawn(RED)) for n in range(6)], rows_at_once=3))
    root = at(f"s3://{BUCKET}/parts/rows")
    shade(root, "a.parquet/00000000/0.png")
    asked.clear()

    for row in range(6):
        shade(root, f"a.parquet/{row:08}/{row}.png")

    assert [(method, key) for method, key, _ in asked] == [("get_object", "parts/rows/a.parquet")]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("a.tar/3.png", "the archive has no such file"),
        ("a.tar/none.png", "is empty"),
        ("a.tar/text.png", "not a picture"),
        ("a.tar/../secret.png", "the archive has no such file"),
        ("a.parquet/00000009", "no such row, but 1 row"),
        ("b.png", "there is no such file"),
    ],
)
def test_what_is_wrong_with_one_picture_is_said_of_this_picture(s3: Any, tmp_path: Path, path: str, why: str) -> None:
    put(s3, "parts/wrong/a.tar", put_tar(tmp_path / "a.tar", ("none.png", b""), ("text.png", b"words")))
    put(s3, "parts/wrong/a.parquet", put_parquet(tmp_path / "a.parquet", [(None, drawn(RED))]))

    with pytest.raises(UnreadablePicture, match=why):
        shade(at(f"s3://{BUCKET}/parts/wrong"), path)


def test_what_is_wrong_with_a_shard_says_nothing_of_its_pictures(s3: Any, tmp_path: Path) -> None:
    whole = put_tar(tmp_path / "a.tar", ("1.png", drawn(RED)), ("2.png", noisy(4000))).read_bytes()
    broken = {
        "cut.tar": (whole[:2600], "it ends within '2.png'"),
        "empty.tar": (b"", "no tar archive"),
        "packed.tar": (put_tar(tmp_path / "x", ("1.png", drawn(RED)), mode="w:gz").read_bytes(), r"compressed \(gzip\).*decompress it"),
        "half.parquet": (put_parquet(tmp_path / "y", [(None, drawn(RED))] * 9).read_bytes()[:500], "no Parquet file"),
        "empty.parquet": (b"", "no Parquet file"),
    }
    for name, (content, why) in broken.items():
        s3.put_object(Bucket=BUCKET, Key=f"parts/broken/{name}", Body=content)
        with pytest.raises(PicturesUnreachable, match=why) as refused:
            shade(at(f"s3://{BUCKET}/parts/broken"), f"{name}/1.png")
        assert refused.value.is_of_a_shard
    with pytest.raises(PicturesUnreachable, match=r"'s3://pets/parts/broken/gone\.tar': there is no such file"):
        shade(at(f"s3://{BUCKET}/parts/broken"), "gone.tar/1.png")


def test_a_bucket_that_fails_in_the_middle_of_a_shard_is_no_fault_of_the_shard(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(s3, "parts/fails/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED))))
    put(s3, "parts/fails/a.parquet", put_parquet(tmp_path / "a.parquet", [(None, drawn(RED))]))
    root, part = at(f"s3://{BUCKET}/parts/fails"), buckets._part

    async def cut(files: Any, bucket: str, key: str, span: str) -> FilePart:
        whole = await part(files, bucket, key, span)
        return whole if span == "bytes=0-0" else whole._replace(content=whole.content[:-1])

    monkeypatch.setattr(buckets, "_part", cut)
    for path in ("a.tar/1.png", "a.parquet/00000000"):
        with pytest.raises(PicturesUnreachable, match="'s3://pets/parts/fails': an answer did not arrive whole") as refused:
            shade(root, path)
        assert not refused.value.is_of_a_shard
        forget()


def test_a_walk_goes_on_where_a_request_fails_in_passing(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_shard, "AHEAD", 2048)
    put(s3, "parts/passing/a.tar", put_tar(tmp_path / "a.tar", *((f"{n}.png", drawn(RED)) for n in range(9))))
    part, spans = buckets._part, list[str]()

    async def failing_once(files: Any, bucket: str, key: str, span: str) -> FilePart:
        spans.append(span)
        if spans.count(span) == 1:
            raise OSError("broken off")
        return await part(files, bucket, key, span)

    monkeypatch.setattr(buckets, "_part", failing_once)

    assert shade(at(f"s3://{BUCKET}/parts/passing"), "a.tar/8.png") == RED
    assert len(spans) == 2 * len(set(spans)) > 6


def test_a_folder_that_is_called_like_a_shard_is_a_folder(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="parts/odd/a.tar/1.png", Body=drawn(BLUE))

    assert shade(at(f"s3://{BUCKET}/parts/odd"), "a.tar/1.png") == BLUE
    assert shade(at(f"s3://{BUCKET}/parts/odd/a.tar"), "1.png") == BLUE
    with pytest.raises(ForbiddenPath):
        shade(at(f"s3://{BUCKET}/parts/odd/a.tar"), "../1.png")
    assert missing_among(at(f"s3://{BUCKET}/parts/odd"), ["a.tar/1.png", "a.tar/2.png"]) == ["a.tar/2.png"]


def test_missing_pictures_of_shards_are_listed_without_reading_any(s3: Any, asked: Asked, tmp_path: Path) -> None:
    put(s3, "parts/list/a.tar", put_tar(tmp_path / "a.tar", ("1.png", b"words"), ("2.png", b"words")))
    put(s3, "parts/list/b.parquet", put_parquet(tmp_path / "b.parquet", [(None, b"words")]))
    paths = ["a.tar/1.png", "a.tar/2.png", "a.tar/3.png", "b.parquet/00000000", "b.parquet/00000001", "gone.tar/1.png"]

    assert missing_among(at(f"s3://{BUCKET}/parts/list"), paths) == ["a.tar/3.png", "b.parquet/00000001", "gone.tar/1.png"]
    assert [key for _, key, _ in asked].count("parts/list/a.tar") == 2  # which version it is, and its headers
    assert missing_among(at(f"s3://{BUCKET}/parts/list/a.tar"), ["1.png", "3.png"]) == ["3.png"]
    assert at(f"s3://{BUCKET}/parts/list/a.tar").why_closed() == ""
    assert at(f"s3://{BUCKET}/parts/list/no.tar").why_closed() == "it is empty"


def test_shards_of_a_web_server_are_read_by_parts(web: Web, tmp_path: Path) -> None:
    web.put("/pets/a.tar", put_tar(tmp_path / "a.tar", ("1.png", drawn(RED)), ("2.png", drawn(BLUE))).read_bytes())
    web.put("/pets/a.parquet", put_parquet(tmp_path / "a.parquet", [(None, drawn(BLUE))]).read_bytes())
    web.put("/pets/none.tar", b"")

    root = at(f"{web.address}/pets")
    assert [shade(root, "a.tar/1.png"), shade(root, "a.parquet/00000000")] == [RED, BLUE]
    assert shade(at(f"{web.address}/pets/a.tar"), "2.png") == BLUE
    web.asked.clear()
    assert shade(root, "a.tar/2.png") == BLUE
    assert web.asked == ["/pets/a.tar"]
    for name, why in (("none.tar", "no tar archive"), ("gone.tar", "there is no such file")):
        with pytest.raises(PicturesUnreachable, match=why):
            shade(root, f"{name}/1.png")


def test_a_web_server_that_gives_no_parts_or_leads_elsewhere_gives_no_shards(web: Web, tmp_path: Path) -> None:
    content = put_tar(tmp_path / "a.tar", ("1.png", drawn(RED))).read_bytes()
    for path in ("/pets/a.tar", "/other/a.tar"):
        web.put(path, content)
    web.lead("/pets/b.tar", "/other/a.tar")
    web.lead("/pets/c.tar", "/pets/a.tar")

    assert shade(at(f"{web.address}/pets"), "c.tar/1.png") == RED
    with pytest.raises(PicturesUnreachable, match="no redirect out of the folder is followed"):
        shade(at(f"{web.address}/pets"), "b.tar/1.png")
    assert "/other/a.tar" not in web.asked
    with pytest.raises(PicturesUnreachable, match="no redirect out of the folder is followed"):
        shade(at(f"{web.address}/pets/c.tar"), "1.png")
    forget()
    web.gives_parts = False
    with pytest.raises(PicturesUnreachable, match="it gives no parts of files"):
        shade(at(f"{web.address}/pets"), "a.tar/1.png")


def test_a_web_server_without_tags_is_known_by_dates_and_sizes(web: Web, tmp_path: Path) -> None:
    def put_shard(colour: tuple[int, int, int], date: str) -> None:
        content = put_tar(tmp_path / "a.tar", ("1.png", drawn(colour)), ("2.png", drawn(colour))).read_bytes()
        web.pages["/pets/a.tar"] = (200, {"Last-Modified": date}, content)

    root = at(f"{web.address}/pets")
    put_shard(RED, "Fri, 01 Jan 2021 00:00:00 GMT")
    assert shade(root, "a.tar/1.png") == RED
    put_shard(BLUE, "Sat, 02 Jan 2021 00:00:00 GMT")

    with pytest.raises(PicturesUnreachable, match="it was changed while it was read"):
        shade(root, "a.tar/2.png")
    assert shade(root, "a.tar/2.png") == BLUE
