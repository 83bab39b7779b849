"""Label files for an evaluation, where no dataset is at hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.label_sets import OWN, read_given, read_label_sets, space_of


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_the_papers_labels_give_the_papers_histogram(shared_data: Path) -> None:
    sets = read_label_sets(shared_data / "imagenetv2" / "refined_labels.json")
    assert np.bincount(sets.counts).tolist() == [129, 5083, 2385, 1306, 628, 237, 127, 48, 23, 18, 13, 1, 2]
    assert round(float(np.mean(sets.counts >= 2)), 4) == 0.4788


def test_reals_labels_give_reals_histogram_under_the_validation_sets_names(shared_data: Path) -> None:
    sets = read_label_sets(shared_data / "real" / "real.json")
    assert np.bincount(sets.counts).tolist() == [3163, 39394, 5408, 1319, 411, 161, 88, 41, 13, 2]
    assert sets.images[0] == "ILSVRC2012_val_00000001.JPEG"


def test_given_labels_are_joined_by_name_although_the_orders_differ(shared_data: Path) -> None:
    sets = read_label_sets(shared_data / "imagenetv2" / "refined_labels.json")
    given = read_given(shared_data / "predictions" / "imagenetv2.npz", sets.images)
    among = np.mean([given[place] in row for place, row in enumerate(sets.rows())])
    assert round(float(among), 4) == 0.8797


def test_a_list_follows_the_numbers_of_the_images_it_is_for(tmp_path: Path) -> None:
    sets = read_label_sets(written(tmp_path, "l.json", "[[1], [0, 2]]"), images=["v10.png", "v9.png"])
    assert dict(zip(sets.images, sets.rows(), strict=True)) == {"v9.png": (1,), "v10.png": (0, 2)}


def test_a_table_of_wordnet_ids_is_imagenet(tmp_path: Path) -> None:
    path = written(tmp_path, "l.csv", "image,label\n1.jpg,n02123045\n1.jpg,n01440764\n2.jpg,\n")
    space = space_of(path)
    assert space is not None
    assert space.name == "imagenet1k"
    sets = read_label_sets(path)
    assert dict(zip(sets.images, sets.rows(), strict=True)) == {"1.jpg": (281, 0), "2.jpg": ()}


def test_other_keys_make_a_space_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path, "l.csv", "image,label\n1.jpg,dog\n2.jpg,cat\n")
    space = space_of(path)
    assert space is not None
    assert (space.name, [label.key for label in space.labels]) == (OWN, ["cat", "dog"])
    assert read_label_sets(path).rows() == [(1,), (0,)]


def test_few_plain_indices_could_mean_anything(tmp_path: Path) -> None:
    path = written(tmp_path, "l.json", '{"1.jpg": ["7", "3"]}')
    assert space_of(path) is None
    assert read_label_sets(path).rows() == [(7, 3)]


def test_a_label_repeated_within_a_row_counts_once(tmp_path: Path) -> None:
    assert read_label_sets(written(tmp_path, "l.json", '{"1.jpg": ["7", "7"]}')).rows() == [(7,)]


def test_a_plain_list_of_given_labels_follows_numbers_or_else_the_images_order(tmp_path: Path) -> None:
    path = written(tmp_path, "g.json", "[5, 6]")
    assert read_given(path, ["v2.png", "v1.png"]).tolist() == [6, 5]
    assert read_given(path, ["dog.png", "cat.png"]).tolist() == [5, 6]
    np.save(tmp_path / "g.npy", np.array([5, 6]))
    assert read_given(tmp_path / "g.npy", ["dog.png", "cat.png"]).tolist() == [5, 6]


def test_an_image_that_the_file_does_not_name_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "g.json", json.dumps({"1.jpg": 4, "elsewhere.jpg": 2}))
    with pytest.raises(InvalidInput, match=r"the image '2\.jpg' is not there"):
        read_given(path, ["1.jpg", "2.jpg"])


def test_images_with_none_or_several_given_labels_are_told_together(tmp_path: Path) -> None:
    path = written(tmp_path, "g.json", '{"1.jpg": [1, 2], "2.jpg": [3], "3.jpg": []}')
    with pytest.raises(InvalidInput) as caught:
        read_given(path, ["1.jpg", "2.jpg", "3.jpg"])
    assert [problem.what.split(":")[0] for problem in caught.value.problems] == [
        "'1.jpg' has the given label 1 2",
        "'3.jpg' has the given label none",
    ]


def test_labels_that_are_none_are_told_with_their_line(tmp_path: Path) -> None:
    path = written(tmp_path, "l.json", '{"1.jpg":\n [1],\n"2.jpg": ["n02123045", "cow"]}')
    with pytest.raises(InvalidInput) as caught:
        read_label_sets(path, labels=imagenet1k())
    assert [str(problem) for problem in caught.value.problems] == [f"{path}:3: there is no label 'cow' in imagenet1k"]
