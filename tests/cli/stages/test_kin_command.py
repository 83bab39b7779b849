"""`copies --alike`, as a person types it and as a script reads it."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.looks import embeddings, kin

ANGLES = np.array([0, 30, 10, 60, 90, 85]) * np.pi / 180


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Six images, all but the last embedded."""
    ready = ready_study(tmp_path)
    with ready.workspace.store.writing() as c:
        run = proposals.start_run(c, ready.dataset.id, "a-model", 5, NOW)
        vectors = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)[:5]
        embeddings.add_chunk(c, run, [image.id for image in ready.images[:5]], vectors)
    yield ready
    ready.workspace.close()


def output(study: Study, *arguments: str) -> str:
    """What the command prints on standard output."""
    done = CliRunner().invoke(
        app, ["copies", "pilot", "--alike", *arguments, "--workspace", str(study.workspace.folder)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def test_people_read_by_which_model_and_of_how_many_images(study: Study) -> None:
    text = output(study)
    assert "The 4 images most like each of 5 images, by a-model: " in text
    assert "every pair was compared" in text
    assert "so without kin: 1 image." in text
    with study.workspace.store.reading() as c:
        nearest = [each.image for each in kin.of_image(c, study.images[0].id)]
    assert nearest == [study.images[place].id for place in (2, 1, 3, 4)]


def test_scripts_read_json(study: Study) -> None:
    told = json.loads(output(study, "--json"))
    assert told.pop("seconds") >= 0
    assert told == {"model": "a-model", "n_images": 5, "n_kin": 4, "n_without": 1, "is_exact": True}


def test_the_queue_is_put_in_order_and_back(study: Study) -> None:
    assert json.loads(output(study, "--queue", "alike", "--share", "1", "--json")) == {
        "model": "a-model",
        "n_groups": 1,
        "n_together": 5,
        "n_waiting": 6,
    }
    text = output(study, "--queue", "alike", "--share", "1")
    assert "By a-model, 5 images in 1 group come among their kin, and 1 image singly" in text
    assert "multilabelfy copies pilot --alike --queue drawn" in text
    assert output(study, "--queue", "drawn").startswith("5 images went back")
    assert output(study, "--queue", "drawn") == "No image stood among its kin.\n"
    assert "no group of kin was put together" in output(study, "--queue", "alike", "--share", "0")


def test_a_share_goes_with_the_queue_alone(study: Study) -> None:
    done = CliRunner().invoke(app, ["copies", "pilot", "--alike", "--share", "1", "--workspace", str(study.workspace.folder)])
    assert done.exit_code == 2
    assert "--share goes with --queue alike" in done.output


def test_without_embeddings_the_way_to_them_is_told(tmp_path: Path) -> None:
    bare = ready_study(tmp_path)
    bare.workspace.close()
    asked = ["copies", "pilot", "--alike", "--workspace", str(bare.workspace.folder)]
    with pytest.raises(InvalidInput, match="multilabelfy propose pilot --model SPEC --embeddings"):
        CliRunner().invoke(app, asked, catch_exceptions=False)
