"""`gold`, as a person types it and as a script reads it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import CLASS_FOLDER, FILE_STEM, Study, ready_study
from typer.testing import CliRunner, Result

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_exemplars=0)
    yield ready
    ready.workspace.close()


def run(study: Study, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["gold", "pilot", *arguments, "--workspace", str(study.workspace.folder)], catch_exceptions=False)


def test_alone_it_says_how_much_there_is_and_what_to_do_where_there_is_nothing(study: Study) -> None:
    said = run(study).stdout
    assert said.startswith("pilot: 0 practice, 0 calibration, 0 test.\n")
    assert "gold pilot --from FILE" in said


def test_a_file_makes_gold_of_a_kind_and_takes_its_images_from_the_queue(study: Study, tmp_path: Path) -> None:
    path = f"{CLASS_FOLDER}_2/{FILE_STEM}_2.png"
    (tmp_path / "known.csv").write_text(f"image,label\n{path},k00002\n", encoding="utf-8")
    said = run(study, "--from", str(tmp_path / "known.csv"), "--kind", "practice").stdout
    assert said == (
        "pilot: 1 practice, 0 calibration, 0 test.\n1 of them left the queue: their labels are final now, like imported ones.\n"
    )
    found = json.loads(run(study, "--retire", path, "--json").stdout)
    assert found == {
        "practice": 0,
        "calibration": 0,
        "test": 0,
        "without_proposals": 0,
        "marked": 0,
        "retired": 1,
        "taken_from_queue": 0,
    }


def test_decided_images_are_drawn(study: Study) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
    assert json.loads(run(study, "--draw", "1", "--kind", "calibration", "--json").stdout)["calibration"] == 1
    with pytest.raises(InvalidInput, match="0 decided images can become gold"):
        run(study, "--draw", "1")


def test_one_thing_at_a_time(study: Study) -> None:
    done = CliRunner().invoke(app, ["gold", "pilot", "--draw", "1", "--retire", "x", "--workspace", str(study.workspace.folder)])
    assert done.exit_code == 2
    assert "one of --from, --draw and --retire at a time" in " ".join(done.output.replace("│", " ").split())
