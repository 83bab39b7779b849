"""`plan`, as a person types it and as a script reads it."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.answering import answer
from tests.studies import ready_study
from typer.testing import CliRunner, Result

from multilabelfy.cli.main import app
from multilabelfy.disagreement.consensus.posterior import TYPICAL
from multilabelfy.errors import InvalidInput
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.population import drawn, like_imagenetv2


def run(*arguments: str | float | Path) -> Result:
    return CliRunner().invoke(app, ["plan", *map(str, arguments), "--studies", "2"], catch_exceptions=False)


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four people on 60 images, three votes a label."""
    rng = np.random.default_rng(1)
    images = drawn(like_imagenetv2(5), 60, rng)
    questions, _ = voted(images.image, images.label, images.valid, Crowd(np.stack([TYPICAL] * 4), 0.1), 3, rng)
    image, label = questions.image[questions.question], questions.label[questions.question]
    file = tmp_path_factory.mktemp("votes") / "votes.csv"
    columns = {"image": [f"{of}.jpg" for of in image], "label": label, "annotator": [f"p{of}" for of in questions.rater]}
    pl.DataFrame({**columns, "vote": questions.vote}).write_csv(file)
    return file


def test_a_stated_error_level_needs_no_answer() -> None:
    found = run("--sensitivity", 0.8, "--false-yes", 0.05, "--labels", 5, "--images", 3600, "--seconds", 10)
    assert "A plan for 3600 images and 20 annotators, from the stated error level; errors correlated by 0.15 (assumed)." in found.stdout
    [three] = [line for line in found.stdout.splitlines() if line.startswith("3 ")]
    assert three.split()[1:5] == ["3.0", "30.0", "h", "–"]  # 3,600 images, 3 answers of 10 seconds each
    assert "Hours assume 10 s for an answer and 40 s for an expert's decision" in found.stderr


def test_scripts_read_every_figure_with_its_interval(votes: Path) -> None:
    found = json.loads(run("--votes", votes, "--images", 100, "--annotators", 6, "--json").stdout)
    assert (found["images"], found["annotators"], found["pilot_images"], found["studies"]) == (100, 6, 60, 2)
    assert found["correlation_measured"]
    two = found["ways"][0]
    assert (two["least_visits"], two["most_visits"], two["bound"], two["experts_decide"]) == (2, 2, None, False)
    assert two["annotator_hours"]["value"] == pytest.approx(2 * 100 * 20 / 3600)
    for way in found["ways"]:
        ends = way["f1"]["interval"]
        assert 0 < ends["low"] <= way["f1"]["value"] <= ends["high"] <= 1
        assert way["headline_interval"]["low"] < way["headline_interval"]["high"]
        assert (way["expert_hours"]["value"] > 0) <= way["experts_decide"]
    assert {way["bound"] for way in found["ways"]} == {None, 0.8, 0.4, 0.2}


def test_a_studys_own_answers_are_a_pilot_and_its_place_is_told(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=4)
    for image in range(3):
        answer(study, "Ada", image, [image])
    answer(study, "Bob", 0, [0])
    study.workspace.close()
    found = run("pilot", "--workspace", study.workspace.folder)
    assert "A plan for 4 images and 2 annotators, from a pilot of 3 images" in found.stdout
    assert "Today: 3 images with 1.3 answers each; by their own posterior" in found.stdout
    assert "The pilot has answers on 3 images only" in found.stderr
    assert "Hardly any label has three votes" in found.stderr
    assert "Some ways need more people than 2 annotators: nobody answers an image twice." in found.stderr


def test_without_answers_the_way_out_is_told(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2)
    study.workspace.close()
    with pytest.raises(
        InvalidInput, match=r"(?s)there are no answers yet.*State an error level instead: --sensitivity 0.8 --false-yes 0.05"
    ):
        run("pilot", "--workspace", study.workspace.folder)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give a dataset's name, --votes, or an error level"),
        (("pilot", "--sensitivity", 0.8, "--false-yes", 0.1), "give a dataset's name, --votes, or an error level"),
        (("--sensitivity", 0.8), "--sensitivity and --false-yes go together"),
        (("pilot", "--gold", "gold.json"), "go with --votes"),
        (("pilot", "--correlation", 0.1), "with a pilot it is measured"),
        (("--sensitivity", 0.2, "--false-yes", 0.2), "--sensitivity must be greater than --false-yes"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str | float, ...], told: str) -> None:
    found = run(*map(str, arguments))
    assert found.exit_code == 2
    assert told in " ".join(found.stderr.replace("│", " ").split())
