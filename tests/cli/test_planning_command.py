"""`analysis-plan`, as a person types it and as a script reads it."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.studies import Study, ready_study
from typer.testing import CliRunner, Result

from multilabelfy.cli.main import app


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def run(study: Study, *arguments: str) -> Result:
    """The command on the study's workspace."""
    done = CliRunner().invoke(
        app, ["analysis-plan", "pilot", *arguments, "--workspace", str(study.workspace.folder)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done


def test_it_prints_the_plan_whose_hash_is_that_of_the_output(study: Study) -> None:
    assert run(study).stdout.startswith("# Analysis plan: pilot\n")
    frozen = run(study, "--freeze")
    assert "The analysis plan is frozen, before the first answer." in frozen.stderr
    assert sha256(frozen.stdout.encode()).hexdigest() in frozen.stderr


def test_a_plan_is_printed_edited_written_and_frozen_as_an_amendment(study: Study, tmp_path: Path) -> None:
    first = run(study, "--freeze").stdout
    edited = tmp_path / "plan.md"
    edited.write_text(first.replace("## Measures\n\n", "## Measures\n\nAlso kappa.\n\n"), encoding="utf-8")
    assert "Amendment 1 of the analysis plan is frozen" in run(study, "--write", str(edited), "--freeze").stderr
    assert run(study, "--version", "1").stdout == first
    assert "Also kappa." in run(study, "--version", "2").stdout


def test_scripts_read_the_frozen_versions(study: Study) -> None:
    assert json.loads(run(study, "--json").stdout)["frozen"] == []
    run(study, "--freeze")
    found = json.loads(run(study, "--json").stdout)
    assert [(one["version"], one["n_answers"], len(one["sha256"])) for one in found["frozen"]] == [(1, 0, 64)]
    assert (found["has_draft"], found["n_answers"]) == (False, 0)
