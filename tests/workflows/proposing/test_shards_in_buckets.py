"""A dataset whose pictures lie in shards in a bucket is imported, proposed and shown as from the same shards on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packed import put_tar
from tests.webs import BUCKET, Asked, Web, asked, environment, forget, put_folder, s3, web
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, propose_by, proposed, settings, states
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

from multilabelfy.dataset.image_states import AWAITING_ANSWERS, ImageState
from multilabelfy.errors import InvalidInput, PicturesUnreachable
from multilabelfy.pictures.remote import buckets
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address
from multilabelfy.workflows.checkup.checkup import check
from multilabelfy.workflows.checkup.item import Severity
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning.relocating import places_of, relocate
from multilabelfy.workflows.workspace import Workspace, opened

__all__ = ["asked", "s3", "web"]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint(tmp_path_factory.mktemp("painted"), N_OF_EACH)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path / "bucket").model_copy(update={"remote_seconds": 20.0}), create=True) as workspace:
        yield workspace


def at(written: str) -> RemoteAddress:
    address = remote_address(written)
    assert address is not None
    return address


def bring_in(workspace: Workspace, root: Path | RemoteAddress, **more: Any) -> ImportSummary:
    return import_dataset(workspace, ImportRequest(NAME, root, **more), now=NOW)


@pytest.mark.parametrize("packed", [folders_in_a_tar, samples_in_tars, rows_in_parquet])
def test_shards_in_a_bucket_are_imported_proposed_and_shown_as_on_this_machine(
    s3: Any, packed: Callable[..., Any], workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, _ = packed(painted, tmp_path / "packed")
    folder = root if root.is_dir() else root.parent
    put_folder(s3, folder, f"shards/{packed.__name__}")
    more = ordered(root) if packed is folders_in_a_tar else {}
    address = f"s3://{BUCKET}/shards/{packed.__name__}" + ("" if root.is_dir() else f"/{root.name}")

    summary = bring_in(workspace, at(address), **more)
    propose_by(workspace, "colours")

    with opened(settings(tmp_path / "local"), create=True) as other:
        local = bring_in(other, root, **more)
        propose_by(other, "colours")
        expected = proposed(other), given(other), {path: shown(other, path) for path in given(other)}
    assert (summary.n_images, summary.n_given, summary.notes) == (local.n_images, local.n_given, local.notes)
    assert (proposed(workspace), given(workspace), {path: shown(workspace, path) for path in given(workspace)}) == expected
    assert not [item for item in check(workspace, NOW) if "pictures" in item.what and item.severity is not Severity.OK]


def put_samples(s3: Any, painted: Path, tmp_path: Path, below: str) -> tuple[Path, RemoteAddress]:
    """Three archives of three pictures with their classes, here and in the bucket."""
    root, _ = samples_in_tars(painted, tmp_path)
    put_folder(s3, root, f"shards/{below}")
    return root, at(f"s3://{BUCKET}/shards/{below}")


def test_an_import_walks_an_archive_once_and_a_run_in_another_process_asks_once_for_each_picture(
    s3: Any, asked: Asked, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, address = put_samples(s3, painted, tmp_path, "counted")
    n_bytes = (root / "0.tar").stat().st_size
    bring_in(workspace, address)
    first = [span for _, key, span in asked if key == "shards/counted/0.tar"]
    forget()
    asked.clear()

    propose_by(workspace, "colours")

    second = [span for _, key, span in asked if key == "shards/counted/0.tar"]
    assert (first[:2], len(first)) == (
        ["bytes=0-0", f"bytes=0-{n_bytes - 1}"],
        2 + 3 * (1 + 2),
    )  # a copy is read twice more, its end and all
    assert (second[0], sorted(second[1:])) == ("bytes=0-0", sorted(set(first[2:])))
    assert len([key for method, key, _ in asked if method == "get_object"]) == 3 + 9


def test_importing_again_walks_no_archive_that_is_known_and_adds_those_that_came_meanwhile(
    s3: Any, asked: Asked, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    _, address = put_samples(s3, painted, tmp_path, "again")
    last = s3.get_object(Bucket=BUCKET, Key="shards/again/2.tar")["Body"].read()
    s3.delete_object(Bucket=BUCKET, Key="shards/again/2.tar")
    first = bring_in(workspace, address)
    s3.put_object(Bucket=BUCKET, Key="shards/again/2.tar", Body=last)
    forget()
    asked.clear()

    second = bring_in(workspace, address)

    assert (first.n_images, second.n_images, second.n_known, second.n_given) == (6, 3, 6, 3)
    spans = [span for _, key, span in asked if key == "shards/again/0.tar"]
    assert (spans[0], len(spans), len(set(spans))) == (
        "bytes=0-0",
        1 + 3 * 2,
        1 + 3,
    )  # no walk: known pictures, held against their new copies


def test_a_changed_archive_ends_the_run_puts_nothing_aside_and_the_run_goes_on_with_it(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, address = put_samples(s3, painted, tmp_path, "changed")
    bring_in(workspace, address)
    members = [("new.txt", b"something in front of all")]
    members += [(f"{c}.png", (painted / colour / "1.png").read_bytes()) for c, colour in enumerate(COLOURS)]
    s3.put_object(Bucket=BUCKET, Key="shards/changed/1.tar", Body=put_tar(root / "1.tar", *members).read_bytes())

    with pytest.raises(PicturesUnreachable, match=r"1\.tar': it was changed while it was read(?s:.*)run the same command to go on"):
        propose_by(workspace, "colours")
    assert set(states(workspace).values()) <= set(AWAITING_ANSWERS)

    propose_by(workspace, "colours")
    with opened(settings(tmp_path / "local"), create=True) as other:
        bring_in(other, root)
        propose_by(other, "colours")
        assert proposed(workspace) == proposed(other)


def test_archives_that_did_not_arrive_whole_are_listed_by_the_import_and_end_a_run(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, address = put_samples(s3, painted, tmp_path, "cut")
    whole = (root / "1.tar").read_bytes()
    for name in ("1.tar", "2.tar"):
        s3.put_object(Bucket=BUCKET, Key=f"shards/cut/{name}", Body=whole[:2000])
    with pytest.raises(
        InvalidInput, match=r"s3://pets/shards/cut/1\.tar: it (?s:.*)s3://pets/shards/cut/2\.tar: it .*did not arrive whole"
    ):
        bring_in(workspace, address)
    put_folder(s3, root, "shards/cut")
    forget()
    bring_in(workspace, address)
    s3.put_object(Bucket=BUCKET, Key="shards/cut/1.tar", Body=whole[:2000])
    forget()

    with pytest.raises(PicturesUnreachable, match=r"s3://pets/shards/cut/1\.tar': it .*did not arrive whole"):
        propose_by(workspace, "colours")
    [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
    assert "did not arrive whole" in item.detail
    s3.delete_object(Bucket=BUCKET, Key="shards/cut/1.tar")
    forget()
    with pytest.raises(PicturesUnreachable, match="there is no such file"):
        propose_by(workspace, "colours")
    [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
    assert "3 of 9 are gone, the first '1.tar/0.png'" in item.detail
    assert set(states(workspace).values()) <= set(AWAITING_ANSWERS)


def test_a_bucket_that_cannot_be_reached_puts_no_picture_of_a_shard_aside(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = put_samples(s3, painted, tmp_path, "away")
    bring_in(workspace, address)
    with monkeypatch.context() as patch:
        for name, value in environment("http://127.0.0.1:1").items():
            patch.setenv(name, value)
        forget()
        with pytest.raises(PicturesUnreachable, match=r"'s3://pets/shards/away': it cannot be reached(?s:.*)run the same command"):
            propose_by(workspace, "colours")
        with pytest.raises(PicturesUnreachable, match="cannot be reached"):
            bring_in(workspace, address)
        with pytest.raises(PicturesUnreachable, match="cannot be reached"):
            shown(workspace, "0.tar/0.png")
        [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
        assert "it cannot be reached" in item.detail
    assert set(states(workspace).values()) == {ImageState.UNPROPOSED}

    forget()
    propose_by(workspace, "colours")
    assert len(proposed(workspace)) == 9


def test_a_bucket_that_fails_while_shards_are_looked_into_is_named_once_and_no_shard_is_blamed(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = put_samples(s3, painted, tmp_path, "fails")

    async def failing(*about: Any) -> Any:
        raise OSError("broken off")

    monkeypatch.setattr(buckets, "_part", failing)
    with pytest.raises(PicturesUnreachable, match="Cannot read pictures in 's3://pets/shards/fails': it cannot be reached"):
        bring_in(workspace, address)


def test_a_broken_picture_in_an_archive_is_put_aside_and_the_others_are_proposed(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, _ = samples_in_tars(painted, tmp_path)
    members = [(f"{c}.png", (painted / colour / "1.png").read_bytes()) for c, colour in enumerate(COLOURS)]
    broken = members[1][1][:45]
    put_tar(root / "1.tar", members[0], ("1.png", broken), members[2])
    put_folder(s3, root, "shards/broken")
    bring_in(workspace, at(f"s3://{BUCKET}/shards/broken"))

    summary = propose_by(workspace, "colours")

    assert [path for path, _ in summary.unreadable] == ["1.tar/1.png"]
    assert len(proposed(workspace)) == 8


def test_pictures_that_were_packed_into_a_bucket_are_the_same_pictures(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    add_study(workspace, painted)
    archive, _ = folders_in_a_tar(painted, tmp_path / "packed")
    put_folder(s3, archive.parent, "shards/moved")
    s3.put_object(Bucket=BUCKET, Key="shards/moved/few.tar", Body=put_tar(tmp_path / "few.tar", ("red/0.png", b"words")).read_bytes())
    propose_by(workspace, "colours")

    with pytest.raises(InvalidInput, match=r"blue/2\.png: the archive has no such file"):
        relocate(workspace, NAME, at(f"s3://{BUCKET}/shards/moved/few.tar"))
    moved = relocate(workspace, NAME, at(f"s3://{BUCKET}/shards/moved/all.tar"))

    assert (moved.images_root, moved.n_compared) == (f"s3://{BUCKET}/shards/moved/all.tar", 9)
    assert [place.is_there for place in places_of(workspace, NAME)] == [True]


def test_reference_pictures_may_lie_in_shards_in_a_bucket(s3: Any, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    archive, _ = folders_in_a_tar(painted, tmp_path / "packed")
    put_folder(s3, archive.parent, "shards/references")

    summary = bring_in(workspace, painted, reference=at(f"s3://{BUCKET}/shards/references/{archive.name}"))

    assert summary.n_exemplars == 9


def test_shards_beside_pictures_are_other_files_and_compressed_ones_are_refused(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    put_folder(s3, painted, "shards/both")
    s3.put_object(Bucket=BUCKET, Key="shards/both/more.tar", Body=b"words")
    s3.put_object(Bucket=BUCKET, Key="shards/packed/a.tar.gz", Body=put_tar(tmp_path / "a", ("1.png", b"words"), mode="w:gz").read_bytes())

    assert any("1 .tar" in note for note in bring_in(workspace, at(f"s3://{BUCKET}/shards/both")).notes)
    for root in ("packed", "packed/a.tar.gz"):
        with pytest.raises(InvalidInput, match=r"a\.tar\.gz: it is compressed \(gzip\).*decompress it first"):
            import_dataset(workspace, ImportRequest("packed", at(f"s3://{BUCKET}/shards/{root}")), now=NOW)


def test_a_single_archive_has_the_labels_that_a_list_beside_it_names(s3: Any, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    put_samples(s3, painted, tmp_path, "single")

    summary = bring_in(workspace, at(f"s3://{BUCKET}/shards/single/0.tar"))

    assert (summary.n_images, summary.n_labels, summary.n_given) == (3, 3, 3)
    assert given(workspace) == {"0.png": 0, "1.png": 1, "2.png": 2}


def test_shards_of_a_web_server_are_named_or_are_the_root(web: Web, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    root, _ = samples_in_tars(painted, tmp_path)
    web.put_folder(root, "/pets")
    (tmp_path / "names.txt").write_text("classes.txt\n0.tar\n1.tar\n2.tar\n")

    summary = bring_in(workspace, at(f"{web.address}/pets"), names=tmp_path / "names.txt")
    single = import_dataset(workspace, ImportRequest("single", at(f"{web.address}/pets/0.tar"), **ordered(root)), now=NOW)
    propose_by(workspace, "colours")

    assert (summary.n_images, summary.n_given, summary.n_labels, single.n_images) == (9, 9, 3, 3)
    with opened(settings(tmp_path / "local"), create=True) as other:
        bring_in(other, root)
        propose_by(other, "colours")
        assert proposed(workspace) == proposed(other)
