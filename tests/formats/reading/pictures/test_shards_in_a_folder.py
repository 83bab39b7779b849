"""The pictures of a folder that holds shards, the labels that the shards say these have, and all that can be wrong with them."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.packed import drawn, put_parquet, put_tar

from multilabelfy.errors import ExtraMissing, InvalidInput
from multilabelfy.formats.reading.pictures.image_folder import read_image_folder
from multilabelfy.formats.reading.pictures.packed import Packed
from multilabelfy.pictures.shards import parquet_shard

PICTURE = b"not looked at"


def labels(root: Path) -> Packed:
    return read_image_folder(root).packed


def test_samples_of_an_archive_have_the_label_beside_them(tmp_path: Path) -> None:
    sample = json.dumps({"width": 8, "label": "cat"}).encode()
    put_tar(tmp_path / "0.tar", ("a.jpg", PICTURE), ("a.cls", b"dog\n"), ("a.json", sample), ("b.png", PICTURE), ("b.json", sample))
    put_tar(
        tmp_path / "1.tar", ("x/a.left.jpg", PICTURE), ("x/a.cls", b"hen"), ("c.jpg", PICTURE), ("c.json", b"{}"), ("c.txt", b"a caption")
    )

    folder = read_image_folder(tmp_path)

    assert folder.paths == ("0.tar/a.jpg", "0.tar/b.png", "1.tar/c.jpg", "1.tar/x/a.left.jpg")
    assert folder.packed.given == {"0.tar/a.jpg": "dog", "0.tar/b.png": "cat", "1.tar/x/a.left.jpg": "hen"}
    assert (folder.others, folder.packed.n_shards) == ({".txt": 1}, 2)


def test_a_list_of_classes_beside_the_archives_names_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("dog\ncat\n")
    put_tar(
        tmp_path / "0.tar", ("a.jpg", PICTURE), ("a.cls", b"1"), ("b.jpg", PICTURE), ("b.cls", b"dog"), ("c.jpg", PICTURE), ("c.cls", b"2")
    )

    packed = labels(tmp_path)

    assert (packed.classes, packed.given) == (("dog", "cat"), {"0.tar/a.jpg": "cat", "0.tar/b.jpg": "dog"})
    assert [problem.what for problem in packed.label_problems] == ["the label 2 is not one of the listed classes, 0 to 1"]


def test_class_folders_in_an_archive_are_class_folders(tmp_path: Path) -> None:
    put_tar(tmp_path / "val" / "0.tar", ("cat/1.jpg", PICTURE), ("dog/2.jpg", PICTURE))
    put_tar(tmp_path / "train" / "0.tar", ("cat/1.jpg", PICTURE), ("._1.jpg", PICTURE), ("__MACOSX/2.jpg", PICTURE))

    folder = read_image_folder(tmp_path)

    assert folder.paths == ("train/0.tar/cat/1.jpg", "val/0.tar/cat/1.jpg", "val/0.tar/dog/2.jpg")
    assert (folder.class_folders(), folder.splits()) == (["cat", "dog"], frozenset({"train", "val"}))


def test_a_table_has_labels_by_the_names_in_its_metadata(tmp_path: Path) -> None:
    put_parquet(
        tmp_path / "data" / "0.parquet", [("d/1.jpg", PICTURE), (None, PICTURE), ("3.jpg", PICTURE)], label=[1, -1, 0], names=["dog", "cat"]
    )

    folder = read_image_folder(tmp_path)

    assert folder.paths == ("data/0.parquet/00000000/1.jpg", "data/0.parquet/00000001", "data/0.parquet/00000002/3.jpg")
    assert list(folder.packed.given.values()) == ["cat", "dog"]
    assert (folder.packed.classes, folder.class_folders()) == (("dog", "cat"), [])


def test_a_column_of_names_needs_no_metadata_and_a_single_table_is_a_root(tmp_path: Path) -> None:
    table = put_parquet(tmp_path / "0.parquet", [("1.jpg", PICTURE), (None, PICTURE)], label=["dog", None])

    folder = read_image_folder(table)

    assert (folder.root, folder.paths, folder.packed.given) == (table, ("00000000/1.jpg", "00000001"), {"00000000/1.jpg": "dog"})


def test_of_several_columns_of_labels_none_is_guessed(tmp_path: Path) -> None:
    table = put_parquet(tmp_path / "a.parquet", [(None, PICTURE)], cls=[1], labels=[2])

    assert [problem.what.partition(":")[0] for problem in labels(table).label_problems] == ["several columns hold labels (cls, labels)"]
    assert labels(put_parquet(tmp_path / "b.parquet", [(None, PICTURE)], label=["x"], cls=[1])).given == {"00000000": "x"}


def test_shards_must_agree_on_what_a_number_means(tmp_path: Path) -> None:
    for name, names in (("0", ["dog", "cat"]), ("1", ["cat", "dog"])):
        put_parquet(tmp_path / f"{name}.parquet", [(None, PICTURE)], label=[0], names=names)

    (problem,) = labels(tmp_path).label_problems
    assert (problem.where, problem.what) == (str(tmp_path / "1.parquet"), "it names other labels than '0.parquet', or in another order")


def test_members_that_could_mean_two_things_or_lead_out_are_left_out_and_listed(tmp_path: Path) -> None:
    archive = put_tar(
        tmp_path / "0.tar",
        *(("twice.jpg", PICTURE), ("twice.jpg", PICTURE), ("two.jpg", PICTURE), ("two.png", PICTURE), ("two.cls", b"1")),
        *(("../out.jpg", PICTURE), ("/top.jpg", PICTURE), ("v.1.jpg", PICTURE), ("v.2.jpg", PICTURE)),
    )
    with tarfile.open(archive, "a") as opened:
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "twice.jpg"
        opened.addfile(link)

    folder = read_image_folder(tmp_path)

    assert folder.paths == ("0.tar/v.1.jpg", "0.tar/v.2.jpg")  # without a label, two pictures of a key are two pictures
    assert {(problem.where.rpartition("0.tar/")[2], problem.what) for problem in folder.leading_out} == {
        ("../out.jpg", "its path leads out of the archive"),
        ("/top.jpg", "its path leads out of the archive"),
        ("link.jpg", "it is a link, and only files are read"),
        ("twice.jpg", "it is in the archive 2 times"),
        ("two", "several pictures have this key, so that its label is unclear: two.jpg, two.png"),
    }


@pytest.mark.parametrize(
    ("name", "content", "what"), [("a.json", b"{", "it is not JSON"), ("a.cls", b"\xff\xfe\xfa", "it is not text (UTF-8)")]
)
def test_a_label_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    put_tar(tmp_path / "0.tar", ("a.jpg", PICTURE), (name, content))

    (problem,) = labels(tmp_path).label_problems
    assert (problem.where.rpartition("/")[2], problem.what) == (name, what)


def test_all_shards_that_cannot_be_read_are_listed_with_what_shards_are(tmp_path: Path) -> None:
    put_tar(tmp_path / "good.tar", ("1.jpg", PICTURE))
    put_tar(tmp_path / "packed.tar.gz", ("1.jpg", PICTURE), mode="w:gz")
    (tmp_path / "words.parquet").write_bytes(b"words")

    with pytest.raises(InvalidInput) as told:
        read_image_folder(tmp_path)

    assert [Path(problem.where).name for problem in told.value.problems] == ["packed.tar.gz", "words.parquet"]
    assert "Shards are uncompressed tar archives" in str(told.value)


def test_beside_pictures_tables_and_archives_are_other_files_as_ever(tmp_path: Path) -> None:
    put_tar(tmp_path / "old.tar", ("1.jpg", PICTURE))
    (tmp_path / "labels.parquet").write_bytes(b"a table of labels")
    (tmp_path / "1.jpg").write_bytes(PICTURE)

    folder = read_image_folder(tmp_path)

    assert (folder.paths, folder.others, folder.packed.n_shards) == (("1.jpg",), {".tar": 1, ".parquet": 1}, 0)


def test_without_the_extra_a_table_says_how_to_install_it_and_an_archive_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_parquet(tmp_path / "0.parquet", [(None, drawn())])
    put_tar(tmp_path / "tar" / "0.tar", ("1.jpg", PICTURE))
    monkeypatch.setattr(parquet_shard, "find_spec", lambda _: None)

    with pytest.raises(ExtraMissing, match=r"pip install 'multilabelfy\[parquet\]'"):
        read_image_folder(tmp_path / "0.parquet")
    assert read_image_folder(tmp_path / "tar").paths == ("0.tar/1.jpg",)


def test_an_archive_is_walked_without_reading_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each member its header is read, and a label's content, never a picture's."""
    read = 0

    class Counted(io.FileIO):
        def read(self, size: int | None = -1, /) -> Any:
            nonlocal read
            content = super().read(-1 if size is None else size)
            read += len(content)
            return content

    content = b"\0" * 20_000
    archive = put_tar(tmp_path / "0.tar", *((f"{n:03}.jpg", content) for n in range(100)))
    whole_open = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *a, **more: Counted(path) if path == archive else whole_open(path, *a, **more))

    assert len(read_image_folder(tmp_path).paths) == 100
    assert 100 * 512 < read < 100 * 2048
