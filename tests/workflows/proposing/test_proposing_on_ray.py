"""`propose` on a local Ray stores what threads store, exactly once, whichever worker dies on the way; and what cannot be is said.

Ray is started once. There are wheels of it for Linux and for Macs with Apple's processors: elsewhere the tests that need it are skipped. In
CI it must be there.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.packed import put_tar
from tests.webs import Web, web
from tests.workflows.proposing.scorers_for_proposing import dead
from tests.workflows.proposing.studies_for_proposing import (
    HERE,
    NAME,
    NOW,
    add_study,
    paint,
    propose_by,
    proposed,
    runs,
    settings,
    spec,
    vectors,
)

from multilabelfy.errors import ClusterFailed, ExtraMissing
from multilabelfy.inference.cluster import engine
from multilabelfy.inference.cluster.engine import Cluster, cluster_at
from multilabelfy.pictures.remote.addresses import remote_address
from multilabelfy.workflows.alike.copies import near_copies_of
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning.relocating import relocate
from multilabelfy.workflows.proposing.pace import RunPace
from multilabelfy.workflows.proposing.runs import ProposalSummary, propose
from multilabelfy.workflows.workspace import Workspace, opened

__all__ = ["web"]

N_IMAGES = 24
N_SCENES = 24
ONE_WORKER = Cluster()


@pytest.fixture(scope="module")
def local_ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Ray on this machine, to which every `propose` here connects; returns the folder DEATHS of its workers."""
    deaths = tmp_path_factory.mktemp("deaths")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEATHS", str(deaths))  # workers get the environment in which Ray was started
        patch.setenv("RAY_prestart_worker_first_driver", "0")  # processes that nobody would need
        try:
            with ray_unheard(), cluster_at(ONE_WORKER):
                yield deaths
        except ExtraMissing:
            if os.environ.get("CI"):
                raise
            pytest.skip("needs Ray: pip install 'multilabelfy[ray]' (Linux, or a Mac with Apple's processor)")


def ray_unheard() -> AbstractContextManager[object]:
    """Ray's own warnings are none of ours."""
    return warnings.catch_warnings(action="ignore")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    one_at_once = settings(tmp_path).model_copy(update={"batch_size": 1})  # the same batches where a run is resumed, and so the same bytes
    with opened(one_at_once, create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


def propose_on_ray(workspace: Workspace, function: str, *, embeddings: bool = False) -> ProposalSummary:
    with ray_unheard():
        return propose(workspace, NAME, [spec(function)], k=2, folder=HERE, cluster=ONE_WORKER, embeddings=embeddings, now=NOW)


@pytest.mark.long("Ray starts")
def test_a_worker_that_dies_loses_nothing_and_a_run_that_broke_off_is_resumed_to_what_threads_store(
    local_ray: Path, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two workers in a row die of the same shard, which ends the run; in the next run a third one dies, and nobody notices."""
    monkeypatch.setattr(engine, "TRIES", 2)
    (local_ray / "allowed").write_text("1000")
    (tmp_path / "pictures" / "blue" / "0.png").write_bytes(b"no picture")

    with pytest.raises(
        ClusterFailed, match=r"2 workers that scored the same images died: is there too little memory(?s:.*)run the same command"
    ):
        propose_on_ray(workspace, "deadly")
    n_before = len(proposed(workspace))
    assert 0 < n_before < N_IMAGES - 1
    n_dead = dead(local_ray)  # of other shards a worker may have died meanwhile
    assert (n_dead >= 2, runs(workspace)[0].finished_at) == (True, None)
    (local_ray / "allowed").write_text(str(n_dead + 1))
    summary = propose_on_ray(workspace, "deadly")

    assert dead(local_ray) == n_dead + 1
    assert (summary.runs[0].n_before, summary.runs[0].n_new) == (n_before, N_IMAGES - 1 - n_before)
    assert runs(workspace)[0].finished_at is not None
    assert near_copies_of(workspace, NAME)[0].n_compared == N_IMAGES - 1  # workers send fingerprints back
    assert capsys.readouterr().out == ""  # where a command prints its results
    propose_by(workspace, "by_place")
    for ranked in proposed(workspace).values():
        ours, theirs = ranked[:2], ranked[2:]
        assert [(one.label, one.rank, one.score) for one in ours] == [(one.label, one.rank, one.score) for one in theirs]


def test_workers_send_embeddings_back_with_their_ranks_and_store_what_threads_store(
    local_ray: Path, workspace: Workspace, tmp_path: Path
) -> None:
    propose_by(workspace, "embedding")
    before = proposed(workspace)

    summary = propose_on_ray(workspace, "embedding", embeddings=True)

    assert (summary.runs[0].n_new, summary.runs[0].n_embedded) == (0, N_IMAGES)
    assert proposed(workspace) == before
    with opened(settings(tmp_path / "threads").model_copy(update={"batch_size": 1}), create=True) as other:
        add_study(other, tmp_path / "pictures")
        propose_by(other, "embedding", embeddings=True)
        assert vectors(workspace, runs(workspace)[0]) == vectors(other, runs(other)[0])
        assert proposed(other) == before


def test_workers_read_pictures_of_a_web_server_and_store_what_threads_store(
    local_ray: Path, workspace: Workspace, tmp_path: Path, web: Web
) -> None:
    web.put_folder(tmp_path / "pictures", "/colours")
    address = remote_address(f"{web.address}/colours")
    assert address is not None
    propose_by(workspace, "by_place")
    relocate(workspace, NAME, address)
    (tmp_path / "pictures").rename(tmp_path / "gone")

    (local_ray / "allowed").write_text(str(dead(local_ray)))  # nobody dies

    propose_on_ray(workspace, "deadly")

    for ranked in proposed(workspace).values():
        ours, theirs = ranked[:2], ranked[2:]
        assert [(one.label, one.rank, one.score) for one in ours] == [(one.label, one.rank, one.score) for one in theirs]


def test_workers_read_an_archive_of_a_web_server_without_walking_it(
    local_ray: Path, workspace: Workspace, tmp_path: Path, web: Web
) -> None:
    pictures = tmp_path / "pictures"
    members = [(path.relative_to(pictures).as_posix(), path.read_bytes()) for path in sorted(pictures.rglob("*.png"))]
    web.put("/packed/all.tar", put_tar(tmp_path / "all.tar", *members).read_bytes())
    address = remote_address(f"{web.address}/packed/all.tar")
    assert address is not None
    propose_by(workspace, "by_place")
    relocate(workspace, NAME, address)
    pictures.rename(tmp_path / "gone")
    web.asked.clear()
    (local_ray / "allowed").write_text(str(dead(local_ray)))  # nobody dies

    propose_on_ray(workspace, "deadly")

    assert len(web.asked) == N_IMAGES
    for ranked in proposed(workspace).values():
        ours, theirs = ranked[:2], ranked[2:]
        assert [(one.label, one.rank, one.score) for one in ours] == [(one.label, one.rank, one.score) for one in theirs]


def test_how_workers_score_is_heard_from_them(local_ray: Path, workspace: Workspace) -> None:
    paces: list[RunPace] = []

    with ray_unheard():
        propose(workspace, NAME, [spec("with_a_remark")], k=2, folder=HERE, cluster=ONE_WORKER, watch=paces.append, now=NOW)

    (remark,) = {pace.remark for pace in paces}
    assert remark.startswith("by hand, in process ")
    assert remark != f"by hand, in process {os.getpid()}"


@pytest.mark.long("Ray starts")
def test_a_real_network_gives_the_same_bytes_on_ray_as_on_threads_in_batches_of_the_same_size(local_ray: Path, tmp_path: Path) -> None:
    """EfficientNet-lite0 as ONNX, in batches of three, of which a shard's last one is whole, too."""
    lite0 = pytest.importorskip("tests.workflows.proposing.lite0_for_proposing", reason="needs torch and EfficientNet-lite0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that this exporter is the older one, and traces Python's branches
        lite0.export(tmp_path / "lite0.onnx")
    keys = [f"label {number}" for number in range(1000)]
    (tmp_path / "lite0.onnx.json").write_text(json.dumps(lite0.CARD | {"labels": keys}))
    model, stored = f"onnx:{tmp_path / 'lite0.onnx'}", []
    for folder, cluster in (("threads", None), ("ray", ONE_WORKER)):
        by_three = settings(tmp_path / folder).model_copy(update={"batch_size": 3})
        with opened(by_three, create=True) as workspace, ray_unheard():
            import_dataset(workspace, ImportRequest(NAME, scenes(tmp_path / folder), labels=listed(tmp_path, keys)), now=NOW)
            propose(workspace, NAME, [model], k=20, cluster=cluster, now=NOW)
            stored.append(proposed(workspace))

    threads, ray = stored
    assert len(ray) == N_SCENES
    assert ray == threads


def scenes(folder: Path) -> Path:
    """Patches of colours, of which no two are alike."""
    (folder / "scenes").mkdir(parents=True)
    for number in range(N_SCENES):
        patches = np.random.default_rng(number).integers(0, 256, (6, 6, 3), dtype=np.uint8)
        Image.fromarray(patches).resize((320, 240), Image.Resampling.BICUBIC).save(folder / "scenes" / f"{number:02}.png")
    return folder / "scenes"


def listed(folder: Path, keys: list[str]) -> str:
    (folder / "labels.txt").write_text("\n".join(keys))
    return str(folder / "labels.txt")


def test_a_cluster_that_does_not_answer_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find_spec", lambda _: object())
    monkeypatch.setattr(engine, "_quiet_ray", lambda: Unconnected())

    with pytest.raises(ClusterFailed, match=r"Cannot reach a Ray cluster at '127\.0\.0\.1:1': .*refused.*ray start --head"):
        propose(workspace, NAME, [spec("colours")], k=2, folder=HERE, cluster=Cluster("127.0.0.1:1"), now=NOW)


class Unconnected:
    def is_initialized(self) -> bool:
        return False


def test_without_ray_the_extra_is_named_before_a_model_is_opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(engine, "find_spec", lambda name: None if name == "ray" else object())

    with pytest.raises(ExtraMissing, match=r"pip install 'multilabelfy\[ray\]'"):
        propose(workspace, NAME, ["timm/no_such_model"], cluster=Cluster(), now=NOW)
