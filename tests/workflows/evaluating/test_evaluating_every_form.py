"""`evaluate` agrees with a straight loop to the last digit, for every form of predictions, with ties and shuffled rows.

The loop knows nothing of the product: names, dictionaries and fractions. The labels are the published ones of ImageNetV2 and ImageNet.
"""

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.evaluating.evaluation import as_json, evaluate

SCORES_SEED, ORDER_SEED = 11, 12
N_LABELS, N_RANKS, MANY = 1000, 12, 8
Ranking = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Published:
    """A published label file, what it says as the loop reads it, and the given labels by image."""

    file: Path
    valid: Mapping[str, list[int]]
    given: Mapping[str, int]


@pytest.fixture(scope="module")
def imagenetv2(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A fifth of its images, with all of those that have the most labels."""
    every: dict[str, list[str]] = json.loads((shared_data / "imagenetv2" / "refined_labels.json").read_text())
    written = {image: labels for place, (image, labels) in enumerate(every.items()) if place % 5 == 0 or len(labels) > MANY}
    file = tmp_path_factory.mktemp("imagenetv2") / "refined_labels.json"
    file.write_text(json.dumps(written))
    predictions = np.load(shared_data / "predictions" / "imagenetv2.npz")
    by_name = dict(zip((str(name) for name in predictions["images"]), predictions["given"].tolist(), strict=True))
    given = {path: by_name[path.split("/")[-1]] for path in written}
    return Published(file, {path: [int(label) for label in labels] for path, labels in written.items()}, given)


@pytest.fixture(scope="module")
def imagenet(shared_data: Path) -> Published:
    file = shared_data / "real" / "real.json"
    names = [f"ILSVRC2012_val_{number:08d}.JPEG" for number in range(1, 50_001)]
    predictions = np.load(shared_data / "predictions" / "imagenet.npz")
    by_name = dict(zip((str(name) for name in predictions["images"]), predictions["given"].tolist(), strict=True))
    return Published(file, dict(zip(names, json.loads(file.read_text()), strict=True)), {name: by_name[name] for name in names})


@pytest.fixture(scope="module")
def some_of_imagenet(imagenet: Published, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A twentieth of its images, by name."""
    names = list(imagenet.valid)[::20]
    file = tmp_path_factory.mktemp("imagenet") / "real.json"
    file.write_text(json.dumps({name: [str(label) for label in imagenet.valid[name]] for name in names}))
    return Published(file, {name: imagenet.valid[name] for name in names}, {name: imagenet.given[name] for name in names})


def made_up_scores(of: Published) -> npt.NDArray[np.float16]:
    """Scores of nine different values, so that every image has ties at every rank; the valid and the given labels are favoured."""
    generator = np.random.default_rng(SCORES_SEED)
    scores = generator.integers(0, 5, size=(len(of.valid), N_LABELS)).astype(np.float16)
    for row, (image, valid) in enumerate(of.valid.items()):
        for label in {*valid, of.given[image]}:
            scores[row, label] += generator.integers(0, 5)
    return (scores / 8).astype(np.float16)


def ranking_of(of: Published, scores: npt.NDArray[np.float16]) -> Ranking:
    rows = (enumerate((-row).tolist()) for row in scores.astype(np.float32))
    best = (heapq.nsmallest(N_RANKS, ((score, label) for label, score in row)) for row in rows)
    return {image: [label for _, label in ranked] for image, ranked in zip(of.valid, best, strict=True)}


def by_loop(of: Published, ranking: Ranking, n_ranks: int, images: Sequence[str]) -> dict[str, Any]:
    """The contract's measures over some of the images, one after the other."""
    top1, real, empty_right, topk = [], [], [], []
    for image in images:
        ranked, valid = list(ranking[image])[:n_ranks], set(of.valid[image])
        top1.append(int(ranked[0] == of.given[image]))
        empty_right.append(int(not valid or ranked[0] in valid))
        if valid:
            real.append(int(ranked[0] in valid))
        if valid and len(valid) <= len(ranked):
            topk.append(Fraction(len(set(ranked[: len(valid)]) & valid), len(valid)))
    return {
        "top1": mean(top1),
        "real": mean(real),
        "real_empty_counts_as_right": mean(empty_right),
        "variable_topk": mean(topk),
    }


def mean(values: Sequence[int | Fraction]) -> float | None:
    return float(Fraction(sum(values)) / len(values)) if values else None


def expected(of: Published, ranking: Ranking, n_ranks: int = N_RANKS) -> dict[str, Any]:
    """What `evaluate` must print: the measures over all images, by each number of labels, and ASMA from its exact parts."""
    groups: dict[int, list[str]] = {}
    for image, valid in of.valid.items():
        groups.setdefault(len(set(valid)), []).append(image)
    rows = {k: by_loop(of, ranking, n_ranks, images) for k, images in sorted(groups.items())}
    kept = ("top1", "real", "variable_topk")
    return {
        "n_images": len(of.valid),
        "n_without_labels": len(groups.get(0, ())),
        **by_loop(of, ranking, n_ranks, list(of.valid)),
        "asma": asma_by_loop(of, ranking, n_ranks, groups),
        "by_label_count": [{"labels": k, "images": len(groups[k]), **{name: row[name] for name in kept}} for k, row in rows.items()],
    }


def asma_by_loop(of: Published, ranking: Ranking, n_ranks: int, groups: Mapping[int, list[str]]) -> float:
    means = []
    for k, images in groups.items():
        if 0 < k <= n_ranks:
            found = sum(len(set(ranking[image][:k]) & set(of.valid[image])) for image in images)
            means.append(Fraction(found, k * len(images)))
    return float(sum(means, Fraction(0)) / len(means))


def assert_agrees(of: Published, predictions: Path, given: Path, wanted: dict[str, Any]) -> None:
    found = as_json(evaluate(of.file, [predictions], given=given))
    rows = [{name: row[name] for name in wanted["by_label_count"][0]} for row in found["by_label_count"]]
    assert {**{name: found[name] for name in wanted}, "by_label_count": rows} == wanted


def shuffled(images: Sequence[str]) -> list[str]:
    return [images[place] for place in np.random.default_rng(ORDER_SEED).permutation(len(images)).tolist()]


def long_table(ranking: Ranking) -> pl.DataFrame:
    """Rows image, label, rank in no order at all, ranks of one image far from each other."""
    rows = [(image, label, rank) for image, ranked in ranking.items() for rank, label in enumerate(ranked, start=1)]
    return pl.DataFrame(rows, schema=["image", "label", "rank"], orient="row").sample(fraction=1, shuffle=True, seed=ORDER_SEED)


def array(ranking: Ranking) -> npt.NDArray[np.int64]:
    return np.array([list(ranked) for ranked in ranking.values()])


def as_npz(path: Path, ranking: Ranking) -> None:
    images = shuffled(list(ranking))
    np.savez(path, models=np.array(["m"]), images=np.array(images), ranked=array({image: ranking[image] for image in images})[np.newaxis])


FORMS: dict[str, Callable[[Path, Ranking, npt.NDArray[np.float16]], None]] = {
    "half.npy": lambda path, _, scores: np.save(path, scores),
    "single.npy": lambda path, _, scores: np.save(path, scores.astype(np.float32)),
    "double.npy": lambda path, _, scores: np.save(path, scores.astype(np.float64)),
    "columns.npy": lambda path, _, scores: np.save(path, np.asfortranarray(scores.astype(np.float32))),
    "ranked.npy": lambda path, ranking, _: np.save(path, array(ranking)),
    "small.npy": lambda path, ranking, _: np.save(path, array(ranking).astype(np.uint16)),
    "shuffled.npz": lambda path, ranking, _: as_npz(path, ranking),
    "shuffled.csv": lambda path, ranking, _: long_table(ranking).write_csv(path),
    "shuffled.tsv": lambda path, ranking, _: long_table(ranking).write_csv(path, separator="\t"),
    "shuffled.parquet": lambda path, ranking, _: long_table(ranking).write_parquet(path),
}


@pytest.fixture(scope="module")
def of_imagenetv2(imagenetv2: Published) -> tuple[npt.NDArray[np.float16], Ranking, dict[str, Any]]:
    scores = made_up_scores(imagenetv2)
    ranking = ranking_of(imagenetv2, scores)
    return scores, ranking, expected(imagenetv2, ranking)


@pytest.mark.real_data
@pytest.mark.parametrize("form", FORMS)
def test_every_form_on_imagenetv2_gives_what_the_loop_gives(
    tmp_path: Path, imagenetv2: Published, of_imagenetv2: tuple[npt.NDArray[np.float16], Ranking, dict[str, Any]], form: str
) -> None:
    scores, ranking, wanted = of_imagenetv2
    FORMS[form](tmp_path / form, ranking, scores)
    given = tmp_path / "given.json"
    given.write_text(json.dumps({image: imagenetv2.given[image] for image in shuffled(list(imagenetv2.given))}))
    assert [row["labels"] for row in wanted["by_label_count"]] == list(range(13))
    assert_agrees(imagenetv2, tmp_path / form, given, wanted)


@pytest.mark.real_data
@pytest.mark.parametrize("n_ranks", [1, 5])
def test_few_ranks_on_imagenetv2_leave_out_what_the_loop_leaves_out(
    tmp_path: Path, imagenetv2: Published, of_imagenetv2: tuple[npt.NDArray[np.float16], Ranking, dict[str, Any]], n_ranks: int
) -> None:
    ranking = of_imagenetv2[1]
    ranked = array(ranking)[:, :n_ranks]
    np.save(tmp_path / "m.npy", ranked[:, 0] if n_ranks == 1 else ranked)
    given = tmp_path / "given.json"
    given.write_text(json.dumps([imagenetv2.given[image] for image in imagenetv2.valid]))  # a plain list, in the label file's order
    assert_agrees(imagenetv2, tmp_path / "m.npy", given, expected(imagenetv2, ranking, n_ranks))


@pytest.mark.real_data
def test_49_models_on_imagenet_give_what_the_loop_gives(shared_data: Path, some_of_imagenet: Published, tmp_path: Path) -> None:
    found = np.load(shared_data / "predictions" / "imagenet.npz")
    wanted_rows = np.flatnonzero(np.isin(found["images"], list(some_of_imagenet.valid)))
    order = np.random.default_rng(ORDER_SEED).permutation(wanted_rows)
    images, ranked, shuffled_file = found["images"][order], found["ranked"][:, order], tmp_path / "shuffled.npz"
    np.savez(shuffled_file, models=found["models"], images=images, ranked=ranked)
    given = tmp_path / "given.json"
    given.write_text(json.dumps(some_of_imagenet.given))
    models = as_json(evaluate(some_of_imagenet.file, [shuffled_file], given=given))["models"]
    assert [model["model"] for model in models] == found["models"].tolist()
    for model, of_model in zip(models, ranked, strict=True):
        wanted = expected(some_of_imagenet, dict(zip(map(str, images), of_model.tolist(), strict=True)), n_ranks=5)
        assert {name: model[name] for name in wanted if name != "by_label_count"} == {
            name: value for name, value in wanted.items() if name != "by_label_count"
        }
        rows = [{name: row[name] for name in wanted["by_label_count"][0]} for row in model["by_label_count"]]
        assert rows == wanted["by_label_count"]


@pytest.mark.real_data
def test_rows_without_names_on_imagenet_follow_the_numbers_of_its_files(shared_data: Path, tmp_path: Path, imagenet: Published) -> None:
    found = np.load(shared_data / "predictions" / "imagenet.npz")
    by_name = dict(zip((str(name) for name in found["images"]), found["ranked"][0].tolist(), strict=True))
    ranking = {image: by_name[image] for image in imagenet.valid}
    np.save(tmp_path / "m.npy", array(ranking))
    np.save(tmp_path / "given.npy", np.array(list(imagenet.given.values())))
    assert_agrees(imagenet, tmp_path / "m.npy", tmp_path / "given.npy", expected(imagenet, ranking, n_ranks=5))


def labels_of(tmp_path: Path) -> Path:
    file = tmp_path / "labels.json"
    file.write_text(json.dumps({"a.jpg": ["0"], "b.jpg": ["1", "2"]}))
    return file


@pytest.mark.parametrize("wrong", [np.nan, -np.nan])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_a_score_that_is_no_number_is_named_with_its_row(tmp_path: Path, kind: type[np.floating[Any]], wrong: float) -> None:
    np.save(tmp_path / "m.npy", np.array([[0.1, 0.2, 0.7], [0.1, wrong, 0.2]], dtype=kind))
    with pytest.raises(InvalidInput, match=r"m\.npy: row 1 \(counted from 0\) holds a score that is not a number \(NaN\)"):
        evaluate(labels_of(tmp_path), [tmp_path / "m.npy"])


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("a.jpg,0,1\nb.jpg,1,1\nb.jpg,1,1\n", r"the ranks of the image 'b\.jpg' are not 1, 2, …: it has 1 instead of 2"),
        ("a.jpg,0,1\nb.jpg,1,1\nb.jpg,1,2\n", r"m, image 'b\.jpg': label 1 stands in the ranking twice"),
        ("a.jpg,0,1\nb.jpg,1,2\n", r"the ranks of the image 'b\.jpg' are not 1, 2, …: it has 2 instead of 1"),
    ],
)
def test_a_table_with_duplicates_is_refused_with_the_image(tmp_path: Path, rows: str, what: str) -> None:
    (tmp_path / "m.csv").write_text("image,label,rank\n" + rows)
    with pytest.raises(InvalidInput, match=what):
        evaluate(labels_of(tmp_path), [tmp_path / "m.csv"])


def test_an_archive_that_names_an_image_twice_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", models=np.array(["m"]), images=np.array(["a.jpg", "a.jpg"]), ranked=np.array([[[0], [1]]]))
    with pytest.raises(InvalidInput, match=r"the image 'a\.jpg' stands there more than once"):
        evaluate(labels_of(tmp_path), [tmp_path / "m.npz"])
