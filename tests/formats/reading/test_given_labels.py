"""Label files in every form that people have, with all that is wrong with them told at once, by file and line."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.given_labels import read_given_labels

SPACE = LabelSpace("animals", (Label(0, "cat", ("cat",)), Label(1, "dog", ("dog",)), Label(2, "bird, big", ("big bird",))))
IMAGES = ("a/1.jpg", "a/2.jpg", "b/1.jpg")
GOOD = {"a/1.jpg": 0, "a/2.jpg": 1, "b/1.jpg": 2}


def told(path: Path) -> list[str]:
    """The problems of a file, without the folder it lies in."""
    read = read_given_labels(path, IMAGES, SPACE)
    return [str(problem).replace(f"{path.parent}/", "") for problem in (*read.problems, *read.absent)]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


CSV = 'image,label\na/1.jpg,cat\na/2.jpg,dog\nb/1.jpg,"bird, big"\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("g.csv", CSV),
        ("g.csv", CSV.replace("\n", "\r\n")),
        ("g.csv", "\ufeff" + CSV),
        ("g.csv", CSV.encode("utf-16")),
        ("g.CSV", CSV.replace("image,label", "Image, LABEL")),
        ("g.csv", "note,label,image\nx,cat,a/1.jpg\nx,dog,a/2.jpg\n\nx,\"bird, big\",b/1.jpg"),
        ("g.csv", "image;label\na/1.jpg;cat\na/2.jpg;dog\nb/1.jpg;bird, big\n"),
        ("g.tsv", "image\tlabel\na/1.jpg\tcat\na/2.jpg\tdog\nb/1.jpg\tbird, big\n"),
        ("g.json", json.dumps({"a/1.jpg": ["0"], "a/2.jpg": [1], "b/1.jpg": 2})),
        ("g.json", '[{"image": "a/1.jpg", "label": "cat"}, {"label": 1, "image": "2.jpg"}, {"image": "b/1.jpg", "label": "bird, big"}]'),
        ("g.jsonl", '{"image": "a/1.jpg", "label": "cat"}\n\n{"image": "2.jpg", "label": "dog"}\n{"image": "b/1.jpg", "label": 2}\n'),
        ("g.csv", "image,label\n./a/1.jpg,cat\na\\2.jpg,dog\n2.jpg.bak,dog\n".replace("2.jpg.bak,dog\n", 'b/1.jpg,"bird, big"\n')),
    ],
)  # fmt: skip
def test_every_form_of_table_and_json_says_the_same(tmp_path: Path, name: str, content: str | bytes) -> None:
    read = read_given_labels(written(tmp_path, name, content), IMAGES, SPACE)
    assert (read.labels, read.problems, read.absent) == (GOOD, (), ())


def test_parquet_says_the_same(tmp_path: Path) -> None:
    pl.DataFrame({"image": list(GOOD), "label": ["cat", "dog", "bird, big"]}).write_parquet(tmp_path / "g.parquet")
    assert read_given_labels(tmp_path / "g.parquet", IMAGES, SPACE).labels == GOOD


def test_parquet_may_hold_indices(tmp_path: Path) -> None:
    pl.DataFrame({"image": list(GOOD), "label": [0, 1, 2]}).write_parquet(tmp_path / "g.parquet")
    assert read_given_labels(tmp_path / "g.parquet", IMAGES, SPACE).labels == GOOD


def test_numpy_files_say_the_same(tmp_path: Path) -> None:
    np.savez(tmp_path / "g.npz", images=np.array(list(GOOD)), given=np.array([0, 1, 2], dtype=np.uint16), ranked=np.zeros(3))
    assert read_given_labels(tmp_path / "g.npz", IMAGES, SPACE).labels == GOOD


def test_a_numpy_file_is_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "g.npz", images=np.array(["a"], dtype=object), given=np.array([{}], dtype=object))
    with pytest.raises(InvalidInput, match="not a NumPy file of plain values"):
        read_given_labels(tmp_path / "g.npz", IMAGES, SPACE)


def test_names_in_an_old_code_page_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "g.csv", "image,label\nCafé.jpg,cat\n".encode("latin-1"))
    assert read_given_labels(path, ("Café.jpg",), SPACE).labels == {"Café.jpg": 0}


def test_an_accent_may_be_one_character_or_two(tmp_path: Path) -> None:
    path = written(tmp_path, "g.csv", "image,label\nCafe\u0301.jpg,cat\n")
    assert read_given_labels(path, ("Café.jpg",), SPACE).labels == {"Café.jpg": 0}


def test_a_bare_name_that_one_image_has_is_enough_and_one_that_two_have_names_the_twins(tmp_path: Path) -> None:
    path = written(tmp_path, "g.csv", "image,label\n2.jpg,cat\n1.jpg,dog\n")
    assert read_given_labels(path, IMAGES, SPACE).labels == {"a/2.jpg": 0}
    assert told(path) == ["g.csv:3: the name '1.jpg' could be 'a/1.jpg', 'b/1.jpg': write the path"]


def test_all_problems_of_a_table_are_told_with_their_lines(tmp_path: Path) -> None:
    table = (
        'image,label\na/1.jpg,cat\na/1.jpg,cat\na/1.jpg,dog\na/2.jpg,cow\nb/1.jpg,bird, big\n"b\n/1.jpg",cat\n,dog\n'
        "b/1.jpg\nc/9.jpg,dog\na/2.jpg,\nb/1.jpg,Big Bird\n"
    )
    assert told(written(tmp_path, "g.csv", table)) == [
        "g.csv:6: the row has 3 cells, but the table has only 2 columns: a value that contains a comma needs quotes",
        "g.csv:10: the row has 1 of 2 cells",
        "g.csv:9: the row names no image",
        "g.csv:5: there is no label 'cow' in animals",
        "g.csv:13: there is no label 'Big Bird' in animals; its key is bird, big",
        "g.csv:3: a duplicate row: 'a/1.jpg' is there already with the same row (first at line 2)",
        "g.csv:4: a duplicate row: 'a/1.jpg' is there already with another label (first at line 2)",
        "g.csv:12: 'a/2.jpg' has 0 given labels: it needs exactly one",
        "g.csv:7: the image 'b\n/1.jpg' is not in the image folder",
        "g.csv:11: the image 'c/9.jpg' is not in the image folder",
    ]


def test_all_problems_of_a_json_file_are_told_with_their_lines(tmp_path: Path) -> None:
    text = '{\n"a/1.jpg": [0, 1],\n"a/2.jpg": [3],\n"b/1.jpg": {"x": 1},\n"c.jpg": [],\n"a/2.jpg": [0]\n}'
    assert told(written(tmp_path, "g.json", text)) == [
        "g.json:4: the labels of 'b/1.jpg' are [('x', 1)], not a list of indices",
        "g.json:6: the image 'a/2.jpg' occurs more than once",
        "g.json:6: there is no label 3 in animals: its 3 labels have the indices 0 to 2",
        "g.json:2: 'a/1.jpg' has 2 given labels: it needs exactly one",
        "g.json:5: the image 'c.jpg' is not in the image folder",
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("g.csv", "", "g.csv: the file is empty"),
        ("g.json", " \n", "g.json: the file is empty"),
        ("g.csv", "picture,class\na,b\n", "g.csv:1: there is no column 'image'; its columns are: picture, class"),
        ("g.json", '{"a":\n [1,}', "g.json:2: this is not JSON"),
        ("g.json", "7", "neither an object nor a list"),
        ("g.json", '[{"picture": "a", "label": 1}]', "no entry has the key 'image'"),
        ("g.jsonl", '{"image": "a", "label": 1}\n{"image"\n', "g.jsonl:2: this is not JSON"),
        ("g.parquet", "PAR1 nonsense", "not a readable Parquet file"),
        ("g.npz", "nonsense", "not a NumPy file"),
        ("g.xlsx", "PK", "files of the kind '.xlsx' are not read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: str, why: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_given_labels(written(tmp_path, name, content), IMAGES, SPACE)
    assert why in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no such file"):
        read_given_labels(tmp_path / "g.csv", IMAGES, SPACE)


def test_a_quote_that_is_never_closed_is_told_at_the_line_where_it_begins(tmp_path: Path) -> None:
    problems = told(written(tmp_path, "g.csv", 'image,label\na/1.jpg,cat\n"a/2.jpg,dog\nb/1.jpg,cat\n'))
    assert [problem.split(" (")[0] for problem in problems] == ["g.csv:3: the row is not CSV"]


def test_a_list_follows_the_numbers_in_the_file_names(tmp_path: Path) -> None:
    images = ("x/val_10.JPEG", "y/val_9.JPEG", "x/val_8.JPEG")
    read = read_given_labels(written(tmp_path, "g.json", "[0, [1], 2]"), images, SPACE)
    assert read.labels == {"x/val_8.JPEG": 0, "y/val_9.JPEG": 1, "x/val_10.JPEG": 2}


def test_a_list_of_another_length_or_for_names_without_numbers_does_not_fit(tmp_path: Path) -> None:
    path = written(tmp_path, "g.json", "[0, 1]")
    assert read_given_labels(path, ("v1.jpg",), SPACE).problems[0].what == "the list has 2 entries, but the dataset has 1 image"
    assert "differ in one number alone" in read_given_labels(path, ("v1.jpg", "w2.jpg"), SPACE).problems[0].what
