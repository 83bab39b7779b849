"""`multilabelfy --help` fits one screen in the order of work, and an old name leads to the new one."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.processes import run
from typer.testing import CliRunner

from multilabelfy.cli.listing import COMMANDS, MAINTENANCE
from multilabelfy.cli.main import app
from multilabelfy.cli.old_names import OLD_NAMES, present_line

WIDTH, HEIGHT = 80, 40
REGISTERED: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
OLD_LINES = [
    (["recall", "--labels", "l.json", "-k", "5"], "evaluate --recall --labels l.json -k 5"),
    (["classes", "pets", "--out", "to"], "report --only classes pets --out to"),
    (["kin", "pets"], "copies --alike pets"),
    (["kin", "kin", "--queue", "kin"], "copies --alike kin --queue alike"),
    (["confirm", "Ada (3)"], "invite --once 'Ada (3)'"),
    (["erase", "--workspace", "w", "Ada", "--name", "Ada"], "team --erase=Ada --workspace w --name Ada"),
    (["config", "--json"], "doctor --settings --json"),
    (["restore", "monday", "--replace"], "backup --restore monday --replace"),
    (["move", "--to", "sqlite"], "backup --move-to sqlite"),
    (["move", "--to=sqlite"], "backup --move-to=sqlite"),
    (["rename", "pets", "--workspace", "w", "animals"], "dataset --rename=animals pets --workspace w"),
    (["archive", "pets", "--undo"], "dataset --archive pets --undo"),
    (["delete", "pets", "--name", "pets"], "dataset --delete pets --name pets"),
]


def help_lines() -> list[str]:
    return CliRunner().invoke(app, ["--help"], env={"COLUMNS": str(WIDTH)}).stdout.splitlines()


def test_help_fits_one_screen_with_a_line_for_what_is_typed_next() -> None:
    assert len(help_lines()) < HEIGHT
    assert max(map(len, help_lines())) <= WIDTH


def test_help_names_every_command_in_the_order_of_work_with_a_whole_clause() -> None:
    shown = [line for line in help_lines() if line.startswith("  ") and not line.startswith("  Turn")]
    commands = [command for section in COMMANDS.values() for command in section]
    assert [line.split() for line in shown] == [[command.name, *command.does.split()] for command in commands]
    assert all(line.endswith(".") for line in shown)


def test_commands_for_maintenance_run_but_are_not_listed() -> None:
    assert {name for name, command in REGISTERED.items() if command.hidden} == {command.name for command in MAINTENANCE}


@pytest.mark.parametrize(("typed", "now"), OLD_LINES, ids=[" ".join(typed) for typed, _ in OLD_LINES])
def test_an_old_line_becomes_a_new_one_whose_command_and_options_exist(typed: list[str], now: str) -> None:
    line, remark = present_line(typed)
    assert remark.endswith(f"Type: multilabelfy {now}")
    flags = {opt for parameter in REGISTERED[line[0]].params for opt in parameter.opts}
    assert {part.partition("=")[0] for part in line if part.startswith("-")} <= flags


def test_every_old_name_is_tried_above_and_none_is_a_command_still() -> None:
    assert {typed[0] for typed, _ in OLD_LINES} == set(OLD_NAMES)
    assert not set(OLD_NAMES) & set(REGISTERED)


def test_an_old_name_runs_and_says_the_new_line_on_standard_error_alone(tmp_path: Path) -> None:
    done = run("config", "--json", "--workspace", str(tmp_path))
    assert {row["name"] for row in json.loads(done.stdout)} >= {"workspace", "port"}
    assert f"Type: multilabelfy doctor --settings --json --workspace {tmp_path}" in done.stderr


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["dataset", "pilot"], "give one of --rename, --archive and --delete"),
        (["dataset", "pilot", "--rename", "a", "--undo"], "--undo goes with --archive"),
        (["dataset", "pilot", "--archive", "--name", "pilot"], "--name and --copy go with --delete"),
        (["backup"], "name the place of the backup"),
        (["backup", "there", "--move-to", "sqlite"], "name the place of the backup"),
        (["backup", "there", "--replace"], "--replace with --restore"),
        (["team"], "give a dataset's name, or --erase PERSON"),
        (["team", "--erase", "Ada", "--add", "Bob"], "--add and --remove go with a dataset's name"),
        (["invite", "Ada", "--once", "--role", "owner"], "--once goes with a NAME alone"),
        (["doctor", "--repair", "--settings"], "give one of --repair and --settings"),
        (["copies", "pilot", "--queue", "drawn"], "--queue goes with --alike"),
        (["evaluate", "--labels", "l", "--predictions", "p", "-k", "3"], "-k, --title and --out go with --recall"),
        (["evaluate", "pilot", "--recall"], "--recall goes with --labels and --predictions alone"),
        (["report", "pilot", "--only", "classes", "--pdf"], "--only classes reads a dataset"),
    ],
)
def test_options_of_joined_commands_that_do_not_go_together_are_refused(options: list[str], problem: str) -> None:
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 2
    assert problem in " ".join(done.output.split())
