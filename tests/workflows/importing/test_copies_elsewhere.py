"""Copies in a bucket are found by the sizes that it lists; those on a web server are not looked for, and that is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packed import put_tar
from tests.webs import BUCKET, Web, put_folder, s3, web
from tests.workflows.importing.test_importing import NOW, pictures

from multilabelfy.errors import PicturesUnreachable
from multilabelfy.pictures import same_files as searching
from multilabelfy.pictures.remote.addresses import remote_address
from multilabelfy.settings import load_settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.imported_copies import ImportedCopies
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.workspace import Workspace, opened

__all__ = ["s3", "web"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    settings = load_settings(tmp_path / "workspace").model_copy(update={"remote_seconds": 20.0})
    with opened(settings, create=True) as workspace:
        yield workspace


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A cat that lies among the dogs as well, and a dog."""
    root = pictures(tmp_path / "pets", "cat/1.png", "dog/1.png")
    (root / "dog" / "cat.png").write_bytes((root / "cat" / "1.png").read_bytes())
    return root


def copies_at(workspace: Workspace, address: str, **options: Any) -> ImportedCopies:
    root = remote_address(address)
    assert root is not None
    return import_dataset(workspace, ImportRequest("pets", root, **options), now=NOW).copies


def test_copies_in_a_bucket_are_found_by_its_list(s3: Any, workspace: Workspace, pets: Path) -> None:
    put_folder(s3, pets, "alone")
    copies = copies_at(workspace, f"s3://{BUCKET}/alone")
    assert (copies.n_compared, copies.n_groups, copies.n_contradicting) == (3, 1, 1)
    assert [copy.image for copy in copies.groups[0].images] == ["cat/1.png", "dog/cat.png"]


def test_copies_in_an_archive_of_a_bucket_are_found_by_the_archives_list(s3: Any, workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    put_tar(tmp_path / "packed" / "0.tar", *((str(path.relative_to(pets)), path.read_bytes()) for path in sorted(pets.rglob("*.png"))))
    put_folder(s3, tmp_path / "packed", "packed")
    copies = copies_at(workspace, f"s3://{BUCKET}/packed")
    assert [copy.image for copy in copies.groups[0].images] == ["0.tar/cat/1.png", "0.tar/dog/cat.png"]


def test_on_a_web_server_no_size_is_known_and_nothing_more_is_asked_for(web: Web, workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    web.put_folder(pets, "/pets")
    (tmp_path / "names.txt").write_text("cat/1.png\ndog/1.png\ndog/cat.png\n")
    copies = copies_at(workspace, f"{web.address}/pets", names=tmp_path / "names.txt")
    assert (copies.n_compared, copies.n_groups, copies.n_not_compared) == (0, 0, 3)
    assert "on web servers" in copies.why_not
    assert len(web.asked) == 3  # for the header of each picture


def test_a_bucket_that_falls_silent_meanwhile_does_not_end_the_import(
    s3: Any, workspace: Workspace, pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_folder(s3, pets, "silent")

    def silent(*_: object) -> bytes:
        raise PicturesUnreachable("Cannot read pictures: it did not answer.", "it did not answer")

    monkeypatch.setattr(searching, "end_digest", silent)
    copies = copies_at(workspace, f"s3://{BUCKET}/silent")
    assert (copies.n_compared, copies.n_not_compared, copies.why_not) == (0, 3, "it did not answer")
