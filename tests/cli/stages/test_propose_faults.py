"""`propose` on a disk that fills, and without the hub that it asks: one clear message, nothing half-stored, and no noise."""

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests import processes
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, add_study, paint, proposed, runs, settings, spec, states

from multilabelfy.dataset.model import ImageState
from multilabelfy.workflows.workspace import opened

N_IMAGES = 900
ROOM = 300_000
"""Bytes that no file may outgrow: enough to begin and for some chunks, not for all."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace that nobody has open: what was written to its log lies in the database."""
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
    return tmp_path


def propose_command(place: Path, model: str) -> list[str]:
    return ["propose", NAME, "--model", model, "-k", "2", "--batch-size", "60", "--workspace", str(settings(place).workspace)]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_disk_that_fills_ends_the_run_with_whole_chunks_stored_and_the_same_command_does_the_rest(place: Path) -> None:
    filled = subprocess.run(
        [sys.executable, "-m", "multilabelfy", *propose_command(place, spec("slow"))],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
        cwd=HERE,
        env=os.environ | {"SECONDS_A_BATCH": "0.6"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (filled.returncode, filled.stdout) == (1, "")
    assert filled.stderr.count("a quota or a limit on the size of files is reached. Check the disk, then try again.") == 1
    assert "Traceback" not in filled.stderr
    with opened(settings(place)) as workspace:
        (stopped,) = runs(workspace)
        assert 0 < stopped.n_done < N_IMAGES
        assert stopped.finished_at is None
        assert len(proposed(workspace)) == list(states(workspace).values()).count(ImageState.OPEN) == stopped.n_done

    done = processes.run(*propose_command(place, spec("slow")), folder=HERE)

    assert done.returncode == 0, done.stderr
    assert f"proposed for {N_IMAGES - stopped.n_done} images ({stopped.n_done} done before)" in done.stdout
    with opened(settings(place)) as workspace:
        found = proposed(workspace)
    assert len(found) == N_IMAGES
    assert {tuple(one.rank for one in ranked) for ranked in found.values()} == {(1, 2)}


@pytest.mark.long("two processes load timm")
def test_a_hub_out_of_reach_and_a_misspelt_name_are_one_message_each(place: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # nobody listens here
        hub = {"HF_ENDPOINT": f"http://127.0.0.1:{nobody.getsockname()[1]}", "HF_HUB_CACHE": str(place / "cache")}
        missing = processes.run(*propose_command(place, "timm/test_resnet.r160_in1k"), folder=HERE, environment=hub)
        misspelt = processes.run(*propose_command(place, "timm/resnet5O"), folder=HERE, environment=hub)

    assert [(each.returncode, each.stdout) for each in (missing, misspelt)] == [(1, "")] * 2
    first, second = missing.stderr.strip().splitlines()
    assert first.startswith("multilabelfy: Cannot get the weights of 'timm/test_resnet.r160_in1k': ")
    assert second.startswith("Without a connection, bring them from a machine that has one, as a file: ")
    (only,) = misspelt.stderr.strip().splitlines()
    assert "has no model 'resnet5O'. Did you mean " in only
