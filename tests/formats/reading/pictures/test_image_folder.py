"""Walking a folder of pictures: flat, in class folders, nested, with whatever else lies there."""

import os
from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.pictures.image_folder import read_image_folder


def files(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root


def test_pictures_of_a_flat_folder_are_found_in_order(tmp_path: Path) -> None:
    assert read_image_folder(files(tmp_path, "b.png", "a.JPEG", "c.webp")).paths == ("a.JPEG", "b.png", "c.webp")


def test_two_files_of_one_name_in_two_folders_are_two_images(tmp_path: Path) -> None:
    assert read_image_folder(files(tmp_path, "cat/1.jpg", "dog/1.jpg")).paths == ("cat/1.jpg", "dog/1.jpg")


def test_deeper_folders_are_walked_and_the_first_ones_are_the_classes(tmp_path: Path) -> None:
    folder = read_image_folder(files(tmp_path, "cat/x/y/1.jpg", "dog/2.jpg", "3.jpg"))
    assert folder.paths == ("3.jpg", "cat/x/y/1.jpg", "dog/2.jpg")
    assert folder.class_folders() == ["cat", "dog"]


def test_other_files_are_counted_by_suffix_and_hidden_ones_passed_over(tmp_path: Path) -> None:
    folder = read_image_folder(files(tmp_path, "1.jpg", "a.txt", "b.TXT", "c.svg", "README", ".DS_Store", ".cache/2.jpg", "._1.jpg"))
    assert folder.paths == ("1.jpg",)
    assert folder.others == {".txt": 2, ".svg": 1, "(no suffix)": 1}


def test_a_link_out_of_the_folder_is_a_problem_and_not_followed(tmp_path: Path) -> None:
    files(tmp_path, "in/1.jpg", "out/secret.jpg", "in-other/3.jpg")
    (tmp_path / "in" / "file.jpg").symlink_to(tmp_path / "out" / "secret.jpg")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "neighbour").symlink_to(tmp_path / "in-other")  # its name begins alike
    folder = read_image_folder(tmp_path / "in")
    assert folder.paths == ("1.jpg",)
    assert sorted(problem.where for problem in folder.leading_out) == ["file.jpg", "folder", "neighbour"]


def test_links_within_the_folder_are_taken_as_files_and_not_walked_as_folders(tmp_path: Path) -> None:
    files(tmp_path, "cat/1.jpg")
    (tmp_path / "cat" / "2.jpg").symlink_to(tmp_path / "cat" / "1.jpg")
    (tmp_path / "cat" / "loop").symlink_to(tmp_path)
    folder = read_image_folder(tmp_path)
    assert (folder.paths, folder.leading_out, folder.n_linked_folders) == (("cat/1.jpg", "cat/2.jpg"), (), 1)


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    files(tmp_path, "real/1.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = read_image_folder(tmp_path / "link")
    assert (folder.root, folder.paths) == ((tmp_path / "real").resolve(), ("1.jpg",))


def test_a_name_that_is_no_text_is_found_all_the_same(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.jpg"))).write_bytes(b"x")
    assert read_image_folder(tmp_path).paths == ("bad\udcff.jpg",)


def test_a_missing_folder_and_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no such folder"):
        read_image_folder(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match="it is not a folder"):
        read_image_folder(files(tmp_path, "1.jpg") / "1.jpg")
