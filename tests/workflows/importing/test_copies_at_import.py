"""An import says which pictures are copies of others, new or known ones, and whether their given labels contradict. It drops none."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packed import drawn, put_parquet, put_tar
from tests.workflows.importing.test_importing import NOW, file, paths_of, pictures

from multilabelfy.pictures import same_files as searching
from multilabelfy.pictures.same_files import content_digest
from multilabelfy.settings import load_settings
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.imported_copies import CopiedImage, ImportedCopies
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "workspace"), create=True) as workspace:
        yield workspace


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Two cats, two dogs and an owl, all different."""
    return pictures(tmp_path / "pets", "cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "owl/1.png")


def copied(root: Path, first: str, second: str) -> None:
    shutil.copyfile(root / first, root / second)


def imported(workspace: Workspace, root: Path, **options: Any) -> ImportSummary:
    return import_dataset(workspace, ImportRequest("pets", root, **options), now=NOW)


def groups(copies: ImportedCopies) -> list[list[str]]:
    return [[copy.image for copy in group.images] for group in copies.groups]


def test_copies_are_reported_with_contradicting_labels_first_and_all_are_stored(workspace: Workspace, pets: Path) -> None:
    copied(pets, "cat/1.png", "cat/1-again.png")
    copied(pets, "cat/2.png", "dog/cat.png")
    copies = imported(workspace, pets).copies
    assert (copies.n_compared, copies.n_images, copies.n_groups, copies.n_contradicting) == (7, 4, 2, 1)
    assert copies.groups[0].images == (CopiedImage("cat/2.png", "cat"), CopiedImage("dog/cat.png", "dog"))
    assert groups(copies)[1] == ["cat/1-again.png", "cat/1.png"]
    assert len(paths_of(workspace)) == 7


def test_a_folder_without_copies_says_that_all_were_compared(workspace: Workspace, pets: Path) -> None:
    assert imported(workspace, pets).copies == ImportedCopies(5, 0, 0, 0, 0, "", ())


def test_copies_of_images_that_the_dataset_has_are_reported_when_more_are_imported(workspace: Workspace, pets: Path) -> None:
    copied(pets, "cat/1.png", "cat/old.png")  # a copy among old ones alone, told before
    imported(workspace, pets)
    copied(pets, "owl/1.png", "dog/owl.png")
    copies = imported(workspace, pets).copies
    assert groups(copies) == [["owl/1.png", "dog/owl.png"]]
    assert (copies.n_images, copies.n_contradicting) == (2, 1)


def test_an_import_that_brings_nothing_new_looks_for_nothing(workspace: Workspace, pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(pets, "cat/1.png", "dog/cat.png")
    imported(workspace, pets)
    assert imported(workspace, pets).copies == ImportedCopies(0, 0, 0, 0, 0, "", ())


def test_files_that_cannot_be_read_are_no_copies_and_do_not_end_the_import(
    workspace: Workspace, pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(pets, "cat/broken.png", "no picture")
    file(pets, "dog/broken.png", "no picture")
    copied(pets, "cat/1.png", "cat/again.png")
    copied(pets, "cat/1.png", "cat/gone.png")

    def with_a_fault(picture: Any) -> bytes:
        if picture.name == "gone.png":
            raise OSError("the disk does not answer")
        return content_digest(picture)

    monkeypatch.setattr(searching, "content_digest", with_a_fault)
    summary = imported(workspace, pets, skip_bad=True)
    assert groups(summary.copies) == [["cat/1.png", "cat/again.png"]]
    assert (summary.n_unreadable, summary.n_images) == (2, 9)


def test_images_without_given_labels_are_copies_that_contradict_nobody(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    copied(pets, "cat/1.png", "dog/cat.png")
    labels = file(tmp_path, "labels.txt", "cat\ndog\nowl\n")
    copies = imported(workspace, pets, no_given=True, labels=str(labels)).copies
    assert (copies.n_groups, copies.n_contradicting) == (1, 0)
    assert copies.groups[0].images == (CopiedImage("cat/1.png", None), CopiedImage("dog/cat.png", None))


def test_of_many_groups_the_first_are_named_and_all_are_counted(workspace: Workspace, pets: Path) -> None:
    for number in range(12):
        copied(pets, "owl/1.png", f"owl/{number:02}.png")
    names = [f"cat/{n}.png" for n in range(3, 12)]
    pictures(pets, *names)
    for place, name in enumerate(names):
        (pets / name).write_bytes((pets / name).read_bytes() + bytes([place] * (place + 1)))  # all of different content
        copied(pets, name, name.replace("cat", "dog"))
    copies = imported(workspace, pets).copies
    assert (copies.n_groups, copies.n_contradicting, len(copies.groups)) == (10, 9, 5)
    assert all(group.contradicts for group in copies.groups)


def test_copies_in_archives_are_found_by_the_archives_list(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    copied(pets, "cat/1.png", "dog/cat.png")
    put_tar(tmp_path / "packed" / "0.tar", *((str(path.relative_to(pets)), path.read_bytes()) for path in sorted(pets.rglob("*.png"))))
    copies = imported(workspace, tmp_path / "packed").copies
    assert (copies.n_compared, groups(copies)) == (6, [["0.tar/cat/1.png", "0.tar/dog/cat.png"]])


def test_rows_of_a_table_are_not_looked_at_and_that_is_told(workspace: Workspace, tmp_path: Path) -> None:
    put_parquet(tmp_path / "0.parquet", [("1.png", drawn()), ("2.png", drawn())], label=[0, 1], names=["cat", "dog"])
    copies = imported(workspace, tmp_path / "0.parquet").copies
    assert (copies.n_compared, copies.n_groups, copies.n_not_compared) == (0, 0, 2)
    assert "in Parquet tables" in copies.why_not
