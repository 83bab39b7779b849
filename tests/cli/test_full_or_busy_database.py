"""A command that finds the disk full, or another program in its way, says which and changes nothing."""

import errno
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.model import Role
from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.formats.files import whole_files
from multilabelfy.store.database.opening import engine
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def refusal(study: Study, *arguments: str) -> BaseException | None:
    """Why a command did not do its work."""
    return CliRunner().invoke(app, [*arguments, "--workspace", str(study.workspace.folder)]).exception


def invite_until_full(workspace: Workspace) -> None:
    """Raise what is raised where there is no more room."""
    for number in range(1_000):
        people.invite(workspace, f"{number:0100}", Role.ANNOTATOR, NOW)


def test_a_full_disk_is_named_and_what_was_there_is_there_still(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS, "max_page_count=1"))  # no page more than there are
    with opened(study.workspace.settings) as filled, pytest.raises(StoreUnavailable):
        invite_until_full(filled)
    before = people.everyone(study.workspace)
    refused = refusal(study, "invite", f"{1:0100}", "--another")
    assert isinstance(refused, StoreUnavailable)
    assert "the disk is full" in str(refused)
    assert people.everyone(study.workspace) == before


def test_a_writer_that_does_not_end_is_waited_for_and_then_named(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "open", partial(Store.open, busy_seconds=0.05))
    with study.workspace.store.writing():
        refused = refusal(study, "invite", "Ada")
    assert isinstance(refused, StoreUnavailable)
    assert "another process keeps it busy" in str(refused)
    assert refusal(study, "invite", "Ada") is None


def test_a_file_for_which_there_is_no_room_is_named_and_nothing_of_it_stays(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_files, "_sync", full)
    out = tmp_path / "out" / "proposals.csv"
    refused = refusal(study, "export", "pilot", "--format", "proposals", "--out", str(out))
    assert isinstance(refused, InvalidInput)
    assert "No space left on device" in str(refused)
    assert list(out.parent.iterdir()) == []
