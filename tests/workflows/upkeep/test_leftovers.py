"""What a killed server leaves in the workspace is removed by the next one, and nothing else is."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from multilabelfy.formats.files.whole_files import LEFT
from multilabelfy.pictures.cache_files import UNFINISHED
from multilabelfy.settings import load_settings
from multilabelfy.web.page.jobs.worker_process import folder_for_download
from multilabelfy.workflows.upkeep.leftovers import remove_leftovers
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        yield made


def old(file: Path) -> Path:
    """A file, with its folder, that nobody has touched for more than a day."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"half")
    for place in (file, file.parent):
        os.utime(place, (time.time() - LEFT - 60,) * 2)
    return file


def test_a_workspace_without_leftovers_stays_as_it_is(workspace: Workspace) -> None:
    before = sorted(workspace.folder.rglob("*"))
    assert remove_leftovers(workspace) == 0
    assert sorted(workspace.folder.rglob("*")) == before


def test_unfinished_pictures_and_downloads_are_removed_and_what_is_kept_is_not(workspace: Workspace) -> None:
    picture = old(workspace.pictures / UNFINISHED / "0123")
    download = old(workspace.downloads / "tmpx" / "votes.csv")
    sent = old(workspace.folder / "uploads" / ".tmpx" / "cat.jpg")
    kept = [
        old(workspace.pictures / "ab" / "ab12-100.webp"),
        old(workspace.reports / "1" / "report.html"),
        old(workspace.folder / "uploads" / "pets" / "cat.jpg"),
    ]
    young = workspace.pictures / UNFINISHED / "4567"
    young.write_bytes(b"half")
    assert remove_leftovers(workspace) == 3
    assert not picture.exists()
    assert not download.parent.exists()
    assert not sent.parent.exists()
    assert all(file.exists() for file in (*kept, young, workspace.folder / "key", workspace.folder / "multilabelfy.db"))


def test_the_next_download_removes_what_a_killed_server_left_and_another_one_stays(workspace: Workspace) -> None:
    left = old(workspace.downloads / "tmpx" / "votes.csv")
    with folder_for_download(workspace) as one, folder_for_download(workspace) as other:
        assert (left.exists(), Path(one).is_dir(), Path(other).is_dir()) == (False, True, True)
    assert list(workspace.downloads.iterdir()) == []
