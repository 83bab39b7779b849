"""`evaluate` joins files by name, says what does not fit, and gives the published numbers."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.measures.by import By
from multilabelfy.workflows.evaluating.evaluation import Evaluation, as_json, evaluate

LABELS = {"a.jpg": ["1"], "b.jpg": ["2", "3"], "c.jpg": []}
GIVEN = {"c.jpg": 5, "b.jpg": 2, "a.jpg": 1}


def written(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def saved(path: Path, array: object) -> Path:
    np.save(path, np.asarray(array))
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return written(tmp_path / "labels.json", LABELS)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return written(tmp_path / "given.json", GIVEN)


def test_rows_without_names_follow_the_label_file(tmp_path: Path, labels: Path, given: Path) -> None:
    found = as_json(evaluate(labels, [saved(tmp_path / "m.npy", [1, 3, 5])], given=given))
    assert (found["model"], found["n_images"], found["n_without_labels"]) == ("m", 3, 1)
    assert (found["top1"], found["real"], found["real_empty_counts_as_right"]) == (2 / 3, 1.0, 1.0)


def test_named_rows_join_whatever_their_order(tmp_path: Path, labels: Path, given: Path) -> None:
    table = written(tmp_path / "m.csv", "image,label,rank\nc.jpg,5,1\nb.jpg,3,1\nb.jpg,9,2\na.jpg,0,1\n")
    found = as_json(evaluate(labels, [table], given=given))
    assert (found["top1"], found["real"], found["variable_topk"]) == (1 / 3, 1 / 2, (0 + 1 / 2) / 2)


def test_a_list_of_given_labels_follows_the_label_file(tmp_path: Path, labels: Path) -> None:
    given = written(tmp_path / "given.json", [1, 2, 5])
    assert as_json(evaluate(labels, [saved(tmp_path / "m.npy", [1, 2, 0])], given=given))["top1"] == 2 / 3


def test_each_number_of_labels_has_its_row(tmp_path: Path, labels: Path, given: Path) -> None:
    rows = as_json(evaluate(labels, [saved(tmp_path / "m.npy", [1, 3, 5])], given=given))["by_label_count"]
    kept = ("labels", "images", "top1", "real", "variable_topk")
    assert [tuple(row[name] for name in kept) for row in rows] == [
        (0, 1, 1.0, None, None),
        (1, 1, 1.0, 1.0, 1.0),
        (2, 1, 0.0, 1.0, None),  # one rank is too few for two labels
    ]


def test_reals_list_follows_the_numbers_of_the_validation_set(tmp_path: Path) -> None:
    labels = written(tmp_path / "real.json", [[4], [], [7]])
    names = [f"ILSVRC2012_val_{number:08d}.JPEG" for number in (3, 1, 2)]
    np.savez(tmp_path / "p.npz", models=np.array(["m"]), images=np.array(names), ranked=np.array([[[7], [4], [0]]]))
    assert as_json(evaluate(labels, [tmp_path / "p.npz"]))["real"] == 1.0


def test_without_given_labels_top1_is_null(tmp_path: Path, labels: Path) -> None:
    found = as_json(evaluate(labels, [saved(tmp_path / "m.npy", [1, 3, 5])]))
    assert found["top1"] is None
    assert found["intervals"]["top1"] is None


NEED_SCORES = ("mean_average_precision", "subset_accuracy")


def without(names: tuple[str, ...], found: Any) -> Any:
    """What was printed, at every depth, without these keys."""
    if isinstance(found, list):
        return [without(names, one) for one in found]
    if isinstance(found, dict):
        return {name: without(names, value) for name, value in found.items() if name not in names}
    return found


def test_scores_and_their_rankings_measure_alike(tmp_path: Path, labels: Path, given: Path) -> None:
    scores = np.random.default_rng(0).integers(0, 4, (3, 6)).astype(np.float32)
    ranked = [sorted(range(6), key=lambda label, row=row: (-row[label], label)) for row in scores.tolist()]  # type: ignore[misc]
    by_scores = as_json(evaluate(labels, [saved(tmp_path / "m.npy", scores)], given=given))
    (tmp_path / "ranked").mkdir()
    by_ranks = as_json(evaluate(labels, [saved(tmp_path / "ranked" / "m.npy", ranked)], given=given))
    assert without(NEED_SCORES, by_scores) == without(NEED_SCORES, by_ranks)
    assert by_scores["mean_average_precision"] is not None
    assert by_ranks["mean_average_precision"] is None


def test_several_models_stand_side_by_side(tmp_path: Path, labels: Path) -> None:
    paths = [saved(tmp_path / "m.npy", [1, 3, 5]), saved(tmp_path / "n.npy", [0, 0, 0])]
    assert [model["model"] for model in as_json(evaluate(labels, paths))["models"]] == ["m", "n"]


def test_predictions_about_other_images_are_counted_and_left_out(tmp_path: Path, labels: Path) -> None:
    table = written(tmp_path / "m.csv", "image,label,rank\nc.jpg,5,1\nb.jpg,3,1\na.jpg,0,1\nx.jpg,0,1\n")
    evaluation = evaluate(labels, [table])
    assert (evaluation.n_unlabelled, as_json(evaluation)["n_images"]) == (1, 3)


@pytest.mark.parametrize(
    ("predictions", "what"),
    [
        ([1, 2], "there are predictions for 2 images, but labels for 3"),
        ([[0.5, 0.5, 0.1, 0.2]] * 2 + [[0.5, float("nan"), 0.1, 0.2]], r"row 2 \(counted from 0\) holds a score that is not a number"),
        ([[0.5, 0.5]] * 3, "there are scores for 2 labels, but the label sets name label 3"),
        ([[1, 1], [2, 3], [4, 5]], "label 1 stands in the ranking twice"),
        ([1, 2, -4], r"m, image 'c\.jpg': there is no label -4"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, labels: Path, predictions: list[Any], what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        evaluate(labels, [saved(tmp_path / "m.npy", predictions)])


def test_images_that_have_no_prediction_are_named(tmp_path: Path, labels: Path) -> None:
    table = written(tmp_path / "m.csv", "image,label,rank\na.jpg,1,1\nz.jpg,1,1\n")
    with pytest.raises(InvalidInput, match=r"the image 'b\.jpg' is not there") as told:
        evaluate(labels, [table])
    assert "2 of 3 images cannot be joined" in str(told.value)


def test_images_that_have_no_given_label_are_named(tmp_path: Path, labels: Path) -> None:
    given = written(tmp_path / "given.json", {"a.jpg": 1, "b.jpg": 2})
    with pytest.raises(InvalidInput, match=r"the image 'c\.jpg' is not there"):
        evaluate(labels, [saved(tmp_path / "m.npy", [1, 2, 3])], given=given)


def test_two_given_labels_of_one_image_are_refused(tmp_path: Path, labels: Path) -> None:
    given = written(tmp_path / "given.csv", "image,label\na.jpg,1\na.jpg,2\nb.jpg,2\nc.jpg,1\n")
    with pytest.raises(InvalidInput, match=r"'a\.jpg' has the given label 1 2: it needs exactly one"):
        evaluate(labels, [saved(tmp_path / "m.npy", [1, 2, 3])], given=given)


def test_an_image_that_stands_twice_in_the_labels_is_refused(tmp_path: Path) -> None:
    labels = written(tmp_path / "labels.json", '{"a.jpg": ["1"], "a.jpg": ["2"]}')
    with pytest.raises(InvalidInput, match=r"the image 'a\.jpg' occurs more than once"):
        evaluate(labels, [saved(tmp_path / "m.npy", [1])])


def test_models_of_one_name_are_refused(tmp_path: Path, labels: Path) -> None:
    path = saved(tmp_path / "m.npy", [1, 2, 3])
    with pytest.raises(InvalidInput, match="several models of the name 'm'"):
        evaluate(labels, [path, path])


def test_an_unknown_label_is_named_where_the_label_space_is_known(tmp_path: Path, labels: Path) -> None:
    space = written(tmp_path / "space.txt", "\n".join(f"label {i}" for i in range(6)))
    with pytest.raises(InvalidInput, match="there is no label 6"):
        evaluate(labels, [saved(tmp_path / "m.npy", [1, 2, 6])], label_space=str(space))


def test_keys_join_the_label_space_that_is_named(tmp_path: Path) -> None:
    space = written(tmp_path / "space.txt", "cat\ndog\nowl\n")
    labels = written(tmp_path / "labels.csv", "image,label\na,owl\nb,dog\n")
    table = written(tmp_path / "m.csv", "image,label,rank\na,owl,1\nb,cat,1\n")
    assert as_json(evaluate(labels, [table], label_space=str(space)))["real"] == 1 / 2


def test_the_command_prints_json_alone(tmp_path: Path, labels: Path, given: Path) -> None:
    arguments = ["evaluate", "--labels", str(labels), "--predictions", str(saved(tmp_path / "m.npy", [1, 3, 5])), "--given", str(given)]
    assert json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)["top1"] == 2 / 3
    assert "66.67%" in CliRunner().invoke(app, arguments).stdout


FINALS = """image,label,source,relation
a.jpg,1,agreed,
b.jpg,2,refined,several-names
b.jpg,3,refined,several-names
c.jpg,,imported,
d.jpg,1,agreed,
d.jpg,4,agreed,several-objects
e.jpg,1,agreed,
e.jpg,4,agreed,
"""


@pytest.fixture
def final_table(tmp_path: Path) -> Path:
    return written(tmp_path / "finals.csv", FINALS)


def grouped(labels: Path, predictions: Path, by: By, given: Path | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_json(evaluate(labels, [predictions], given=given, by=[by]))[f"by_{by}"]
    return found


def test_measures_by_kind_come_from_the_relations_in_the_table(tmp_path: Path, final_table: Path) -> None:
    given = written(tmp_path / "given.json", [1, 2, 5, 4, 4])
    rows = grouped(final_table, saved(tmp_path / "m.npy", [[1, 0], [3, 2], [5, 0], [4, 9], [9, 1]]), By.KIND, given)
    assert [(row["kind"], row["images"], row["top1"], row["real"], row["variable_topk"]) for row in rows] == [
        ("one-label", 1, 1.0, 1.0, 1.0),
        ("several-objects", 1, 1.0, 1.0, 0.5),
        ("several-names", 1, 0.0, 1.0, 1.0),
        ("not-said", 1, 0.0, 0.0, 0.5),
    ]


def test_measures_by_source_come_from_how_images_were_decided(tmp_path: Path, final_table: Path) -> None:
    rows = grouped(final_table, saved(tmp_path / "m.npy", [1, 0, 5, 4, 9]), By.SOURCE)
    assert [(row["source"], row["images"], row["top1"], row["real"]) for row in rows] == [
        ("agreed", 3, None, 2 / 3),
        ("refined", 1, None, 0.0),
        ("imported", 1, None, None),  # its only image has no labels
    ]


def test_measures_by_class_group_by_the_given_label_each_with_its_interval(tmp_path: Path, labels: Path, given: Path) -> None:
    rows = grouped(labels, saved(tmp_path / "m.npy", [1, 9, 5]), By.CLASS, given)
    assert [(row["label"], row["images"], row["top1"], row["real"]) for row in rows] == [
        (1, 1, 1.0, 1.0),
        (2, 1, 0.0, 0.0),
        (5, 1, 1.0, None),
    ]
    assert rows[0]["intervals"]["real"] == pytest.approx([0.2065, 1.0], abs=5e-5)  # Wilson's of 1 of 1: from 1 / (1 + 1.96²)


def test_measures_that_need_scores_stand_in_every_group_with_their_interval(tmp_path: Path, labels: Path, given: Path) -> None:
    scores = np.array([[0, 0.9, 0, 0, 0, 0], [0, 0.6, 0.8, 0.4, 0, 0], [0, 0.1, 0.2, 0.3, 0, 0]])  # a {1}, b {2, 3}, c {}
    found = as_json(evaluate(labels, [saved(tmp_path / "m.npy", scores)], given=given, by=[By.LABELS, By.CLASS]))
    assert found["subset_accuracy"] == 2 / 3  # b names 1 and 2 for 2 and 3
    assert [row["subset_accuracy"] for row in found["by_label_count"]] == [1.0, 1.0, 0.0]
    assert found["mean_average_precision"] == 1.0
    # label 1: only a has it, and scores highest; among the images of two labels 2 and 3 stand highest, too
    assert [(row["labels"], row["mean_average_precision"]) for row in found["by_labels"]] == [(0, None), (1, 1.0), (2, 1.0)]
    assert [(row["label"], row["mean_average_precision"], row["subset_accuracy"]) for row in found["by_class"]] == [
        (1, 1.0, 1.0),
        (2, 1.0, 0.0),
        (5, None, 1.0),  # no image has label 5
    ]
    assert found["intervals"]["subset_accuracy"] == pytest.approx([0.2077, 0.9385], abs=5e-5)  # Wilson's of 2 of 3
    assert found["intervals"]["mean_average_precision"] is not None


def test_groups_that_the_files_do_not_tell_are_refused(tmp_path: Path, labels: Path) -> None:
    predictions = saved(tmp_path / "m.npy", [1, 3, 5])
    with pytest.raises(InvalidInput, match="Name them with --given"):
        grouped(labels, predictions, By.CLASS)
    with pytest.raises(InvalidInput, match="no row has a value in the column 'relation'"):
        grouped(labels, predictions, By.KIND)


def test_a_table_that_contradicts_itself_about_an_image_is_refused_with_its_lines(tmp_path: Path) -> None:
    labels = written(tmp_path / "finals.csv", "image,label,source\na,1,agreed\na,2,refined\nb,1,guessed\n")
    with pytest.raises(InvalidInput) as told:
        grouped(labels, saved(tmp_path / "m.npy", [1, 1]), By.SOURCE)
    assert "finals.csv:3: the source of 'a' is 'refined' here, but different in a row above" in str(told.value)
    assert "finals.csv:4: 'guessed' is not a source" in str(told.value)


def test_the_command_prints_the_groups_of_every_model(tmp_path: Path, final_table: Path) -> None:
    predictions = str(saved(tmp_path / "m.npy", [1, 0, 5, 4, 9]))
    arguments = ["evaluate", "--labels", str(final_table), "--predictions", predictions, "--by", "kind", "--by", "source"]
    printed = CliRunner().invoke(app, arguments, catch_exceptions=False).stdout
    assert re.search(r"m +several-names +1 +– +0\.00%", printed)
    assert re.search(r"m +agreed +3 +– +66\.67%", printed)


@pytest.fixture(scope="module")
def imagenetv2(shared_data: Path) -> Evaluation:
    predictions = shared_data / "predictions" / "imagenetv2.npz"
    return evaluate(shared_data / "imagenetv2" / "refined_labels.json", [predictions], given=predictions)


@pytest.fixture(scope="module")
def imagenet(shared_data: Path) -> Evaluation:
    predictions = shared_data / "predictions" / "imagenet.npz"
    return evaluate(shared_data / "real" / "real.json", [predictions], given=predictions)


def model(evaluation: Evaluation, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in as_json(evaluation)["models"] if one["model"] == name)
    return found


@pytest.mark.real_data
def test_resnet101_scores_as_published_on_imagenetv2(imagenetv2: Evaluation) -> None:
    found = model(imagenetv2, "resnet101")
    assert found["top1"] == pytest.approx(0.6568, abs=5e-5)
    assert found["real"] == pytest.approx(0.777631, abs=5e-7)
    topk = [row["variable_topk"] for row in found["by_label_count"] if 1 <= row["labels"] <= 5]
    assert topk == pytest.approx([0.7936, 0.5769, 0.5105, 0.4733, 0.4633], abs=5e-5)
    assert found["asma"] == pytest.approx(0.5635, abs=5e-5)
    assert all(row["variable_topk"] is None for row in found["by_label_count"] if row["labels"] > 5)


@pytest.mark.real_data
def test_resnet101_scores_as_published_on_imagenet(imagenet: Evaluation) -> None:
    found = model(imagenet, "resnet101")
    assert found["top1"] == pytest.approx(0.77374, abs=5e-6)
    assert found["real"] == pytest.approx(0.838632, abs=5e-7)


@pytest.mark.real_data
def test_49_models_by_number_of_labels_on_imagenetv2(imagenetv2: Evaluation) -> None:
    rows = [{row.labels: row for row in one.by_label_count} for one in imagenetv2.models]
    top1 = [np.mean([row[k].top1 for row in rows]) for k in range(8)]
    real = [np.mean([row[k].real for row in rows]) for k in range(1, 8)]
    assert top1 == pytest.approx([0.2501, 0.7068, 0.5772, 0.4804, 0.4203, 0.4146, 0.4017, 0.4069], abs=5e-5)
    assert real == pytest.approx([0.7342, 0.7063, 0.6992, 0.6986, 0.6975, 0.7030, 0.7483], abs=5e-5)


@pytest.mark.real_data
def test_the_drop_to_imagenetv2_and_what_of_it_goes_away(imagenet: Evaluation, imagenetv2: Evaluation) -> None:
    pairs = list(zip(imagenet.models, imagenetv2.models, strict=True))
    assert all(one.model == other.model for one, other in pairs)
    top1 = np.mean([(one.measures.top1 or 0) - (other.measures.top1 or 0) for one, other in pairs])
    real = np.mean([(one.measures.real or 0) - (other.measures.real or 0) for one, other in pairs])
    assert (top1, real, 1 - real / top1) == pytest.approx((0.1204, 0.0724, 0.398), abs=5e-4)


@pytest.mark.real_data
def test_a_shifted_class_order_is_found_on_real_predictions(tmp_path: Path, shared_data: Path) -> None:
    found = np.load(shared_data / "predictions" / "imagenetv2.npz")
    np.savez(tmp_path / "shifted.npz", models=found["models"][:1], images=found["images"], ranked=found["ranked"][:1].astype(int) + 1)
    with pytest.raises(InvalidInput, match="All indices seem to be 1 too high"):
        evaluate(shared_data / "imagenetv2" / "refined_labels.json", [tmp_path / "shifted.npz"])
