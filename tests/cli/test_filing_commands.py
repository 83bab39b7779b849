"""Rename, archive, relocate and delete, as a person types them."""

import shutil
import subprocess
from pathlib import Path

from tests import processes
from tests.studies import ready_study


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return processes.run(*arguments, "--workspace", str(folder / "workspace"), typed=typed)


def test_a_dataset_goes_through_all_of_them(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    study.workspace.close()
    assert run(tmp_path, "dataset", "pilot", "--rename", "first").stdout == "'pilot' is called 'first' now.\n"
    assert "It was renamed: it is 'first' now." in run(tmp_path, "dataset", "pilot", "--archive").stderr
    assert run(tmp_path, "dataset", "first", "--archive").returncode == 0
    assert "It is archived" in run(tmp_path, "status").stdout
    shutil.copytree(study.dataset.images_root, tmp_path / "moved")
    assert "of 6 pictures are as before" in run(tmp_path, "relocate", "first", "--images", str(tmp_path / "moved")).stdout
    refused = run(tmp_path, "dataset", "first", "--delete", typed="pilot\n")
    assert (refused.returncode, "nothing was deleted" in refused.stderr) == (1, True)
    gone = run(tmp_path, "dataset", "first", "--delete", typed="first\n")
    assert Path(gone.stdout.rsplit(": ", 1)[1].strip()).is_file()
    assert "No dataset yet" in run(tmp_path, "status").stdout
