"""A dataset whose pictures lie in a bucket or on a web server is imported, proposed and shown as one of a folder is."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.webs import BUCKET, KEY_ID, SECRET, Web, environment, forget, put_folder, s3, web
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, propose_by, proposed, runs, settings, states

from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidInput, PicturesUnreachable, UnreadablePicture
from multilabelfy.inference.running import ahead
from multilabelfy.pictures.opening import open_picture
from multilabelfy.pictures.remote import asking
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address
from multilabelfy.pictures.roots import root_at
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.checkup.checkup import check
from multilabelfy.workflows.checkup.item import Severity
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning.relocating import places_of, relocate
from multilabelfy.workflows.showing.addresses import THUMB, picture_file
from multilabelfy.workflows.workspace import Workspace, opened

__all__ = ["s3", "web"]

N_OF_EACH = 3
PATHS = [f"{colour}/{number}.png" for colour in ("blue", "green", "red") for number in range(N_OF_EACH)]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint(tmp_path_factory.mktemp("painted"), N_OF_EACH)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path).model_copy(update={"remote_seconds": 20.0}), create=True) as workspace:
        yield workspace


def at(written: str) -> RemoteAddress:
    address = remote_address(written)
    assert address is not None
    return address


def bring_in(workspace: Workspace, images: RemoteAddress, folder: Path, **more: Any) -> ImportSummary:
    (folder / "labels.txt").write_text("red\ngreen\nblue\n")
    return import_dataset(workspace, ImportRequest(NAME, images, labels=str(folder / "labels.txt"), **more), now=NOW)


def names(folder: Path, *lines: str) -> Path:
    (folder / "names.txt").write_text("\n".join(lines or PATHS) + "\n")
    return folder / "names.txt"


def shown(workspace: Workspace, path: str) -> bytes:
    """The bytes of a picture as a page shows it."""
    with workspace.store.reading() as c:
        token = images.by_path(c, datasets.find(c, NAME).id, path).token
    return picture_file(workspace, token, THUMB).read_bytes()


def in_a_folder(folder: Path, painted: Path) -> Any:
    """The proposals and a shown picture of the same study from a folder of this machine."""
    with opened(settings(folder / "local"), create=True) as workspace:
        add_study(workspace, painted)
        propose_by(workspace, "colours")
        return proposed(workspace), shown(workspace, "red/0.png")


def test_a_bucket_is_imported_proposed_and_shown_as_the_same_folder_is(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put_folder(s3, painted, "train")
    for other in ("train/", "train/notes.md", "train/.hidden/1.png", "training/red/9.png"):
        s3.put_object(Bucket=BUCKET, Key=other, Body=b"x")

    with caplog.at_level(logging.INFO):
        summary = bring_in(workspace, at(f"s3://{BUCKET}/train/"), tmp_path)
        propose_by(workspace, "colours")

    assert (summary.images_root, summary.n_images, summary.n_given) == (f"s3://{BUCKET}/train", 9, 9)
    assert any("1 .md" in note for note in summary.notes)
    assert (proposed(workspace), shown(workspace, "red/0.png")) == in_a_folder(tmp_path, painted)
    assert not [secret for secret in (SECRET, KEY_ID) if secret in caplog.text]
    assert not [item for item in check(workspace, NOW) if "pictures" in item.what and item.severity is not Severity.OK]


def test_a_display_size_is_made_once_and_needs_the_bucket_no_more(s3: Any, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    put_folder(s3, painted, "once")
    bring_in(workspace, at(f"s3://{BUCKET}/once"), tmp_path)
    before = shown(workspace, "red/1.png")
    s3.delete_object(Bucket=BUCKET, Key="once/red/1.png")
    s3.delete_object(Bucket=BUCKET, Key="once/red/2.png")

    assert shown(workspace, "red/1.png") == before
    with pytest.raises(UnreadablePicture, match=r"'red/2\.png' in 's3://pets/once': there is no such file"):
        shown(workspace, "red/2.png")


def test_an_object_that_is_gone_is_put_aside_and_the_others_are_proposed(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    put_folder(s3, painted, "gone")
    bring_in(workspace, at(f"s3://{BUCKET}/gone"), tmp_path)
    s3.delete_object(Bucket=BUCKET, Key="gone/green/1.png")
    s3.put_object(Bucket=BUCKET, Key="gone/green/2.png", Body=b"")

    summary = propose_by(workspace, "colours")

    assert dict(summary.unreadable) == {"green/1.png": "there is no such file", "green/2.png": "the file is empty (0 bytes)"}
    assert len(proposed(workspace)) == 7
    assert any("1 of 9 are gone, the first 'green/1.png'" in item.detail for item in check(workspace, NOW))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (environment("http://127.0.0.1:1"), "it cannot be reached"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "there are no keys for it"),
    ],
)
def test_a_bucket_that_cannot_be_read_puts_no_image_aside_and_the_run_goes_on_later(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], why: str
) -> None:
    put_folder(s3, painted, "back")
    bring_in(workspace, at(f"s3://{BUCKET}/back"), tmp_path)
    with monkeypatch.context() as patch:
        for name, value in changed.items():
            patch.setenv(name, value) if value else patch.delenv(name)
        forget()
        with pytest.raises(
            PicturesUnreachable, match=rf"Cannot read pictures in 's3://pets/back': {why}(?s:.*)run the same command"
        ) as refused:
            propose_by(workspace, "colours")
        with pytest.raises(PicturesUnreachable, match=why):
            shown(workspace, "red/0.png")
        [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
        assert why in item.detail
    assert not [secret for secret in (SECRET, KEY_ID) if secret in f"{refused.value} {item}"]
    assert set(states(workspace).values()) == {ImageState.UNPROPOSED}

    forget()
    propose_by(workspace, "colours")
    assert len(proposed(workspace)) == 9
    assert runs(workspace)[0].finished_at is not None


def test_a_bucket_that_is_not_there_or_has_no_pictures_is_named(s3: Any, workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(PicturesUnreachable, match="there is no bucket of this name"):
        bring_in(workspace, at("s3://no-such-bucket/x"), tmp_path)
    with pytest.raises(InvalidInput, match="there are no pictures in it"):
        bring_in(workspace, at(f"s3://{BUCKET}/nothing-here"), tmp_path)


def test_pictures_that_moved_into_a_bucket_are_found_there_if_they_are_the_same(
    s3: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    add_study(workspace, painted)
    propose_by(workspace, "colours")
    put_folder(s3, painted, "moved")

    moved = relocate(workspace, NAME, at(f"s3://{BUCKET}/moved"))

    assert (moved.images_root, moved.n_compared) == (f"s3://{BUCKET}/moved", 9)
    assert [(place.folder, place.is_there) for place in places_of(workspace, NAME)] == [(f"s3://{BUCKET}/moved", True)]
    s3.put_object(Bucket=BUCKET, Key="other/red/0.png", Body=b"no picture")
    with pytest.raises(InvalidInput, match="nothing was changed"):
        relocate(workspace, NAME, at(f"s3://{BUCKET}/other"))


def test_a_web_folder_is_imported_by_names_and_proposed_as_the_same_folder_is(
    web: Web, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    web.put_folder(painted, "/pets")

    summary = bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path))
    propose_by(workspace, "colours")

    assert (summary.n_images, summary.n_given) == (9, 9)
    assert (proposed(workspace), shown(workspace, "red/0.png")) == in_a_folder(tmp_path, painted)


def test_how_long_a_picture_may_take_is_a_setting(web: Web, tmp_path: Path, painted: Path) -> None:
    web.silent.add("/pets/red/0.png")
    impatient = settings(tmp_path).model_copy(update={"remote_seconds": 0.2})

    with (
        opened(impatient, create=True) as workspace,
        pytest.raises(PicturesUnreachable, match=r"did not answer within 0\.2 seconds"),
    ):
        bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path, "red/0.png"))


def test_a_web_folder_without_names_is_refused_with_the_way_out(web: Web, workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a web server does not list its files: pass names='FILE' to name them"):
        bring_in(workspace, at(f"{web.address}/pets"), tmp_path)
    assert web.asked == []


def test_names_that_lead_out_or_come_twice_are_refused_with_their_lines(web: Web, workspace: Workspace, tmp_path: Path) -> None:
    file = names(tmp_path, "red/0.png", "../secret.png", "http://elsewhere/1.png", "%2e%2e/secret.png", "red/0.png")

    with pytest.raises(InvalidInput) as refused:
        bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=file)
    assert [int(problem.where.rpartition(":")[2]) for problem in refused.value.problems if problem.where.startswith(str(file))] == [
        2,
        3,
        4,
        5,
    ]
    assert web.asked == []


def test_a_name_without_a_picture_is_refused_or_skipped(web: Web, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    web.put_folder(painted, "/pets")
    web.put("/pets/red/1.png", b"<html>Sign in")
    del web.pages["/pets/red/2.png"]

    with pytest.raises(InvalidInput, match=r"red/1\.png: it is a web page(?s:.*)red/2\.png: there is no such file(?s:.*)skip_bad=True"):
        bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path))
    assert bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path), skip_bad=True).n_unreadable == 2


def test_names_are_for_places_that_nobody_can_look_into(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    request = ImportRequest(NAME, painted, names=names(tmp_path))

    with pytest.raises(InvalidInput, match="names: the pictures of a folder are found by looking into it"):
        import_dataset(workspace, request, now=NOW)


def test_a_web_folder_that_is_gone_ends_the_run_after_a_few_and_a_few_gone_pictures_do_not(
    web: Web, workspace: Workspace, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "MOST_MISSING", 4)
    web.put_folder(painted, "/pets")
    bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path))
    for gone in PATHS[0], PATHS[1], PATHS[3]:
        del web.pages[f"/pets/{gone}"]
    assert len(propose_by(workspace, "colours").unreadable) == 3

    web.pages.clear()
    with pytest.raises(PicturesUnreachable, match="4 pictures in a row cannot be had, the last because there is no such file"):
        propose_by(workspace, "together")


def test_a_picture_that_is_there_begins_the_row_of_missing_ones_anew(web: Web, painted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MOST_MISSING", 3)
    web.put_folder(painted, "/pets")
    for gone in PATHS[0], PATHS[1], PATHS[3], PATHS[4]:
        del web.pages[f"/pets/{gone}"]
    with ahead.coming_from(root_at(at(f"{web.address}/pets")), PATHS, str) as coming:
        there = []
        for path in coming.items:
            with contextlib.suppress(UnreadablePicture):
                there.append(coming.picture(path))
    assert len(there) == len(PATHS) - 4


def test_a_picture_that_is_asked_for_again_is_fetched_again(web: Web, painted: Path) -> None:
    web.put_folder(painted, "/pets")

    with ahead.coming_from(root_at(at(f"{web.address}/pets")), PATHS[:2], str) as coming:
        first, again = ([open_picture(coming.picture(path), max_pixels=100) for path in paths] for paths in (coming.items, PATHS[:2]))

    assert first == again == [open_picture(painted / path, max_pixels=100) for path in PATHS[:2]]


def test_reference_pictures_of_a_web_server_cannot_be_listed(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="so reference pictures lie in a folder or in a bucket"):
        import_dataset(workspace, ImportRequest(NAME, painted, reference=at("https://host/references")), now=NOW)


def test_a_folder_that_holds_the_workspace_is_refused_wherever_the_references_lie(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="name another workspace"):
        import_dataset(workspace, ImportRequest(NAME, tmp_path, reference=at("https://host/references")), now=NOW)


def test_reference_pictures_may_lie_in_a_bucket(s3: Any, workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    put_folder(s3, painted, "references")
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\n")

    request = ImportRequest(NAME, painted, labels=str(tmp_path / "labels.txt"), reference=at(f"s3://{BUCKET}/references"))
    assert import_dataset(workspace, request, now=NOW).n_exemplars == 9


def test_a_web_folder_that_was_moved_away_stops_the_run_before_all_is_put_aside(
    web: Web, workspace: Workspace, painted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.put_folder(painted, "/pets")
    bring_in(workspace, at(f"{web.address}/pets"), tmp_path, names=names(tmp_path))
    for page in list(web.pages):
        web.lead(page, "/sign-in")
    monkeypatch.setattr(asking, "REST_SECONDS", 0)

    with pytest.raises(PicturesUnreachable, match="no redirect out of the folder is followed"):
        propose_by(workspace, "colours")
    assert set(states(workspace).values()) == {ImageState.UNPROPOSED}
