"""What the page about moving says is so: exports are compared by its own lines, and its address, its roles and its tables are real ones."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from tests.answering import answer
from tests.studies import NOW, ready_study

from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.workflows.upkeep.moving import move

PAGE = Path(__file__).resolve().parents[2] / "docs" / "server.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.S)


def test_its_lines_show_that_exports_are_the_same_and_would_show_that_they_are_not(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    answer(study, "Ann", 0, [0])
    study.workspace.close()
    program = tmp_path / "bin" / "multilabelfy"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m multilabelfy "$@" --workspace "{study.workspace.folder}" 2>/dev/null\n')
    program.chmod(0o700)
    (compare,) = [block.replace("export photos", "export pilot") for block in blocks("sh") if "sha256sum" in block]

    command = ["bash", "-c", f'PATH="{program.parent}:$PATH"; {compare}']

    def compared() -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout

    assert compared().count(": OK") >= 3
    move(load_settings(study.workspace.folder), sqlite_url(tmp_path / "new.db"), NOW)
    again = compared()
    assert (again.count(": OK") >= 3, "FAILED" in again) == (True, False)
    sums = tmp_path / "exports" / "before.sha256"
    sums.write_text(("1" if sums.read_text()[0] == "0" else "0") + sums.read_text()[1:])
    assert "FAILED" in compared()


@pytest.mark.postgres
def test_a_database_that_is_made_by_its_lines_takes_a_study(tmp_path: Path, postgres_server: str) -> None:
    study = ready_study(tmp_path)
    study.workspace.close()
    (made,) = blocks("sql")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for statement in re.sub(r"\b(USER|OWNER|DATABASE) ", r"\1 page_", made).split(";")[:-1]:
            connection.execute(statement.encode())
    url = make_url(postgres_server).set(username="page_multilabelfy", database="page_study")
    assert move(load_settings(study.workspace.folder), url.render_as_string(hide_password=False), NOW).tables
