"""Each setting does what it says: those whose effect shows in no test of their own room."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from tests import processes
from tests.answering import person
from tests.studies import NOW, Study, ready_study
from tests.workflows.proposing.studies_for_proposing import add_study, paint, propose_by

from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.showing.addresses import picture_file
from multilabelfy.workflows.workspace import opened


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, size=(900, 300))
    yield ready
    ready.workspace.close()


def under(study: Study, **settings: Any) -> Study:
    """The same study, run under other settings."""
    return replace(study, workspace=replace(study.workspace, settings=load_settings(study.workspace.folder, **settings)))


def handed(study: Study, who: str, minutes: float = 0) -> set[int]:
    """The assignments that this person holds after asking for work at this time."""
    work = desk.next_work(study.workspace, study.dataset.name, person(study, who), NOW + timedelta(minutes=minutes))
    return {int(sheet.assignment) for sheet in work.sheets}


def test_as_many_images_are_handed_ahead_as_is_set(study: Study) -> None:
    assert len(handed(under(study, ahead=1), "Ada")) == 2  # the one in view and one ahead
    assert len(handed(under(study, ahead=4), "Bob")) == 5


def test_a_lease_lasts_its_minutes(study: Study) -> None:
    ten = under(study, lease_minutes=10, ahead=5)
    for holder in ("Ada", "Bob"):
        assert len(handed(ten, holder)) == 6
    assert handed(ten, "Eve", minutes=9) == set()
    assert len(handed(ten, "Eve", minutes=11)) == 6


def test_pictures_are_shown_with_their_longest_edge_as_set(study: Study) -> None:
    small = under(study, picture_edge=200).workspace
    with Image.open(picture_file(small, study.images[0].token, 200)) as shown:
        assert shown.size == (200, 67)


def test_the_cache_of_pictures_stays_as_small_as_set(study: Study) -> None:
    small = under(study, picture_cache_gigabytes=1e-6).workspace
    first = picture_file(small, study.images[0].token, 320)
    os.utime(first, (first.stat().st_atime - 3600, 0))
    picture_file(small, study.images[1].token, 320)
    assert not first.exists()


def test_a_database_address_takes_the_place_of_the_workspace_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    ready = ready_study(tmp_path, database_url=sqlite_url(elsewhere))
    ready.workspace.close()
    assert elsewhere.is_file()
    assert not (ready.workspace.folder / "multilabelfy.db").exists()


def test_serve_listens_where_it_is_told(tmp_path: Path) -> None:
    assert processes.run("invite", "Ada", "--workspace", str(tmp_path)).returncode == 0
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(tmp_path), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = server.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert address is not None, said
        assert address[1] != "0"
        assert httpx.get(f"{address[0]}/sign-in", timeout=30).status_code == 200
        server.terminate()


@pytest.mark.parametrize("size", [2, 4])
def test_a_scorer_is_given_as_many_pictures_at_once_as_is_set(tmp_path: Path, size: int) -> None:
    with opened(load_settings(tmp_path / "workspace", batch_size=size), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=2))
        propose_by(workspace, "colours")
        scored: list[int] = sys.modules["scorers_for_proposing"].CALLS[-(6 // size + bool(6 % size)) :]
    assert scored == ([2, 2, 2] if size == 2 else [4, 2])
