"""A dataset whose pictures lie in shards in a bucket is imported, proposed and shown as from the same shards on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packed import put_tar
from tests.webs import BUCKET, Web, environment, forget, put_folder, s3, web
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, paint, propose_by, proposed, settings, states
from tests.workflows.proposing.test_shards import (
    COLOURS,
    N_OF_EACH,
    folders_in_a_tar,
    given,
    ordered,
    rows_in_parquet,
    samples_in_tars,
    shown,
)

from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidInput, PicturesUnreachable
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address
from multilabelfy.pictures.shards import tar_shard
from multilabelfy.workflows.checkup.checkup import check
from multilabelfy.workflows.checkup.item import Severity
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning.relocating import places_of, relocate
from multilabelfy.workflows.workspace import Workspace, opened

__all__ = ["s3", "web"]

Asked = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint(tmp_path_factory.mktemp("painted"), N_OF_EACH)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path / "bucket").model_copy(update={"remote_seconds": 20.0}), create=True) as workspace:
        yield workspace


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every request to the bucket: what for, the object's key, and the bytes."""
    import s3fs

    requests: Asked = []
    call = s3fs.S3FileSystem._call_s3

    async def noted(files: Any, method: str, *more: Any, **about: Any) -> Any:
        requests.append((method, about.get("Key", ""), about.get("Range", "")))
        return await call(files, method, *more, **about)

    monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", noted)
    return requests


def at(written: str) -> RemoteAddress:
    address = remote_address(written)
    assert address is not None
    return address


def bring_in(workspace: Workspace, root: Path | RemoteAddress, **more: Any) -> ImportSummary:
    return import_dataset(workspace, ImportRequest(NAME, root, **more), now=NOW)


def begin_anew() -> None:
    """As another process begins: it knows no shard."""
    forget()
    tar_shard._PLACES = tar_shard.Kept(tar_shard.MOST_KEPT, len)


@pytest.mark.parametrize("packed", [folders_in_a_tar, samples_in_tars, rows_in_parquet])
def test_shards_in_a_bucket_are_imported_proposed_and_shown_as_on_this_machine(
    s3: Any, packed: Callable[..., Any], workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, _ = packed(painted, tmp_path / "packed")
    folder = root if root.is_dir() else root.parent
    put_folder(s3, folder, packed.__name__)
    more = ordered(root) if packed is folders_in_a_tar else {}
    address = f"s3://{BUCKET}/{packed.__name__}" + ("" if root.is_dir() else f"/{root.name}")

    summary = bring_in(workspace, at(address), **more)
    propose_by(workspace, "colours")

    with opened(settings(tmp_path / "local"), create=True) as other:
        local = bring_in(other, root, **more)
        propose_by(other, "colours")
        expected = proposed(other), given(other), {path: shown(other, path) for path in given(other)}
    assert (summary.n_images, summary.n_given, summary.notes) == (local.n_images, local.n_given, local.notes)
    assert (proposed(workspace), given(workspace), {path: shown(workspace, path) for path in given(workspace)}) == expected
    assert not [item for item in check(workspace, NOW) if "pictures" in item.what and item.severity is not Severity.OK]
