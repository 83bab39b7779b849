"""`propose` and `models` as a person runs them: killed and interrupted too."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import processes
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, proposed, runs, settings, spec, vectors

from multilabelfy.inference.choosing.machine import this_machine
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

N_IMAGES = 60
SLOW = {"SECONDS_A_BATCH": "0.2"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Sixty images of three colours, nothing proposed."""
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def command(folder: Path, *arguments: str) -> list[str]:
    return [*arguments, "--workspace", str(folder)]


def propose_command(workspace: Workspace, function: str = "slow", *more: str) -> list[str]:
    return command(workspace.folder, "propose", NAME, "--model", spec(function), "-k", "2", "--batch-size", "2", "--json", *more)


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run to the end, where the scorers' module lies."""
    return processes.run(*arguments, folder=HERE)


def start(workspace: Workspace, function: str, *more: str) -> subprocess.Popen[str]:
    """Begin a slow run."""
    started = [sys.executable, "-m", "multilabelfy", *propose_command(workspace, function, *more)]
    return subprocess.Popen(started, cwd=HERE, env=os.environ | SLOW, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start_and_wait_for_some(workspace: Workspace, function: str = "slow", *more: str) -> subprocess.Popen[str]:
    """Begin a slow run, and come back when a few images are stored."""
    process = start(workspace, function, *more)
    for _ in range(6000):
        known = runs(workspace)
        if known and known[0].n_done >= 4:
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("nothing was stored within five minutes")


@pytest.mark.long("true processes load the engines")
def test_a_killed_run_has_embeddings_of_all_images_that_it_proposed_for_and_the_next_one_does_the_rest(workspace: Workspace) -> None:
    process = start_and_wait_for_some(workspace, "slow_embedding", "--embeddings")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (killed,) = runs(workspace)
    assert 4 <= killed.n_done < N_IMAGES
    assert set(vectors(workspace, killed)) == set(proposed(workspace))

    done = run(propose_command(workspace, "slow_embedding", "--embeddings"))

    (summary,) = json.loads(done.stdout)["runs"]
    assert (summary["n_before"], summary["n_new"], summary["n_embedded"]) == (killed.n_done, *[N_IMAGES - killed.n_done] * 2)
    assert len(vectors(workspace, killed)) == N_IMAGES


def test_ctrl_c_ends_a_run_cleanly_and_says_how_to_go_on(workspace: Workspace) -> None:
    process = start_and_wait_for_some(workspace)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    (stopped,) = runs(workspace)
    said = re.search(rf"Interrupted: (\d+) of {N_IMAGES} images are done and kept\. Run the same command again to continue\.", err)
    assert said is not None, err
    assert stopped.n_done == int(said[1])
    assert json.loads(run(propose_command(workspace)).stdout)["runs"][0]["n_before"] == stopped.n_done


def test_a_run_is_told_in_words_with_its_unreadable_pictures(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "red" / "0.png").write_bytes(b"not a picture")

    done = run(command(workspace.folder, "propose", NAME, "--model", spec("colours"), "-k", "1"))

    assert done.returncode == 0, done.stderr
    assert f"{spec('colours')}: proposed for 59 images, " in done.stdout
    assert "the given label is among the first 1 for 100.0% of 59" in done.stdout
    assert "Unreadable, and shown to nobody until repaired and imported again: 1 picture" in done.stdout
    assert "  red/0.png: its content is not a picture" in done.stdout

    again = run(command(workspace.folder, "propose", NAME, "--model", spec("colours"), "-k", "1"))
    assert again.stdout.strip() == f"{spec('colours')}: nothing to do, all 59 images have its proposals already"


def test_embeddings_are_told_beside_the_proposals_and_by_themselves(workspace: Workspace) -> None:
    """First some without, then all with, then once more."""
    propose_with = command(workspace.folder, "propose", NAME, "--model", spec("embedding"), "-k", "1")
    run(propose_with)
    told = [run([*propose_with, "--embeddings"]).stdout for _ in range(2)]

    assert re.fullmatch(rf"{spec('embedding')}: embedded 60 images, [\d.]+ images/s; proposals from before stay as they were\n", told[0]), (
        told[0]
    )
    assert told[1].strip() == f"{spec('embedding')}: nothing to do, all 60 images have its proposals and embeddings already"
    assert f"{spec('embedding')}, 1 label each for 60 images, 60 embeddings, started " in run(command(workspace.folder, "models")).stdout
    refused = run(command(workspace.folder, "propose", NAME, "--model", spec("colours"), "--embeddings"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Or propose without `--embeddings`." in refused.stderr


def test_what_is_wrong_is_said_without_a_traceback(workspace: Workspace) -> None:
    done = run(command(workspace.folder, "propose", NAME, "--model", spec("no_such_function")))

    assert (done.returncode, done.stdout) == (1, "")
    assert "has no function 'no_such_function', but " in done.stderr
    assert "Traceback" not in done.stderr


def test_models_lists_the_kinds_the_recommended_one_and_the_runs(workspace: Workspace) -> None:
    run(propose_command(workspace, "colours"))

    found = json.loads(run(command(workspace.folder, "models", NAME, "--json")).stdout)

    assert [kind["kind"] for kind in found["kinds"]] == ["timm", "transformers", "clip", "onnx", "scores", "python"]
    assert found["recommended"] == "timm/eva02_large_patch14_448.mim_m38m_ft_in22k_in1k"
    (stored,) = found["runs"]
    assert (stored["dataset"], stored["source"], stored["k"], stored["n_done"], stored["n_pending"]) == (
        NAME,
        spec("colours"),
        2,
        N_IMAGES,
        0,
    )
    assert found["suggested"]["n_images"] == N_IMAGES
    assert found["best"][-1]["model"] == found["recommended"]
    assert f"  {NAME}: {spec('colours')}, 2 labels each for 60 images, started " in run(command(workspace.folder, "models")).stdout


def test_models_measures_each_run_on_images_whose_labels_are_known(workspace: Workspace, tmp_path: Path) -> None:
    propose(workspace, NAME, [spec("colours")], k=2, folder=HERE, now=NOW)
    (tmp_path / "known.csv").write_text("image,label\nred/0.png,red\n")
    measuring = command(workspace.folder, "models", NAME, "--labels", str(tmp_path / "known.csv"))

    (stored,) = json.loads(run([*measuring, "--json"]).stdout)["runs"]

    assert (stored["recall"]["k"], stored["recall"]["share"], stored["recall"]["n_images"]) == (2, 1.0, 1)
    assert set(stored["made_with"]["versions"]) == {"multilabelfy", "numpy", "pillow"}
    assert "      its first 2 hold 100.0% of 1 valid label of 1 image" in run(measuring).stdout


def test_models_says_how_fast_a_model_was_here_and_in_how_much_memory(workspace: Workspace) -> None:
    (workspace.folder / "models").mkdir()
    (workspace.folder / "models" / "mine.onnx").touch()
    (workspace.folder / "models" / "new.onnx").touch()
    speed = {
        "source": "onnx:mine.onnx@0a1b2c3d",
        "device": this_machine().processor,
        "images_per_second": 41.26,
        "n_images": 5000,
        "peak_bytes": 3 * 2**29,
        "at": "2026-03-01T12:00:00+00:00",
    }
    (workspace.folder / "speeds.jsonl").write_text(json.dumps(speed) + "\n")

    lines = run(command(workspace.folder, "models")).stdout.splitlines()
    here = {each["model"]: each for each in json.loads(run(command(workspace.folder, "models", "--json")).stdout)["here"]}

    told = lines[lines.index("  onnx:mine.onnx") + 1]
    assert told.endswith(f"; 41.3 images/s, at most 1.5 GiB ({this_machine().processor}, 2026-03-01)")
    assert lines[lines.index("  onnx:new.onnx") + 1].endswith("; not measured on this machine")
    assert (here["onnx:mine.onnx"]["speed"], here["onnx:new.onnx"]["speed"]) == (speed, None)


def test_models_says_where_accuracies_are_from(workspace: Workspace) -> None:
    suggested = json.loads(run(command(workspace.folder, "models", "--json")).stdout)["suggested"]
    assert (suggested["real"] > 80, suggested["source"]) == (True, "pytorch-image-models/results")


def test_models_needs_no_workspace(tmp_path: Path) -> None:
    done = run(command(tmp_path / "none", "models"))

    assert done.returncode == 0
    assert "scores:FILE.npy" in done.stdout
    assert "These models have proposed already" not in done.stdout
    assert "This machine: " in done.stdout
    assert "Suggested here: timm/" in done.stdout
    assert not (tmp_path / "none").exists()


def test_the_runs_of_a_dataset_that_is_not_there_are_refused(tmp_path: Path) -> None:
    done = run(command(tmp_path / "none", "models", NAME))

    assert done.returncode == 1
    assert "There is no workspace at" in done.stderr
