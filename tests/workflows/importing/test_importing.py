"""Import a folder of pictures: everything that is wrong is told at once, what is new is added, and nothing else changes."""

import json
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image as Pillow

from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.dataset.model import ImageState
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput
from multilabelfy.refinement.model import EmptyReason, LabelSource
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, exemplars, images, labels
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2030, 5, 6, 8, tzinfo=UTC)
COLOURS = ("red", "green", "blue", "white", "black", "orange", "purple", "pink")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "workspace"), create=True) as one:
        yield one


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Class folders: two cats and a dog, of which a cat and the dog have one file name."""
    return pictures(tmp_path / "pets", "cat/1.jpg", "cat/2.png", "dog/1.jpg")


def pictures(root: Path, *names: str) -> Path:
    for place, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Pillow.new("RGB", (24, 16), COLOURS[place % len(COLOURS)])
        picture.putpixel((place % 24, place % 16), (7, 77, 177))
        picture.save(path)
    return root


def file(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def stored(workspace: Workspace, name: str = "pets") -> list[StoredImage]:
    with workspace.store.reading() as c:
        return list(images.iterate(c, datasets.find(c, name).id))


def paths_of(workspace: Workspace) -> list[str]:
    return [image.path for image in stored(workspace)]


def imported(workspace: Workspace, root: Path, **options: object) -> ImportSummary:
    return import_dataset(workspace, ImportRequest("pets", root, **options), now=NOW)  # type: ignore[arg-type]


def told(workspace: Workspace, root: Path, **options: object) -> list[str]:
    """The problems of an import that must not store anything."""
    before = everything(workspace)
    with pytest.raises(InvalidInput) as caught:
        imported(workspace, root, **options)
    assert everything(workspace) == before
    return [str(problem).replace(f"{root.parent}/", "") for problem in caught.value.problems]


def everything(workspace: Workspace) -> list[object]:
    with workspace.store.reading() as c:
        there = datasets.all_datasets(c)
        return [(each, list(images.iterate(c, each.id)), releases.all_releases(c, each.id)) for each in there]


def test_class_folders_give_images_their_labels(workspace: Workspace, pets: Path) -> None:
    summary = imported(workspace, pets)
    assert (summary.n_images, summary.n_labels, summary.n_given, summary.protocol, summary.overlap) == (3, 2, 3, "paper", 2)
    assert [(image.path, image.given_label, image.state) for image in stored(workspace)] == [
        ("cat/1.jpg", 0, ImageState.UNPROPOSED),
        ("cat/2.png", 0, ImageState.UNPROPOSED),
        ("dog/1.jpg", 1, ImageState.UNPROPOSED),
    ]


def test_two_files_of_one_name_in_two_folders_stay_two_images(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets)
    twins = [image for image in stored(workspace) if image.path.endswith("/1.jpg")]
    assert len({image.token for image in twins}) == 2


def test_pictures_are_not_copied(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets)
    assert not [path for path in workspace.folder.rglob("*") if path.suffix in (".jpg", ".png", ".webp")]
    assert datasets_root(workspace) == str(pets.resolve())


def datasets_root(workspace: Workspace) -> str:
    with workspace.store.reading() as c:
        return datasets.find(c, "pets").images_root


def test_a_flat_folder_takes_its_labels_from_a_table(workspace: Workspace, tmp_path: Path) -> None:
    root = pictures(tmp_path / "flat", "1.jpg", "2.jpg", "3.jpg")
    given = file(tmp_path, "given.csv", "image,label\n1.jpg,n02123045\n2.jpg,n01440764\n")
    summary = imported(workspace, root, given=given, labels="imagenet1k")
    assert [image.given_label for image in stored(workspace)] == [281, 0, None]
    assert summary.notes == ("1 image has no given label (the first: '3.jpg')",)


def test_there_may_be_no_given_labels_at_all(workspace: Workspace, tmp_path: Path) -> None:
    summary = imported(workspace, pictures(tmp_path / "flat", "1.jpg", "2.jpg"), labels="imagenet1k")
    assert (summary.n_images, summary.n_given, summary.notes) == (2, 0, ())


def test_folders_that_say_nothing_about_labels_are_passed_over_when_asked(workspace: Workspace, tmp_path: Path) -> None:
    root = pictures(tmp_path / "cameras", "north/1.jpg", "south/1.jpg")
    assert "north/: there is no label 'north' in imagenet1k (1 picture)" in told(workspace, root, labels="imagenet1k")
    assert imported(workspace, root, labels="imagenet1k", no_given=True).n_given == 0


def test_without_class_folders_the_labels_must_be_named(workspace: Workspace, tmp_path: Path) -> None:
    assert "pass labels='imagenet1k'" in told(workspace, pictures(tmp_path / "flat", "1.jpg"))[0]


def test_labels_come_from_a_file_with_their_names(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    space = file(
        tmp_path, "space.csv", "key,names,definition,parents\nlynx,lynx|catamount,,\ndog,dog|hound,barks,animal\ncat,cat,,animal\n"
    )
    imported(workspace, pets, labels=str(space))
    with workspace.store.reading() as c:
        found = labels.label_space(c, datasets.find(c, "pets").id)
    assert [(label.key, label.names) for label in found.labels][:2] == [("lynx", ("lynx", "catamount")), ("dog", ("dog", "hound"))]
    assert [image.given_label for image in stored(workspace)] == [2, 2, 1]


def bomb(path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + b"\0\0\0\0IDAT\0\0\0\0"
    )


@pytest.fixture
def sick_pets(pets: Path) -> Path:
    """The pets, an empty file, a text that is called a picture, a decompression bomb, and a link out of the folder."""
    (pets / "cat" / "empty.jpg").write_bytes(b"")
    (pets / "cat" / "text.jpg").write_text("meow")
    bomb(pets / "dog" / "bomb.png")
    pictures(pets.parent / "outside", "secret.jpg")
    (pets / "dog" / "link.jpg").symlink_to(pets.parent / "outside" / "secret.jpg")
    return pets


def test_all_problems_are_told_together_and_nothing_is_stored(workspace: Workspace, sick_pets: Path, tmp_path: Path) -> None:
    given = file(tmp_path, "given.csv", "image,label\ncat/1.jpg,cat\ncat/1.jpg,cat\ncat/2.png,cow\n1.jpg,dog\ngone.jpg,dog\n")
    space = file(tmp_path, "space.txt", "cat\ndog\n")
    problems = told(workspace, sick_pets, given=given, labels=str(space))
    assert [problem.split(" (")[0] for problem in problems] == [
        "given.csv:4: there is no label 'cow' in space",
        "given.csv:5: the name '1.jpg' could be 'cat/1.jpg', 'dog/1.jpg': write the path",
        "given.csv:3: a duplicate row: 'cat/1.jpg' is there already with the same row",
        "dog/link.jpg: it is a link that leads out of the folder; import the folder that it leads to, or move the pictures here",
        "cat/empty.jpg: the file is empty",
        "cat/text.jpg: its content is not a picture, or its header is damaged",
        "dog/bomb.png: it says that it is 60,000 × 60,000 pixels, and at most 200,000,000 in all are decoded",
        "given.csv:6: the image 'gone.jpg' is not in the image folder",
    ]


def test_a_broken_label_file_does_not_hide_broken_pictures(workspace: Workspace, sick_pets: Path, tmp_path: Path) -> None:
    problems = told(workspace, sick_pets, labels=str(file(tmp_path, "space.csv", "")))
    assert [problem.split(":")[0] for problem in problems] == ["space.csv", "dog/link.jpg", "cat/empty.jpg", "cat/text.jpg", "dog/bomb.png"]


def test_the_refusal_names_the_way_to_go_on(workspace: Workspace, sick_pets: Path) -> None:
    with pytest.raises(InvalidInput, match="Pass skip_bad=True to go on without them"):
        imported(workspace, sick_pets)


def test_with_skip_bad_unreadable_pictures_are_kept_in_a_list(workspace: Workspace, sick_pets: Path) -> None:
    summary = imported(workspace, sick_pets, skip_bad=True)
    assert (summary.n_images, summary.n_unreadable) == (6, 3)
    assert [path for path, _ in summary.unreadable] == ["cat/empty.jpg", "cat/text.jpg", "dog/bomb.png"]
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "pets").id
        assert [path for path, _ in images.unreadable(c, dataset)] == ["cat/empty.jpg", "cat/text.jpg", "dog/bomb.png"]
        counts = images.counts(c, dataset)
    assert (counts[ImageState.UNPROPOSED], counts[ImageState.UNREADABLE]) == (3, 3)
    assert "dog/link.jpg" not in paths_of(workspace)


def test_skip_bad_does_not_pass_over_what_could_mean_two_things(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    given = file(tmp_path, "given.csv", "image,label\ncat/1.jpg,cat\ncat/1.jpg,dog\ngone.jpg,cat\n")
    problems = told(workspace, pets, given=given, skip_bad=True)
    assert problems == ["given.csv:3: a duplicate row: 'cat/1.jpg' is there already with another label (first at line 2)"]


def test_skip_bad_leaves_out_rows_about_pictures_that_are_not_there(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    given = file(tmp_path, "given.csv", "image,label\ncat/1.jpg,dog\ngone.jpg,cat\n")
    imported(workspace, pets, given=given, skip_bad=True)
    assert [image.given_label for image in stored(workspace)] == [1, None, None]


def test_a_truncated_picture_is_found_by_verify_alone(workspace: Workspace, pets: Path) -> None:
    noise = Pillow.effect_noise((200, 200), 90).convert("RGB")
    noise.save(pets / "cat" / "3.jpg")
    data = (pets / "cat" / "3.jpg").read_bytes()
    (pets / "cat" / "3.jpg").write_bytes(data[: len(data) // 2])
    assert told(workspace, pets, verify=True)[0].startswith("cat/3.jpg: ")
    assert imported(workspace, pets).n_unreadable == 0


def test_a_picture_that_was_mended_comes_back(workspace: Workspace, pets: Path) -> None:
    (pets / "cat" / "3.jpg").write_bytes(b"")
    imported(workspace, pets, skip_bad=True)
    pictures(pets, "cat/3.jpg")
    summary = imported(workspace, pets)
    assert (summary.n_images, summary.n_repaired) == (0, 1)
    assert {image.state for image in stored(workspace)} == {ImageState.UNPROPOSED}


def test_importing_again_adds_what_is_new_and_changes_nothing_else(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets, seed=3)
    before = stored(workspace)
    pictures(pets, "cat/0.jpg")  # it would come first in the order of names
    summary = imported(workspace, pets)
    assert (summary.is_new, summary.n_images, summary.n_known, summary.seed) == (False, 1, 3, 3)
    after = stored(workspace)
    assert after[:3] == before
    assert [image.path for image in after] == ["cat/1.jpg", "cat/2.png", "dog/1.jpg", "cat/0.jpg"]


def test_importing_the_same_again_changes_nothing(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets)
    before = everything(workspace)
    assert imported(workspace, pets).n_images == 0
    assert everything(workspace) == before


def test_an_import_that_broke_off_goes_on_where_it_stopped(workspace: Workspace, pets: Path) -> None:
    """What a killed process leaves: the dataset, and a part of its images."""
    for name in ("cat/2.png", "dog/1.jpg"):
        (pets / name).rename(pets / f"{name}.aside")
    imported(workspace, pets, labels=str(file(pets.parent, "space.txt", "cat\ndog\n")))
    for name in ("cat/2.png", "dog/1.jpg"):
        (pets / f"{name}.aside").rename(pets / name)
    assert imported(workspace, pets).n_images == 2
    assert sorted(paths_of(workspace)) == ["cat/1.jpg", "cat/2.png", "dog/1.jpg"]


def test_an_image_that_is_gone_is_told_and_stays(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets)
    (pets / "dog" / "1.jpg").unlink()
    assert imported(workspace, pets).notes == ("no longer in the folder: 1 image of the dataset; nothing about that was changed",)
    assert len(stored(workspace)) == 3


def test_importing_again_may_not_change_what_the_dataset_is(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    imported(workspace, pets)
    other = pictures(tmp_path / "other", "cat/9.jpg", "dog/9.jpg")
    assert "choose another name" in told(workspace, other)[0]
    assert "labels: the dataset has 2 labels" in told(workspace, pets, labels="imagenet1k")[0]
    assert "protocol: the dataset follows 'paper'" in told(workspace, pets, protocol=BLIND)[0]
    assert "seed: the dataset was drawn with the seed 0" in told(workspace, pets, seed=5)[0]
    assert imported(workspace, pets, protocol=PAPER, seed=0).n_images == 0


def test_a_new_class_folder_is_no_label_of_a_dataset_that_is_there(workspace: Workspace, pets: Path) -> None:
    imported(workspace, pets)
    pictures(pets, "lynx/1.jpg")
    assert told(workspace, pets) == ["lynx/: there is no label 'lynx' in class folders (1 picture)"]


@pytest.mark.parametrize("name", ["", " pets", "pets ", "a/b", "../up", ".hidden", "x" * 101, "a\nb", "<b>"])
def test_a_name_that_does_not_fit_an_address_is_refused(workspace: Workspace, pets: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="a name begins with a letter or digit"):
        import_dataset(workspace, ImportRequest(name, pets), now=NOW)


def test_names_of_all_languages_are_fine(workspace: Workspace, pets: Path) -> None:
    assert import_dataset(workspace, ImportRequest("Tiére 2 (pilot)", pets), now=NOW).n_images == 3


def test_the_workspace_may_not_lie_in_the_image_folder(workspace: Workspace, tmp_path: Path) -> None:
    pictures(tmp_path, "cat/1.jpg", "dog/1.jpg")
    assert any("the workspace" in problem for problem in told(workspace, tmp_path))


def test_reference_pictures_and_images_may_not_lie_in_each_other(workspace: Workspace, tmp_path: Path) -> None:
    pictures(tmp_path / "data", "images/cat/1.jpg", "images/dog/1.jpg", "reference/cat/1.jpg", "reference/dog/2.jpg")
    data = tmp_path / "data"
    inside = told(workspace, data, reference=data / "reference")
    assert any("the reference pictures lie in the image folder" in problem for problem in inside)
    around = told(workspace, data / "images", reference=data)
    assert any("the images lie in the reference folder" in problem for problem in around)


def test_a_missing_folder_is_said_in_words(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no such folder"):
        imported(workspace, tmp_path / "nowhere")


def test_an_empty_folder_has_no_pictures(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "pets: there are no pictures in it" in told(workspace, tmp_path / "empty", labels="imagenet1k")


def test_a_file_name_that_is_no_text_is_a_problem(workspace: Workspace, pets: Path) -> None:
    (pets / "cat" / "2.png").rename(pets / "cat" / "bad\udcff.png")
    assert "is not valid text (UTF-8)" in told(workspace, pets)[0]


@pytest.fixture
def references(tmp_path: Path) -> Path:
    return pictures(tmp_path / "references", *(f"cat/{i}.jpg" for i in range(20)), "dog/1.jpg", "lynx/1.jpg")


def test_reference_pictures_are_chosen_by_the_seed_and_kept(workspace: Workspace, pets: Path, references: Path) -> None:
    summary = imported(workspace, pets, reference=references, seed=4)
    assert summary.n_exemplars == 12 + 1
    assert summary.notes == ("1 folder of reference pictures has the name of no label",)
    before = shown(workspace)
    again = imported(workspace, pets, reference=references)
    assert (again.n_exemplars, shown(workspace)) == (0, before)


def shown(workspace: Workspace) -> dict[int, list[str]]:
    with workspace.store.reading() as c:
        found = exemplars.of_labels(c, datasets.find(c, "pets").id, [0, 1])
    return {label: [exemplar.path for exemplar in of_label] for label, of_label in found.items()}


def test_an_unreadable_reference_picture_is_passed_over(workspace: Workspace, pets: Path, references: Path) -> None:
    imported(workspace, pets, reference=references)
    first = shown(workspace)[0][0]
    (references / first).write_bytes(b"broken")
    summary = import_dataset(workspace, ImportRequest("again", pets, reference=references), now=NOW)
    assert summary.n_exemplars == 12 + 1
    assert any(f"the reference picture '{first}' was passed over" in note for note in summary.notes)


def test_a_label_without_reference_pictures_is_told(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    summary = imported(workspace, pets, reference=pictures(tmp_path / "few", "cat/1.jpg"))
    assert summary.notes == ("1 of 2 labels has no reference picture",)


def test_a_reference_folder_without_any_label_is_refused(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    assert "none of its folders is called as a label is" in told(workspace, pets, reference=pictures(tmp_path / "x", "tree/1.jpg"))[0]


def finals(workspace: Workspace, number: int = 1) -> list[tuple[str, tuple[int, ...], LabelSource, EmptyReason | None]]:
    with workspace.store.reading() as c:
        found = releases.labels_of(c, datasets.find(c, "pets").id, number)
        return [(path, final.labels, final.source, final.reason) for path, final in found]


def test_images_with_final_labels_are_imported_and_make_release_1(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    final = file(tmp_path, "final.json", json.dumps({"dog/1.jpg": ["1", "0"], "2.png": []}))
    summary = imported(workspace, pets, final_labels=final)
    assert (summary.n_final, summary.release) == (2, 1)
    assert finals(workspace) == [
        ("dog/1.jpg", (1, 0), LabelSource.IMPORTED, None),
        ("cat/2.png", (), LabelSource.IMPORTED, EmptyReason.UNKNOWN),
    ]
    assert [(image.path, image.state) for image in stored(workspace)] == [
        ("dog/1.jpg", ImageState.IMPORTED),
        ("cat/2.png", ImageState.IMPORTED),
        ("cat/1.jpg", ImageState.UNPROPOSED),
    ]


def test_the_same_final_labels_again_change_nothing(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    final = file(tmp_path, "final.json", json.dumps({"dog/1.jpg": ["1"]}))
    imported(workspace, pets, final_labels=final)
    before = everything(workspace)
    again = imported(workspace, pets, final_labels=final)
    assert (again.release, again.n_final, again.notes) == (None, 0, ())
    assert everything(workspace) == before


def test_final_labels_of_new_images_make_the_next_release(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    imported(workspace, pets, final_labels=file(tmp_path, "1.json", json.dumps({"dog/1.jpg": ["1"]})))
    pictures(pets, "dog/2.jpg")
    imported(workspace, pets, final_labels=file(tmp_path, "2.json", json.dumps({"dog/1.jpg": ["1"], "dog/2.jpg": ["0"]})))
    assert [row[:2] for row in finals(workspace, 2)] == [("dog/1.jpg", (1,)), ("dog/2.jpg", (0,))]


def test_labels_of_images_that_are_there_stay_and_the_difference_is_told(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    imported(workspace, pets, final_labels=file(tmp_path, "1.json", json.dumps({"dog/1.jpg": ["1"]})))
    before = everything(workspace)
    other = file(tmp_path, "2.json", json.dumps({"dog/1.jpg": ["0"], "cat/1.jpg": ["0"]}))
    assert imported(workspace, pets, final_labels=other).notes == (
        "the final labels in the file differ for 2 images that were there already (the first: 'dog/1.jpg'); nothing was changed about them",
    )
    given = file(tmp_path, "given.csv", "image,label\ncat/1.jpg,dog\ncat/2.png,cat\n")
    assert imported(workspace, pets, given=given).notes == (
        "the given labels in the file differ for 1 image that was there already (the first: 'cat/1.jpg'); nothing was changed about it",
    )
    assert everything(workspace) == before


def test_final_labels_that_a_broken_off_import_had_not_released_are_released(workspace: Workspace, pets: Path, tmp_path: Path) -> None:
    """What a killed process leaves between the images and their release."""
    imported(workspace, pets)
    for image in stored(workspace):
        with workspace.store.writing() as c:
            images.set_state(c, image.id, ImageState.IMPORTED)
    final = file(tmp_path, "final.json", json.dumps({"dog/1.jpg": ["1"]}))
    assert imported(workspace, pets, final_labels=final).release == 1
    assert [row[:2] for row in finals(workspace)] == [("dog/1.jpg", (1,))]


def test_the_queue_is_drawn_by_the_seed_for_each_path(workspace: Workspace) -> None:
    assert queue_place("cat/1.jpg", 3) == queue_place("cat/1.jpg", 3) != queue_place("cat/1.jpg", 4)
    places = [queue_place(f"cat/{i}.jpg", 0) for i in range(1000)]
    assert 0 <= min(places) < 0.01 < 0.99 < max(places) < 1
    assert 0.45 < sum(places) / 1000 < 0.55


def test_the_most_megapixels_are_a_setting(pets: Path, tmp_path: Path) -> None:
    with opened(load_settings(tmp_path / "strict", max_megapixels=0.0003), create=True) as strict, pytest.raises(InvalidInput) as caught:
        imported(strict, pets)  # the pictures have 24 × 16 = 384 pixels
    assert len(caught.value.problems) == 3
    with opened(load_settings(tmp_path / "just", max_megapixels=0.000384), create=True) as just:
        assert imported(just, pets).n_images == 3


def test_the_number_of_threads_changes_nothing_but_the_time(sick_pets: Path, tmp_path: Path) -> None:
    found = []
    for n_threads in (1, 8):
        with opened(load_settings(tmp_path / f"w{n_threads}", decode_threads=n_threads), create=True) as workspace:
            found.append(imported(workspace, sick_pets, skip_bad=True))
    assert found[0] == found[1]


def test_progress_is_told_to_the_end(workspace: Workspace, pets: Path) -> None:
    heard: list[tuple[int, int]] = []
    import_dataset(workspace, ImportRequest("pets", pets), progress=lambda done, total: heard.append((done, total)), now=NOW)
    assert heard[-1] == (3, 3)


def test_imagenetv2s_own_folders_are_indices(workspace: Workspace, tmp_path: Path) -> None:
    root = pictures(tmp_path / "v2", "281/a.jpeg", "7/b.jpeg")
    imported(workspace, root, labels="imagenet1k")
    assert {image.path: image.given_label for image in stored(workspace)} == {"281/a.jpeg": 281, "7/b.jpeg": 7}


def test_the_real_photos_are_imported_with_a_reference_for_each_class(workspace: Workspace, shared_data: Path) -> None:
    summary = imported(workspace, shared_data / "photos", labels="imagenet1k", reference=shared_data / "reference")
    assert (summary.n_images, summary.n_given, summary.n_exemplars, summary.n_unreadable) == (250, 250, 1000, 0)
    with workspace.store.reading() as c:
        keys = labels.label_space(c, datasets.find(c, "pets").id)
    assert all(keys[image.given_label or 0].key == image.path.split("/")[0] for image in stored(workspace))
