"""Pictures that a browser sent lie in a folder of the workspace, all or none of them; nothing gets out of that folder."""

import stat
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from tests.studies import Study, ready_study

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.errors import InvalidInput
from multilabelfy.settings import load_settings
from multilabelfy.workflows.importing.places import folder_at, places
from multilabelfy.workflows.importing.uploads import SentFile, Uploaded, store_upload, uploads_of
from multilabelfy.workflows.workspace import Workspace

OLGA = Annotator(AnnotatorId(1), "Olga", Role.OWNER)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ready_study(tmp_path_factory.mktemp("uploads"))


def archive(files: Mapping[str | ZipInfo, bytes], name: str = "all.zip") -> SentFile:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for path, data in files.items():
            packed.writestr(path, data)
    content.seek(0)
    return SentFile(name, content)


def paths(study: Study, name: str) -> list[str]:
    folder = uploads_of(study.workspace) / name
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_archive_and_single_pictures_come_with_their_folders(study: Study) -> None:
    packed = archive({"cat/1.jpg": b"one", "dog/1.JPG": b"two", "notes.txt": b"", "__MACOSX/cat/._1.jpg": b"", ".hidden/2.jpg": b""})
    came = store_upload(study.workspace, "pets", [packed, SentFile("bird/3.png", BytesIO(b"three")), SentFile("list.csv", BytesIO(b""))])
    assert came == Uploaded("pets", 3, 2)
    assert paths(study, "pets") == ["bird/3.png", "cat/1.jpg", "dog/1.JPG"]
    assert (uploads_of(study.workspace) / "pets/cat/1.jpg").read_bytes() == b"one"


def test_pictures_are_added_to_a_folder_and_never_replace_one(study: Study) -> None:
    store_upload(study.workspace, "more", [SentFile("1.jpg", BytesIO(b"old"))])
    with pytest.raises(InvalidInput, match="there already"):
        store_upload(study.workspace, "more", [SentFile("1.jpg", BytesIO(b"new")), SentFile("2.jpg", BytesIO(b"new"))])
    store_upload(study.workspace, "more", [SentFile("2.jpg", BytesIO(b"new"))])
    assert paths(study, "more") == ["1.jpg", "2.jpg"]
    assert (uploads_of(study.workspace) / "more/1.jpg").read_bytes() == b"old"


def link(path: str) -> ZipInfo:
    entry = ZipInfo(path)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"../out.jpg": b"x"}, "leads out"),
        ({"/etc/out.jpg": b"x"}, "leads out"),
        ({"cat/../../out.jpg": b"x"}, "leads out"),
        ({"a\x01.jpg": b"x"}, "characters"),
        ({"C:\\out.jpg": b"x"}, "characters"),
        ({"x" * 250 + ".jpg": b"x"}, "too long"),
        ({link("to.jpg"): b"/etc/passwd"}, "it is a link"),
        ({"bomb.png": bytes(20_000_000)}, "far larger"),
        ({"readme.txt": b"x"}, "no picture"),
        ({}, "no picture"),
    ],
)
def test_of_an_archive_with_a_problem_nothing_is_stored(study: Study, files: dict[str | ZipInfo, bytes], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        store_upload(study.workspace, "bad", [SentFile("good.jpg", BytesIO(b"x")), archive(files)])
    assert not (uploads_of(study.workspace) / "bad").exists()
    assert not list(uploads_of(study.workspace).glob(".*"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"GIF89a"])
def test_what_is_no_archive_is_named(study: Study, content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"all\.zip: this is not a ZIP archive"):
        store_upload(study.workspace, "none", [SentFile("all.zip", BytesIO(content))])


def test_a_damaged_archive_is_named_by_the_picture(study: Study) -> None:
    whole = archive({"cat.jpg": bytes(range(256)) * 40}).content.read()
    at = whole.index(b"cat.jpg") + len(b"cat.jpg") + 20
    with pytest.raises(InvalidInput, match=r"cat\.jpg: the archive is damaged here"):
        store_upload(study.workspace, "damaged", [SentFile("all.zip", BytesIO(whole[:at] + b"\xff" * 8 + whole[at + 8 :]))])
    assert not (uploads_of(study.workspace) / "damaged").exists()


@pytest.mark.parametrize("name", ["", "..", "../out", "/etc", ".hidden", "a/b"])
def test_a_folder_is_called_as_a_dataset_may_be(study: Study, name: str) -> None:
    with pytest.raises(InvalidInput, match="a name begins with a letter"):
        store_upload(study.workspace, name, [SentFile("1.jpg", BytesIO(b"x"))])


@pytest.fixture
def rooted(study: Study, tmp_path: Path) -> Workspace:
    """A workspace from whose pages the folders below `root` may be imported; beside it lies a secret, to which a link leads."""
    (tmp_path / "root/cats/old").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "root/link").symlink_to(tmp_path / "secret")
    settings = load_settings(study.workspace.folder, import_root=tmp_path / "root")
    return Workspace(settings, study.workspace.store, study.workspace.key)


def test_folders_below_the_root_can_be_chosen_and_no_others(rooted: Workspace, tmp_path: Path) -> None:
    assert places(rooted, OLGA).on_server == ("cats",)
    assert folder_at(rooted, OLGA, "server/cats", "old/") == (tmp_path / "root/cats/old").resolve()
    assert folder_at(rooted, OLGA, "server/") == (tmp_path / "root").resolve()
    for place, inside in (
        ("server/link", ""),
        ("server/..", "secret"),
        ("server/cats", "../../secret"),
        ("server/", "/../secret"),
        ("uploaded/..", ""),
    ):
        with pytest.raises(InvalidInput, match="lies outside"):
            folder_at(rooted, OLGA, place, inside)
    for place, inside in (
        ("server/dogs", ""),
        ("elsewhere/cats", ""),
        ("", ""),
        ("uploaded/", ""),
        ("server/cats", "new"),
        ("server/\0", ""),
    ):
        with pytest.raises(InvalidInput, match=r"no such folder|listed folders"):
            folder_at(rooted, OLGA, place, inside)


def test_without_a_root_no_folder_of_the_server_can_be_chosen(study: Study) -> None:
    assert places(study.workspace, OLGA).on_server is None
    with pytest.raises(InvalidInput, match="listed folders"):
        folder_at(study.workspace, OLGA, "server/etc")
