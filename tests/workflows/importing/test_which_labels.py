"""Which labels a new dataset has: those of its class folders, wherever they lie, or of its table, and never what only looks like labels."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.workflows.importing.test_importing import NOW

from multilabelfy.errors import InvalidInput
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "workspace"), create=True) as workspace:
        yield workspace


def folder(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(root / path)
    return root


def given_labels(workspace: Workspace, root: Path, name: str = "pets", **options: object) -> dict[str, str | None]:
    """Import the folder: each image's given label by its path."""
    import_dataset(workspace, ImportRequest(name, root, **options), now=NOW)  # type: ignore[arg-type]
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name).id
        keys = [label.key for label in labels.label_space(c, dataset).labels]
        return {image.path: None if image.given_label is None else keys[image.given_label] for image in images.iterate(c, dataset)}


def why_not(workspace: Workspace, root: Path, **options: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        given_labels(workspace, root, **options)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize("splits", [("train", "val", "test"), ("Training", "validation"), ("train",)])
def test_the_class_folders_lie_below_those_of_the_splits(workspace: Workspace, tmp_path: Path, splits: tuple[str, ...]) -> None:
    paths = [f"{split}/{name}/{split}.png" for split in splits for name in ("cat", "dog")]
    assert given_labels(workspace, folder(tmp_path / "pets", *paths)) == {path: path.split("/")[1] for path in paths}


def test_a_new_picture_of_a_split_is_added_by_its_class(workspace: Workspace, tmp_path: Path) -> None:
    root = folder(tmp_path / "pets", "train/cat/1.png", "train/dog/1.png", "val/cat/1.png")
    given_labels(workspace, root)
    assert given_labels(workspace, folder(root, "val/dog/9.png"))["val/dog/9.png"] == "dog"


def test_splits_that_hold_pictures_say_nothing_about_labels(workspace: Workspace, tmp_path: Path) -> None:
    assert "the labels must be named" in why_not(workspace, folder(tmp_path / "pets", "train/1.png", "test/2.png"))


def test_a_class_may_be_called_train(workspace: Workspace, tmp_path: Path) -> None:
    root = folder(tmp_path / "vehicles", "train/1.png", "bus/2.png")
    assert given_labels(workspace, root) == {"train/1.png": "train", "bus/2.png": "bus"}


def test_class_folders_beside_a_split_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    assert "(train) and others beside them (cat)" in why_not(workspace, folder(tmp_path / "pets", "train/dog/1.png", "cat/2.png"))


def test_a_split_is_no_label_even_where_a_file_has_one_of_its_name(workspace: Workspace, tmp_path: Path) -> None:
    space = tmp_path / "labels.txt"
    space.write_text("cat\ntrain\n")
    root = folder(tmp_path / "pets", "train/cat/1.png", "train/owl/2.png")
    assert "train/owl/: there is no label 'owl'" in why_not(workspace, root, labels=str(space))


def test_a_folder_around_the_class_folders_is_named(workspace: Workspace, tmp_path: Path) -> None:
    root = folder(tmp_path / "pets", "images/cat/1.png", "images/dog/2.png")
    assert f"images_root='{root / 'images'}'" in why_not(workspace, root)


def test_folders_that_are_imagenet_ids_propose_its_labels(workspace: Workspace, tmp_path: Path) -> None:
    root = folder(tmp_path / "pets", "val/n02123045/1.png", "val/n01440764/2.png")
    assert "pass labels='imagenet1k' to give them names" in why_not(workspace, root)
    assert set(given_labels(workspace, root, labels="imagenet1k").values()) == {"n02123045", "n01440764"}


def test_imagenet_ids_can_be_labels_without_names(workspace: Workspace, tmp_path: Path) -> None:
    given_labels(workspace, folder(tmp_path / "pets", "n02123045/1.png", "n01440764/2.png"), labels="folders")
    with workspace.store.reading() as c:
        assert len(labels.label_space(c, datasets.find(c, "pets").id)) == 2


def table(path: Path, *labels: str) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("image", "label"), *((f"{place}.png", label) for place, label in enumerate(labels))])
    return path


def test_the_table_of_a_flat_folder_has_its_labels(workspace: Workspace, tmp_path: Path) -> None:
    root = folder(tmp_path / "flat", "0.png", "1.png", "2.png")
    given = table(tmp_path / "given.csv", "dog", "cat", "dog")
    assert given_labels(workspace, root, given=given) == {"0.png": "dog", "1.png": "cat", "2.png": "dog"}


def test_imagenet_ids_in_a_table_propose_its_labels(workspace: Workspace, tmp_path: Path) -> None:
    root, given = folder(tmp_path / "flat", "0.png", "1.png"), table(tmp_path / "given.csv", "n02123045", "n01440764")
    assert "pass labels='imagenet1k' to give them names" in why_not(workspace, root, given=given)


def test_numbers_in_a_table_are_no_labels_until_their_list_is_named(workspace: Workspace, tmp_path: Path) -> None:
    root, given = folder(tmp_path / "flat", "0.png", "1.png"), table(tmp_path / "given.csv", "281", "7")
    assert "its labels are numbers" in why_not(workspace, root, given=given)
    assert given_labels(workspace, root, given=given, labels="imagenet1k")["0.png"] == "n02123045"
