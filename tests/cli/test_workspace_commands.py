"""The commands about the workspace, as a person types them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import processes
from tests.studies import ready_study

from multilabelfy import __version__


def run(*arguments: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    return processes.run(*arguments, "--workspace", str(workspace))


def test_help_and_version_load_nothing_heavy() -> None:
    check = (
        "import sys; from multilabelfy.cli.main import app; "
        "heavy = {'numpy', 'polars', 'scipy', 'altair', 'vl_convert', 'torch', 'sqlalchemy', 'fastapi', 'PIL'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_printed() -> None:
    done = subprocess.run([sys.executable, "-m", "multilabelfy", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"multilabelfy {__version__}\n"


def test_invite_prints_a_link_alone_on_standard_output(tmp_path: Path) -> None:
    done = run("invite", "Ada", "--role", "owner", workspace=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    assert done.stdout.count("\n") == 1


def test_a_known_persons_role_changes_only_when_asked_for_twice(tmp_path: Path) -> None:
    def typed(answer: str, *options: str) -> subprocess.CompletedProcess[str]:
        return processes.run("invite", "Ada", "--role", "owner", "--workspace", str(tmp_path), *options, typed=answer)

    run("invite", "Ada", workspace=tmp_path)
    asked = typed("n\n")
    assert ("Ada is annotator" in asked.stderr, asked.stdout.strip(), asked.returncode) == (True, "", 1)
    assert json.loads(run("invite", "Ada", "--json", workspace=tmp_path).stdout)["role"] == "annotator"
    assert typed("", "--yes").returncode == 0
    assert json.loads(run("invite", "Ada", "--json", workspace=tmp_path).stdout)["role"] == "owner"


def test_of_two_people_of_one_name_the_number_says_who_is_meant(tmp_path: Path) -> None:
    first = json.loads(run("invite", "Ada", "--json", workspace=tmp_path).stdout)
    second = json.loads(run("invite", "Ada", "--another", "--role", "expert", "--json", workspace=tmp_path).stdout)
    assert second["name"] == f"Ada ({second['person']})"
    refused = run("invite", "Ada", workspace=tmp_path)
    assert f"number {first['person']}: annotator" in refused.stderr
    again = json.loads(run("invite", "--person", str(first["person"]), "--json", workspace=tmp_path).stdout)
    assert (again["person"], again["role"]) == (first["person"], "annotator")


def test_a_team_is_shown_and_changed_and_an_invitation_names_its_dataset(tmp_path: Path) -> None:
    ready_study(tmp_path).workspace.close()
    workspace = tmp_path / "workspace"
    json.loads(run("invite", "Ada", "--dataset", "pilot", "--role", "expert", "--json", workspace=workspace).stdout)
    added = json.loads(run("team", "pilot", "--add", "Bob", "--json", workspace=workspace).stdout)
    assert [(member["name"], member["role"]) for member in added["team"]] == [("Ada", "expert"), ("Bob", "annotator")]
    assert "/sign-in/" in added["link"]
    assert run("team", "pilot", "--remove", "Ada", workspace=workspace).stdout == "Bob: annotator\n"
    unknown = run("team", "birds", workspace=workspace)
    assert (unknown.returncode, "There is no dataset 'birds' in this workspace. There is 'pilot'." in unknown.stderr) == (1, True)


def test_a_name_is_erased_when_it_was_written_again_and_a_link_for_once_is_made(tmp_path: Path) -> None:
    json.loads(run("invite", "Olga", "--role", "owner", "--json", workspace=tmp_path).stdout)
    ada = json.loads(run("invite", "Ada", "--json", workspace=tmp_path).stdout)["person"]
    assert "/sign-in/" in json.loads(run("invite", "--once", "Olga", "--json", workspace=tmp_path).stdout)["link"]
    refused = run("team", "--erase", "Ada", "--name", "Eve", workspace=tmp_path)
    assert (refused.returncode, "nothing was erased" in refused.stderr) == (1, True)
    assert json.loads(run("team", "--erase", "Ada", "--name", "Ada", "--json", workspace=tmp_path).stdout) == {
        "person": ada,
        "name": f"person {ada}",
    }
    assert run("invite", "--once", f"person {ada}", workspace=tmp_path).returncode == 1


def test_json_stands_alone_on_standard_output(tmp_path: Path) -> None:
    invitation = json.loads(run("invite", "Ada", "--json", workspace=tmp_path).stdout)
    assert (invitation["name"], invitation["role"]) == ("Ada", "annotator")
    assert json.loads(run("status", "--json", workspace=tmp_path).stdout) == []
    assert {row["name"] for row in json.loads(run("doctor", "--settings", "--json", workspace=tmp_path).stdout)} >= {"workspace", "port"}


def test_config_says_where_each_setting_comes_from(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 8123\n")
    assert "port = 8123  (workspace file)" in run("doctor", "--settings", workspace=tmp_path).stdout


@pytest.mark.parametrize("command", [["status"], ["doctor"]])
def test_a_missing_workspace_is_said_in_words(tmp_path: Path, command: list[str]) -> None:
    done = run(*command, workspace=tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no workspace" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_workspace_says_what_comes_next(tmp_path: Path) -> None:
    run("invite", "Ada", workspace=tmp_path)
    assert "multilabelfy import" in run("status", workspace=tmp_path).stdout


def test_doctor_finds_a_key_that_others_can_read(tmp_path: Path) -> None:
    run("invite", "Ada", workspace=tmp_path)
    assert run("doctor", workspace=tmp_path).returncode == 0
    (tmp_path / "key").chmod(0o644)
    done = run("doctor", workspace=tmp_path)
    assert done.returncode == 1
    assert "chmod 600" in done.stdout


def test_config_hides_a_databases_password(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('database_url = "postgresql://ada:se@cret@db.lab/study"\n')
    for options in ((), ("--json",)):
        said = run("doctor", "--settings", *options, workspace=tmp_path).stdout
        assert "cret" not in said
        assert "postgresql://ada:***@db.lab/study" in said


def test_doctor_tells_warnings_from_problems_by_its_status_and_says_what_it_mended(tmp_path: Path) -> None:
    run("invite", "Ada", workspace=tmp_path)
    left = tmp_path / ".settings.toml.0123abcd.part"
    left.write_text("half")
    os.utime(left, (0, 0))
    looked = run("doctor", "--json", workspace=tmp_path)
    item = next(item for item in json.loads(looked.stdout) if item["what"] == "temporary files")
    assert (looked.returncode, item["severity"], item["ok"]) == (3, "warning", False)
    assert item["means"]
    mended = run("doctor", "--repair", workspace=tmp_path)
    assert (mended.returncode, "1 temporary file of killed processes removed" in mended.stderr) == (0, True)
    assert "nothing to mend" in run("doctor", "--repair", workspace=tmp_path).stderr
