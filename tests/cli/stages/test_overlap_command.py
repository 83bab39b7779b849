"""The command `overlap` decides who is asked again, and says what it decided."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput

ADAPTIVE = replace(PAPER, overlap_floor=2, overlap_cap=4, overlap_bound=0.2)


def run(study: Study, *arguments: str) -> str:
    options = ["overlap", "pilot", "--workspace", str(study.workspace.folder), *arguments]
    return CliRunner().invoke(app, options, catch_exceptions=False).stdout


def test_it_says_of_how_many_images_it_decided_what(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=12, protocol=ADAPTIVE)
    assert run(study) == "No image has its least answers yet: nothing was decided.\n"
    for number in range(12):
        answer(study, "Bob", number, [number])
        answer(study, "Cem", number, [number if number else 1])
    assert run(study).splitlines() == [
        "11 images: had enough",
        "1 image: in doubt, one more annotator is asked",
        "Waiting for one more annotator now: 1 image",
    ]
    found = json.loads(run(study, "--json"))
    assert found["n_asked_again"] == found["decided"]["in-doubt"] == 1
    study.workspace.close()


def test_a_fixed_overlap_is_refused_with_the_way_out(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    with pytest.raises(InvalidInput, match="Set an overlap that adapts on the settings page"):
        run(study)
    study.workspace.close()
