"""Every form of predictions is read, and what is wrong with a file is said."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.measures.model import Rankings, ScoredImages
from multilabelfy.formats.reading.predictions import read_predictions

ANIMALS = LabelSpace("animals", tuple(Label(index, key, (key,)) for index, key in enumerate(["cat", "dog", "owl"])))


def saved(path: Path, array: object) -> Path:
    np.save(path, array)  # type: ignore[arg-type]
    return path


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rankings(path: Path, labels: LabelSpace | None = None) -> Rankings:
    found = read_predictions(path, labels)
    assert isinstance(found, Rankings)
    return found


def test_one_label_an_image_is_a_ranking_of_one(tmp_path: Path) -> None:
    found = rankings(saved(tmp_path / "resnet.npy", np.array([3, 1])))
    assert found.models == ("resnet",)
    assert found.ranked.tolist() == [[[3], [1]]]
    assert found.images is None


def test_ranked_whole_numbers_keep_their_order(tmp_path: Path) -> None:
    assert rankings(saved(tmp_path / "m.npy", np.array([[3, 1], [0, 2]], dtype=np.uint16))).ranked.tolist() == [[[3, 1], [0, 2]]]


def test_scores_are_kept_as_scores(tmp_path: Path) -> None:
    found = read_predictions(saved(tmp_path / "m.npy", np.array([[0.25, 0.75]], dtype=np.float16)))
    assert isinstance(found, ScoredImages)
    assert found.scores.tolist() == [[0.25, 0.75]]


def test_an_npz_of_several_models_names_its_images(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", models=np.array(["a", "b"]), images=np.array(["1.jpg"]), ranked=np.array([[[2, 1]], [[0, 1]]]))
    found = rankings(tmp_path / "p.npz")
    assert (found.models, found.images) == (("a", "b"), ("1.jpg",))
    assert found.ranked.tolist() == [[[2, 1]], [[0, 1]]]


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_a_table_may_name_its_rows_in_any_order(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"m.{ending}"
    frame = pl.DataFrame({"image": ["b", "a", "a"], "label": [2, 1, 0], "rank": [1, 2, 1]})
    if ending == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, separator="\t" if ending == "tsv" else ",")
    found = rankings(path)
    assert found.images == ("b", "a")
    assert found.ranked.tolist() == [[[2, -1], [0, 1]]]


def test_a_table_of_several_sources_is_several_models(tmp_path: Path) -> None:
    found = rankings(table(tmp_path / "p.csv", "image,label,rank,score,source\na,1,1,0.9,eva\na,2,1,0.5,resnet\n"))
    assert found.models == ("eva", "resnet")
    assert found.ranked.tolist() == [[[1]], [[2]]]


def test_labels_in_a_table_may_be_keys(tmp_path: Path) -> None:
    assert rankings(table(tmp_path / "p.csv", "image,label,rank\na,owl,1\n"), ANIMALS).ranked.tolist() == [[[2]]]


def test_wordnet_ids_are_imagenets_without_saying_so(tmp_path: Path) -> None:
    assert rankings(table(tmp_path / "p.csv", "image,label,rank\na,n01440764,1\n")).ranked.tolist() == [[[0]]]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("image,label\na,1\n", "it lacks the column 'rank'"),
        ("image,label,rank\n", "it has no rows"),
        ("image,label,rank\na,,1\n", "row 1 has an empty cell"),
        ("image,label,rank\na,1,0\n", "row 1 has the rank '0'"),
        ("image,label,rank\na,1,first\n", "row 1 has the rank 'first'"),
        ("image,label,rank\na,1,1\na,2,1\n", "the ranks of the image 'a' are not 1, 2, …"),
        ("image,label,rank\na,1,1\na,2,3\n", "it has 3 instead of 2"),
        ("image,label,rank\na,cat,1\n", "the label 'cat' is not an index"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        read_predictions(table(tmp_path / "p.csv", text))


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no label 'fish' in 'animals'"):
        read_predictions(table(tmp_path / "p.csv", "image,label,rank\na,fish,1\n"), ANIMALS)


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InvalidInput, match="holds pickled objects"):
        read_predictions(tmp_path / "p.npy")
    np.savez(tmp_path / "p.npz", models=np.array(["a"], dtype=object), images=np.array(["1"]), ranked=np.array([[[1]]]))
    with pytest.raises(InvalidInput, match="pickled objects, which are never read"):
        read_predictions(tmp_path / "p.npz")


@pytest.mark.parametrize("array", [np.zeros((2, 2, 2)), np.array([0.5, 0.5]), np.array([True]), np.array(["a"]), np.array([], dtype=int)])
def test_other_arrays_are_refused(tmp_path: Path, array: object) -> None:
    with pytest.raises(InvalidInput, match="of shape"):
        read_predictions(saved(tmp_path / "p.npy", array))


def test_an_npz_whose_parts_do_not_fit_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", models=np.array(["a"]), images=np.array(["1.jpg", "2.jpg"]), ranked=np.array([[[2, 1]]]))
    with pytest.raises(InvalidInput, match="but the file names 1 model and 2 images"):
        read_predictions(tmp_path / "p.npz")
    np.savez(tmp_path / "q.npz", models=np.array(["a"]))
    with pytest.raises(InvalidInput, match="it lacks the array 'ranked'"):
        read_predictions(tmp_path / "q.npz")
    np.savez(tmp_path / "r.npz", models=np.array(["a", "a"]), images=np.array(["1.jpg"]), ranked=np.array([[[1]], [[1]]]))
    with pytest.raises(InvalidInput, match="the model 'a' occurs more than once"):
        read_predictions(tmp_path / "r.npz")


@pytest.mark.parametrize("name", ["p.npy", "p.npz", "p.csv", "p.parquet"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="there is no such file"):
        read_predictions(tmp_path / name)
    (tmp_path / name).write_bytes(b"\x93not a table\xff")
    with pytest.raises(InvalidInput, match=name):
        read_predictions(tmp_path / name)


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"files of the kind '\.pkl' are not read"):
        read_predictions(tmp_path / "p.pkl")
