"""Whatever an archive is, its pictures come whole or nothing of it stays, and the refusal is a sentence that names the file."""

import errno
import os
import signal
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from unicodedata import normalize
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from tests.processes import processes
from tests.studies import Study, ready_study

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.pictures import picture_archive
from multilabelfy.settings import load_settings
from multilabelfy.workflows import free_room
from multilabelfy.workflows.importing import uploads
from multilabelfy.workflows.importing.uploads import SentFile, Uploaded, store_upload, uploads_of
from multilabelfy.workflows.upkeep.leftovers import left, remove_leftovers
from multilabelfy.workflows.workspace import Workspace, opened

METHODS = {"stored": ZIP_STORED, "deflate": ZIP_DEFLATED, "bzip2": ZIP_BZIP2, "lzma": ZIP_LZMA}
NOISE = bytes((n * n * 31 + n * 7) % 251 for n in range(400))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ready_study(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def workspace(study: Study) -> Iterator[Workspace]:
    """Nothing is left behind, whatever was sent."""
    yield study.workspace
    assert not list(uploads_of(study.workspace).glob(".*"))


def packed(files: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return content.getvalue()


def send(workspace: Workspace, content: bytes, name: str = "bad") -> Uploaded:
    return store_upload(workspace, name, [SentFile("good.jpg", BytesIO(b"x")), SentFile("all.zip", BytesIO(content))])


def refused(workspace: Workspace, content: bytes) -> str:
    with pytest.raises(InvalidInput) as raised:
        send(workspace, content)
    assert not (uploads_of(workspace) / "bad").exists()
    return str(raised.value)


def stored(workspace: Workspace, name: str) -> dict[str, bytes]:
    folder = uploads_of(workspace) / name
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def with_size(content: bytes, claimed: int, *, of: str) -> bytes:
    """An archive of one picture that claims another size, packed or unpacked, in its list of contents and before the picture."""
    at = {"packed": (18, 20), "unpacked": (22, 24)}[of]
    changed = bytearray(content)
    for start, offset in ((content.index(b"PK\3\4"), at[0]), (content.index(b"PK\1\2"), at[1])):
        struct.pack_into("<I", changed, start + offset, claimed)
    return bytes(changed)


@pytest.mark.parametrize("method", METHODS)
def test_an_archive_that_was_cut_off_anywhere_is_refused(workspace: Workspace, method: str) -> None:
    whole = packed({"cat/1.jpg": NOISE, "dog/2.jpg": NOISE[::-1]}, METHODS[method])
    for n_bytes in range(len(whole)):
        assert "all.zip: this is not a ZIP archive, or it did not arrive whole" in refused(workspace, whole[:n_bytes])


@pytest.mark.parametrize("method", METHODS)
def test_an_archive_with_a_wrong_byte_comes_whole_or_not_at_all(workspace: Workspace, method: str) -> None:
    """A wrong byte may lie in a name or in a time, where it does no harm; never does another picture come than was packed."""
    pictures = [NOISE, NOISE[::-1], b"x"]
    whole = packed({"cat/1.jpg": pictures[0], "dog/2.jpg": pictures[1]}, METHODS[method])
    for at in range(len(whole)):
        for wrong in (whole[at] ^ 0xFF, whole[at] ^ 0x08):
            name = f"{method}-{at}-{wrong}"
            with suppress(InvalidInput):
                send(workspace, whole[:at] + bytes([wrong]) + whole[at + 1 :], name)
                assert all(content in pictures for content in stored(workspace, name).values())
                continue
            assert not (uploads_of(workspace) / name).exists()


@pytest.mark.parametrize("method", METHODS)
def test_damage_inside_a_picture_is_named_by_the_picture(workspace: Workspace, method: str) -> None:
    whole = packed({"cat/1.jpg": NOISE}, METHODS[method])
    at = whole.index(b"cat/1.jpg") + len("cat/1.jpg") + 60
    assert "cat/1.jpg: the archive is damaged here" in refused(workspace, whole[:at] + b"\xff" * 12 + whole[at + 12 :])


def test_a_method_that_is_not_read_is_named_with_the_way_out(workspace: Workspace) -> None:
    zstandard = bytearray(packed({"cat.jpg": NOISE}))
    struct.pack_into("<H", zstandard, zstandard.index(b"PK\1\2") + 10, 93)
    assert "cat.jpg: it is packed by a method that is not read here (number 93); pack it by the usual one" in refused(
        workspace, bytes(zstandard)
    )


@pytest.mark.parametrize(("of", "claimed"), [("unpacked", 10), ("unpacked", 9_000), ("packed", 3)])
def test_a_size_that_is_a_lie_is_found_out(workspace: Workspace, of: str, claimed: int) -> None:
    assert "cat.jpg: the archive is damaged here" in refused(workspace, with_size(packed({"cat.jpg": NOISE}), claimed, of=of))


def test_a_packed_size_beyond_the_archive_hides_no_bomb(workspace: Workspace) -> None:
    bomb = packed({"cat.jpg": bytes(20_000_000)})
    assert "its files overlap" in refused(workspace, with_size(bomb, 15_000_000, of="packed"))


def test_files_that_share_their_bytes_are_refused(workspace: Workspace) -> None:
    """Fifield's bomb (2019): every entry points at the same packed bytes."""
    one = packed({"00.jpg": NOISE * 20}, ZIP_STORED)
    start, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    entries = b"".join(one[start:end].replace(b"00.jpg", b"%02d.jpg" % n) for n in range(50))
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 50, 50, len(entries), start, 0)
    assert "all.zip: its files overlap: they would fill 400,000 B" in refused(workspace, one[:start] + entries + tail)


def test_many_small_bombs_are_a_bomb(workspace: Workspace) -> None:
    """Each stays below what is looked at for one picture: 100 of 9.9 MB each, in 1 MB."""
    bomb = packed({f"{n}.png": bytes(9_900_000) for n in range(100)})
    assert len(bomb) < 1_100_000
    assert "all.zip: its 1.0 MB would be 990 MB unpacked, over 100 times as much" in refused(workspace, bomb)


def test_an_archive_of_too_many_files_is_refused_before_they_are_listed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_archive, "MOST_ENTRIES", 3)
    too_many = "all.zip: it has more than 3 files, the most that are taken at once: send it in parts"
    monkeypatch.setattr(ZipFile, "infolist", lambda _: pytest.fail("they were listed"))
    assert too_many in refused(workspace, packed({f"{n}.txt": b"" for n in range(4)}))


def test_a_long_list_of_contents_is_not_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_archive, "MOST_OF_CONTENTS", 500)
    assert "the most that are taken at once" in refused(workspace, packed({f"{n}.jpg": b"" for n in range(12)}))


def test_of_many_problems_the_first_are_listed_and_the_others_counted(workspace: Workspace) -> None:
    said = refused(workspace, packed({f"../{n}.jpg": b"" for n in range(60)}))
    assert (said.count("leads out of the folder"), "all.zip: and 10 more problems" in said) == (50, True)


def test_pictures_that_need_more_than_may_come_at_once_are_refused(study: Study) -> None:
    """They were sent in 40 KB, where 100 KB may be sent: 600 KB unpacked are more than five times that."""
    settings = load_settings(study.workspace.folder, max_upload_megabytes=0.1)
    small = Workspace(settings, study.workspace.store, study.workspace.key)
    said = refused(small, packed({"blank.bmp": bytes(600_000)}))
    assert "at most 0.0 GB are taken at once: send them in parts, or set max_upload_megabytes" in said


def test_some_of_the_disk_stays_free_for_answers(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "free_bytes", lambda _: free_room.LOW_DISK + 300)
    said = refused(workspace, packed({"cat.jpg": NOISE}))
    assert "the workspace's disk has 1.1 GB left, of which 1.1 GB stay free for answers: make room there" in said


@pytest.mark.parametrize("content", [NOISE, packed({"inner.jpg": NOISE})])
def test_what_an_archive_in_an_archive_holds_is_not_looked_for(workspace: Workspace, content: bytes) -> None:
    assert "all.zip: there is no picture in it" in refused(workspace, packed({"inner.zip": content}))


def test_a_name_that_is_a_picture_and_a_folder_is_refused(workspace: Workspace) -> None:
    assert "a.jpg: this is the name of a picture and of a folder" in refused(workspace, packed({"a.jpg/b.jpg": NOISE, "a.jpg": NOISE}))


def test_a_picture_without_a_name_is_no_picture(workspace: Workspace) -> None:
    nameless = packed({"x.jpg": NOISE}).replace(b"x.jpg", b"\0.jpg")
    assert "there is no picture in it" in refused(workspace, nameless)


def test_names_that_differ_only_in_capitals_or_in_how_they_are_encoded_stay_apart(workspace: Workspace) -> None:
    """Where the disk tells them apart, as Linux does, each is a picture of its own."""
    files = {"Cat.jpg": b"1", "cat.jpg": b"2", normalize("NFC", "é.jpg"): b"3", normalize("NFD", "é.jpg"): b"4"}
    old_style = packed({"caf_.jpg": b"5"}).replace(b"caf_", b"caf\x82")  # code page 437, as no flag says otherwise
    sent = [SentFile("new.zip", BytesIO(packed(files))), SentFile("old.zip", BytesIO(old_style))]
    assert store_upload(workspace, "names", sent).n_pictures == 5
    assert stored(workspace, "names") == {**files, "café.jpg": b"5"}


def test_the_problems_of_all_files_are_said_at_once(workspace: Workspace) -> None:
    sent = [SentFile("one.zip", BytesIO(b"no")), SentFile("../two.jpg", BytesIO(b"x")), SentFile("three.zip", BytesIO(packed({})))]
    with pytest.raises(InvalidInput) as raised:
        store_upload(workspace, "several", sent)
    assert [problem.where for problem in raised.value.problems] == ["one.zip", "../two.jpg", "three.zip"]


def full(monkeypatch: pytest.MonkeyPatch, after: int, method: str) -> None:
    """Let the disk be full after so many calls of a method of paths."""
    n_calls, once = iter(range(1000)), getattr(Path, method)

    def fails_later(*arguments: Any, **options: Any) -> Any:
        if next(n_calls) >= after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return once(*arguments, **options)

    monkeypatch.setattr(Path, method, fails_later)


@pytest.mark.parametrize(("method", "after"), [("mkdir", 0), ("open", 0), ("open", 2), ("mkdir", 2), ("rename", 0)])
def test_on_a_full_disk_nothing_is_stored_and_that_is_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, method: str, after: int
) -> None:
    with monkeypatch.context() as patched:
        full(patched, after, method)
        with pytest.raises(InvalidInput, match=r"the workspace's disk is full \(.* GB left\)\. Nothing was stored: make room there"):
            send(workspace, packed({"cat/1.jpg": NOISE, "dog/2.jpg": NOISE}))
    assert not (uploads_of(workspace) / "bad").exists()


@pytest.mark.parametrize(("method", "after"), [("replace", 0), ("replace", 1), ("replace", 2)])
def test_on_a_full_disk_nothing_is_added_either(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, method: str, after: int) -> None:
    name = f"added-{after}"
    store_upload(workspace, name, [SentFile("old.jpg", BytesIO(b"old"))])
    with monkeypatch.context() as patched:
        full(patched, after, method)
        with pytest.raises(InvalidInput, match="disk is full"):
            send(workspace, packed({"cat/1.jpg": NOISE, "dog/2.jpg": NOISE}), name)
    assert stored(workspace, name) == {"old.jpg": b"old"}


def store_and_be_killed(folder: Path, method: str, after: int) -> None:
    """In another process, which ends as it calls this method of paths once more than `after` times."""
    once, calls = getattr(Path, method), count()

    def killed(*arguments: Any, **options: Any) -> Any:
        if next(calls) == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return once(*arguments, **options)

    with opened(load_settings(folder)) as workspace:
        store_upload(workspace, "killed", [SentFile("old.jpg", BytesIO(b"old"))])
        setattr(Path, method, killed)
        store_upload(workspace, "killed", [SentFile(f"{n}.jpg", BytesIO(b"new")) for n in range(3)])


@pytest.mark.parametrize(("method", "after", "n_pictures"), [("open", 1, 1), ("rename", 0, 1), ("replace", 1, 4)])
def test_what_a_killed_process_had_begun_is_gone_or_completed(tmp_path: Path, method: str, after: int, n_pictures: int) -> None:
    """Killed while it writes, nothing of it is there. Killed while it moves what is written, the next start moves the rest."""
    workspace = ready_study(tmp_path).workspace
    folder = uploads_of(workspace)
    storing = processes().Process(target=store_and_be_killed, args=(workspace.folder, method, after))
    storing.start()
    storing.join()
    assert storing.exitcode == -signal.SIGKILL
    remove_leftovers(workspace)
    assert len(list((folder / "killed").iterdir())) == n_pictures
    aside = [place for place in folder.iterdir() if place.name != "killed"]
    for place in aside:  # a day later, nobody can be writing it any more
        for each in (*place.rglob("*"), place):
            os.utime(each, (0, 0))
    assert left(workspace) == aside
    assert remove_leftovers(workspace) == len(aside)
    assert [place.name for place in folder.iterdir()] == ["killed"]
