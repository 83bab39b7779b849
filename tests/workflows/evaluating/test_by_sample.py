"""`evaluate --sample` measures all images from labels of some: out of files, and out of a study by its draw."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import InvalidInput
from multilabelfy.store.dataset import images
from multilabelfy.workflows.evaluating.by_sample import as_json, evaluate_by_sample
from multilabelfy.workflows.evaluating.drawn import evaluate_drawn
from multilabelfy.workflows.releasing.resolve import resolve

NAMES = [f"{n}.jpg" for n in range(100)]


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    """Two models, of which the second names label 9 for every fourth image."""
    first = np.array([[n % 5 for n in range(100)], [9 if n % 4 == 0 else n % 5 for n in range(100)]])
    np.savez(tmp_path / "p.npz", models=np.array(["m", "n"]), images=np.array(NAMES), ranked=first)
    return tmp_path / "p.npz"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return written(tmp_path / "given.json", {name: n % 5 for n, name in enumerate(NAMES)})


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The labels of every second image but every fourth one, and of some others; every tenth image has another label than the given one."""
    return written(tmp_path / "sample.json", {name: [6 if n % 10 == 0 else n % 5] for n, name in enumerate(NAMES) if n % 3 == 0})


def test_files_of_a_sample_tell_of_all_images(sample: Path, predictions: Path, given: Path) -> None:
    told = as_json(evaluate_by_sample(sample, [predictions], given=given))
    assert (told["n_sampled"], told["n_images"]) == (34, 100)
    assert [(model["model"], model["top1"]) for model in told["models"]] == [("m", 1.0), ("n", 0.75)]  # of all 100, as is known
    right, other = told["models"]
    assert right["valid"]["value"] == pytest.approx(30 / 34, abs=0.02)  # its first label is the given one: nothing tells which is wrong
    assert other["valid"]["value"] < right["valid"]["value"]
    low, high = told["given_wrong"]["interval"]
    assert low < 0.1 < high


def test_rows_without_names_follow_the_given_labels(sample: Path, predictions: Path, given: Path, tmp_path: Path) -> None:
    first = np.load(predictions)["ranked"][0]
    np.save(tmp_path / "m.npy", first)
    alone = as_json(evaluate_by_sample(sample, [tmp_path / "m.npy"], given=given))
    np.savez(tmp_path / "named.npz", models=np.array(["m"]), images=np.array(NAMES), ranked=first[None])
    assert alone == as_json(evaluate_by_sample(sample, [tmp_path / "named.npz"], given=given))


def test_what_does_not_fit_is_said(sample: Path, predictions: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", np.load(predictions)["ranked"][0])
    with pytest.raises(InvalidInput, match="neither it nor another file names the images that were not drawn"):
        evaluate_by_sample(sample, [tmp_path / "m.npy"])
    with pytest.raises(InvalidInput, match="it has 2 images with labels, and fewer than 20 say nothing"):
        evaluate_by_sample(written(tmp_path / "few.json", {"0.jpg": [1], "1.jpg": [1]}), [predictions])
    stranger = {f"{name}": [1] for name in [*NAMES[:30], "stranger.jpg"]}
    with pytest.raises(InvalidInput, match=r"the image 'stranger\.jpg' is not there"):
        evaluate_by_sample(written(tmp_path / "other.json", stranger), [predictions])
    with pytest.raises(InvalidInput, match="several models of the name 'm'"):
        evaluate_by_sample(sample, [predictions, predictions])
    with pytest.raises(InvalidInput, match="there are no images in it"):
        evaluate_by_sample(written(tmp_path / "none.json", {}), [predictions])


def test_the_command_prints_a_row_a_model_and_warns_of_a_sample_that_was_chosen(
    sample: Path, predictions: Path, given: Path, tmp_path: Path
) -> None:
    options = ["--predictions", str(predictions), "--given", str(given)]
    told = CliRunner().invoke(app, ["evaluate", "--sample", str(sample), *options])
    assert told.exit_code == 0
    assert "Figures of all 100 images, from final labels of 34" in told.stdout
    assert [line.split()[0] for line in told.stdout.splitlines() if line.startswith(("m ", "n "))] == ["m", "n"]
    assert "hardly came by chance" not in told.output
    chosen = written(tmp_path / "chosen.json", {name: [n % 5] for n, name in enumerate(NAMES) if n % 4 == 0})
    told = CliRunner().invoke(app, ["evaluate", "--sample", str(chosen), *options, "--json"])
    assert "Warning: these images hardly came by chance" in told.stderr
    assert json.loads(told.stdout)["looks_chosen"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "name the label sets with --labels, or those of a sample with --sample"),
        (["--labels", "a.json"], "name at least one file with --predictions"),
        (["--sample", "a.json"], "name at least one file with --predictions"),
        (["--sample", "a.json", "--labels", "a.json"], "--sample goes without --labels and --by"),
        (["pilot"], "a dataset is measured by --sample"),
        (["pilot", "--sample", "a.json"], "with a dataset, --sample is a number of images, or all"),
        (["pilot", "--sample", "20", "--given", "a.json"], "a dataset knows its given labels"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], problem: str) -> None:
    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["evaluate", *arguments])
    assert told.exit_code == 2
    assert problem in told.output


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_images=30)
    yield ready
    ready.workspace.close()


def settled(study: Study, place: int) -> None:
    """Two people agree on an image: every third has the next label instead of the given one."""
    for who in ("Ada", "Bob"):
        answer(study, who, place, [place + 1 if place % 3 == 0 else place])


@pytest.fixture
def by_draw(study: Study) -> list[int]:
    """The images' numbers in the order of the draw."""
    return sorted(range(len(study.images)), key=lambda number: queue_place(study.images[number].path, study.dataset.seed))


def test_the_first_images_of_the_draw_are_the_sample(study: Study, by_draw: list[int]) -> None:
    for place in by_draw[:22]:
        settled(study, place)
    settled(study, by_draw[25])  # beyond a gap: it was answered early for a reason
    resolve(study.workspace, "pilot", NOW)
    told = evaluate_drawn(study.workspace, "pilot", None)
    assert (told.n_sampled, told.n_images) == (22, 30)
    assert [(model.model, model.top1) for model in told.models] == [("a-secret-model", 1.0)]
    assert told.given_wrong is not None
    assert told.given_wrong.value == pytest.approx(sum(place % 3 == 0 for place in by_draw[:22]) / 22)
    assert evaluate_drawn(study.workspace, "pilot", 21).n_sampled == 21


def test_a_sample_with_a_gap_is_refused_with_the_way_out(study: Study, by_draw: list[int]) -> None:
    for place in by_draw[:22]:
        settled(study, place)
    resolve(study.workspace, "pilot", NOW)
    missing = study.images[by_draw[22]].path
    with pytest.raises(InvalidInput, match="of the first 24 images of the draw, 2 have no final labels") as told:
        evaluate_drawn(study.workspace, "pilot", 24)
    assert missing in str(told.value)
    assert "take the first 22" in str(told.value)
    with pytest.raises(InvalidInput, match="'pilot' has 30 readable images"):
        evaluate_drawn(study.workspace, "pilot", 31)


def test_images_that_their_owner_put_first_do_not_change_the_draw(study: Study, by_draw: list[int]) -> None:
    late: StoredImage = study.images[by_draw[-1]]
    with study.workspace.store.writing() as c:
        images.set_queue_places(c, study.dataset.id, [(late.id, -1.0)], policy="suspects")
    for place in [by_draw[-1], *by_draw[:20]]:
        settled(study, place)
    resolve(study.workspace, "pilot", NOW)
    assert evaluate_drawn(study.workspace, "pilot", None).n_sampled == 20


def test_the_paper_s_labels_give_back_what_all_of_them_give(shared_data: Path, tmp_path: Path) -> None:
    """1,000 of ImageNetV2's 10,000: the intervals hold resnet101's figures and the share of wrong given labels (PROTOCOL's 12.03%)."""
    labels = json.loads((shared_data / "imagenetv2" / "refined_labels.json").read_text())
    drawn = np.random.default_rng(1).permutation(sorted(labels))[:1_000]
    file = shared_data / "predictions" / "imagenetv2.npz"
    told = as_json(evaluate_by_sample(written(tmp_path / "s.json", {name: labels[name] for name in drawn}), [file], given=file))
    [model] = [model for model in told["models"] if model["model"] == "resnet101"]
    assert model["top1"] == 0.6568
    for found, all_labels in ((model["real"], 0.777631), (told["given_wrong"], 1 - 0.8797)):
        assert found["interval"][0] < all_labels < found["interval"][1]
        assert found["value"] == pytest.approx(all_labels, abs=0.02)
    assert np.mean([model["valid"]["worth"] for model in told["models"]]) > 2
