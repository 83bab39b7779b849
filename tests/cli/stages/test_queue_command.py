"""The command `queue` orders the experts' queue, and says how many cases wait."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.deciding import dispute
from tests.studies import Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.study.protocol import PAPER, ExpertOrder
from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput


def run(study: Study, *arguments: str) -> str:
    options = ["queue", "pilot", "--workspace", str(study.workspace.folder), *arguments]
    return CliRunner().invoke(app, options, catch_exceptions=False).stdout


def test_it_says_how_many_cases_it_ordered(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=3, protocol=replace(PAPER, expert_order=ExpertOrder.GAIN))
    assert run(study) == "No case waits for an expert: there is nothing to order.\n"
    dispute(study, 0)
    assert run(study) == "1 case waits for experts, ordered by what a second of their time is expected to gain.\n"
    dispute(study, 1)
    assert json.loads(run(study, "--json")) == {"n_waiting": 2}
    study.workspace.close()


def test_an_order_by_votes_is_refused_with_the_way_out(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    with pytest.raises(InvalidInput, match="Choose the other order on the settings page"):
        run(study)
    study.workspace.close()
