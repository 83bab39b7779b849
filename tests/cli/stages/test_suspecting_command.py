"""`suspects`, as a person types it and as a script reads it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.studies import Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.store.dataset import images


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Six images, each given as what the model ranks first."""
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def said(study: Study, *arguments: str) -> str:
    """What the command prints on standard output."""
    done = CliRunner().invoke(app, ["suspects", "pilot", *arguments, "--workspace", str(study.workspace.folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_people_read_what_the_model_would_rather_say(study: Study) -> None:
    text = said(study, "--top", "2")
    assert "pilot: 6 given labels, the most suspicious first by loss (a-secret-model)." in text
    assert text.count("rather") == 2
    assert "tabby – rather tiger cat? (50.0% against 25.0%)" in text


def test_scripts_read_json_with_the_table_and_the_queue(study: Study, tmp_path: Path) -> None:
    out = tmp_path / "suspects.csv"
    found: dict[str, Any] = json.loads(said(study, "--top", "1", "--out", str(out), "--queue", "2", "--json"))
    assert {key: found[key] for key in ("dataset", "by", "models", "n_images", "n_left_out", "n_flagged", "n_queued", "out")} == {
        "dataset": "pilot",
        "by": "loss",
        "models": ["a-secret-model"],
        "n_images": 6,
        "n_left_out": 0,
        "n_flagged": None,
        "n_queued": 2,
        "out": str(out),
    }
    assert found["suspects"][0]["given_label"] == "k00000"
    assert len(out.read_text().splitlines()) == 7
    with study.workspace.store.reading() as c:
        assert len(images.moved_in_queue(c, study.dataset.id, "suspects:loss")) == 2


def test_queueing_none_says_that_the_order_is_the_imports_again(study: Study) -> None:
    assert "The queue is back in the order of the import." in said(study, "--queue", "0")


def test_cleanlabs_count_is_told(study: Study) -> None:
    assert "cleanlab considers 0 of them wrong." in said(study, "--by", "normalized-margin")
