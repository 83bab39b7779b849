"""An owner makes a dataset without a command line: uploads pictures, imports them, lets a model propose, and has suspects handed out."""

import errno
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.jobs import Job
from multilabelfy.dataset.model import ImageState
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.dataset import proposals as stored_proposals
from multilabelfy.web.access.bodies import limit_of
from multilabelfy.web.app import create_app
from multilabelfy.web.page.jobs.background import Background
from multilabelfy.workflows.importing.uploads import uploads_of
from multilabelfy.workflows.proposing.offered import FOLDER
from multilabelfy.workflows.serving.jobs import PROPOSE, begin_job, end_job, job_name
from multilabelfy.workflows.workspace import Workspace


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def picture(colour: str) -> bytes:
    content = BytesIO()
    Pillow.new("RGB", (40, 30), colour).save(content, "PNG")
    return content.getvalue()


def pets() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as packed:
        for path, colour in {"cat/1.png": "red", "cat/2.png": "blue", "dog/1.png": "green"}.items():
            packed.writestr(path, picture(colour))
        packed.writestr("dog/broken.png", b"no picture at all")
    return content.getvalue()


def until_done(olga: Browser, address: str, under_way: str) -> str:
    """The page once the command that it shows has ended."""
    for _ in range(600):
        text = olga.get(address).text
        if under_way not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


def test_only_owners_can(browser_of: Callable[..., Browser]) -> None:
    eve = browser_of("Eve", Role.EXPERT)
    for path in ("/new", "/new/pets", "/d/pilot/proposals"):
        assert eve.get(path).status_code == 403
    for path in ("/new", "/new/pictures", "/d/pilot/proposals", "/d/pilot/proposals/stop", "/d/pilot/proposals/suspects"):
        assert eve.post(path, data={"name": "pets", "model": "timm/resnet50", "n": "1"}).status_code == 403


def test_pictures_become_a_dataset_with_proposals_and_suspects_first(olga: Browser, study: Study) -> None:
    assert "upload pictures first" in olga.get("/new").text
    came = olga.post("/new/pictures", data={"folder": "pets"}, files={"pictures": ("pets.zip", pets(), "application/zip")})
    assert "4 pictures came into the folder “pets”." in came.text
    assert 'value="uploaded/pets" selected' in came.text

    form = {"place": "uploaded/pets", "name": "pets", "labels": "folders", "given": "folders", "protocol": "paper"}
    olga.post("/new", data=form, files={"label-file": ("", b"")})
    refused = until_done(olga, "/new/pets", "being imported")
    assert "Nothing was imported" in refused
    assert "dog/broken.png" in refused

    sent = olga.post("/new", data={**form, "skip-bad": "on"}, files={"label-file": ("", b"")})
    assert sent.headers["location"] == "/new/pets"
    done = until_done(olga, "/new/pets", "being imported")
    assert "4 images were imported, with 2 labels." in done
    assert "1 picture cannot be read, and nobody is shown it" in done
    assert not list(study.workspace.downloads.iterdir())

    assert "Choose a model" in olga.get("/d/pets").text
    assert "No model has proposed labels yet" in olga.get("/d/pets/proposals").text
    (study.workspace.folder / FOLDER).mkdir()
    np.save(study.workspace.folder / FOLDER / "mine.npy", np.array([[0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.5, 0.5]], dtype=np.float32))
    started_here = olga.get("/d/pets/proposals").text
    assert '<option value="scores:mine.npy">' in started_here
    assert "Suggested for this machine: <code>timm/" in started_here
    olga.post("/d/pets/proposals", data={"model": "scores:mine.npy", "k": "2"})
    proposed = until_done(olga, "/d/pets/proposals", "A model is at work")
    assert "2 labels for each of 3 images" in proposed
    with study.workspace.store.reading() as c:
        assert images.counts(c, datasets.find(c, "pets").id)[ImageState.OPEN] == 3

    olga.post("/d/pets/proposals/suspects", data={"n": "1"})
    assert "1 image was moved to the front." in olga.get("/d/pets/proposals").text
    olga.post("/d/pets/proposals/suspects", data={"n": "0"})
    assert "moved to the front" not in olga.get("/d/pets/proposals").text


def test_a_file_of_labels_comes_with_the_form(olga: Browser, study: Study) -> None:
    olga.post("/new/pictures", data={"folder": "flat"}, files=[("pictures", (f"{n}.png", picture("red"))) for n in range(3)])
    tables = {
        "label-file": ("labels.csv", b"key,names\ncat,cat|tabby\ndog,dog\n"),
        "given-file": ("given.csv", b"image,label\n0.png,cat\n1.png,dog\n2.png,dog\n"),
    }
    form = {"place": "uploaded/flat", "name": "flat", "labels": "file", "given": "file", "protocol": "blind", "overlap": "3"}
    olga.post("/new", data=form, files=tables)
    done = until_done(olga, "/new/flat", "being imported")
    assert "3 images came with a given label." in done
    assert "3 pictures have the same content as another one, in 1 group. In 1 group given labels contradict:" in done
    assert "<code>0.png</code> (cat), <code>1.png</code> (dog), <code>2.png</code> (dog)" in done
    with study.workspace.store.reading() as c:
        stored = datasets.find(c, "flat")
        assert (stored.protocol.preset, stored.protocol.overlap) == ("blind", 3)
        assert [image.given_label for image in images.iterate(c, stored.id)] == [0, 1, 1]


def test_a_folder_below_the_configured_root_is_imported_from_where_it_lies(
    study: Study, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "disk" / "pets" / "young").mkdir(parents=True)
    begun: list[tuple[str, Mapping[str, object]]] = []

    def start(_: Background, __: str, work: str, values: Mapping[str, object], *, afterwards: Callable[[], object], **___: object) -> bool:
        begun.append((work, values))
        afterwards()
        return True

    monkeypatch.setattr(Background, "start", start)
    rooted = Workspace(load_settings(study.workspace.folder, import_root=tmp_path / "disk"), study.workspace.store, study.workspace.key)
    olga = Browser(study, clock, create_app(rooted, clock)).sign_in("Olga", Role.OWNER)
    assert 'value="server/pets"' in olga.get("/new").text
    for inside in ("", "young"):
        form = {"place": "server/pets", "inside": inside, "name": "pets", "labels": "folders", "given": "folders"}
        assert olga.post("/new", data=form).headers["location"] == "/new/pets"
        assert begun.pop() == ("import", {"images": str(tmp_path / "disk" / "pets" / inside), "skip_bad": False, "name": "pets"})
    refused = olga.post("/new", data={"place": "server/pets", "inside": "../..", "name": "pets"})
    assert (refused.status_code, begun) == (422, [])


def test_what_cannot_be_imported_is_said_and_the_form_keeps_what_was_written(olga: Browser) -> None:
    refused = olga.post("/new", data={"place": "server/etc", "name": "a b", "labels": "imagenet1k"}, files={"label-file": ("", b"")})
    assert refused.status_code == 422
    assert "choose one of the listed folders" in refused.text
    assert 'value="a b"' in refused.text
    uploads = olga.post("/new/pictures", data={"folder": "x"}, files={"pictures": ("x.zip", b"no")})
    assert (uploads.status_code, "not a ZIP archive" in uploads.text) == (422, True)


def test_an_upload_that_cannot_be_stored_is_a_sentence_on_the_page(olga: Browser, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def sent(content: bytes) -> tuple[int, str]:
        answer = olga.post("/new/pictures", data={"folder": "bad"}, files={"pictures": ("x.zip", content)})
        return answer.status_code, answer.text

    whole = pets()
    cut_off = whole[: len(whole) // 2] + whole[whole.index(b"PK\1\2") :]
    refused = {"did not arrive whole": whole[:-1], "the archive is damaged here": cut_off}
    for words, content in refused.items():
        status, page = sent(content)
        assert (status, words in page) == (422, True)
    monkeypatch.setattr(Path, "rename", full)
    status, page = sent(whole)
    assert (status, "disk is full" in page, "Nothing was stored" in page) == (422, True, True)
    assert not (uploads_of(study.workspace) / "bad").exists()


@pytest.mark.parametrize(
    "place", ["s3://bucket/pets", "https://host/pets", "server/https://host", "uploaded/s3://bucket", "uploaded/../s3://bucket"]
)
def test_a_page_imports_from_no_address(olga: Browser, place: str) -> None:
    forms = {"/new": {"place": place, "name": "x", "inside": ""}, "/d/pilot/settings/pictures": {"place": place}}
    forms |= {address + "?": {**form, "place": "uploaded/", "inside": place} for address, form in forms.items()}
    for address, form in forms.items():
        assert olga.post(address, data=form).status_code == 422, address


def test_a_name_that_a_dataset_has_is_refused(olga: Browser, study: Study) -> None:
    (uploads_of(study.workspace) / "pets").mkdir(parents=True)
    refused = olga.post("/new", data={"place": "uploaded/pets", "name": "pilot"}, files={"label-file": ("", b"")})
    assert (refused.status_code, "There is a dataset of this name" in refused.text) == (422, True)


def test_an_import_that_nobody_remembers_leads_to_the_dataset(olga: Browser) -> None:
    assert olga.get("/new/pilot").headers["location"] == "/d/pilot"
    assert olga.get("/new/nothing").headers["location"] == "/new"


@pytest.mark.parametrize("model", ["python:os:getcwd", "onnx:/etc/passwd", "scores:../../secret.npy", "timm/../x", "hf-hub:x/y", ""])
def test_a_page_starts_neither_code_nor_files_from_elsewhere(olga: Browser, model: str) -> None:
    refused = olga.post("/d/pilot/proposals", data={"model": model})
    assert (refused.status_code, "name a model as timm/MODEL" in refused.text) == (422, True)


def test_an_upload_may_be_large_where_an_owner_sends_it_and_nowhere_else() -> None:
    assert limit_of("POST", "/new/pictures", 5_000_000_000).n_bytes == 5_000_000_000
    assert limit_of("POST", "/new/pictures/more", 5_000_000_000).n_bytes == limit_of("POST", "/d/pilot/settings/pause").n_bytes


def test_of_somebody_who_is_no_owner_no_upload_is_read(browser_of: Callable[..., Browser]) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    eve = browser_of("Eve", Role.EXPERT)
    refused = eve.post("/new/pictures", content=never(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert refused.status_code == 403


def test_the_most_that_may_be_uploaded_is_a_setting(study: Study, clock: Clock) -> None:
    strict = Workspace(load_settings(study.workspace.folder, max_upload_megabytes=0.01), study.workspace.store, study.workspace.key)
    olga = Browser(study, clock, create_app(strict, clock)).sign_in("Olga", Role.OWNER)
    assert "At most 0 MB" not in olga.get("/new").text
    refused = olga.post("/new/pictures", data={"folder": "x"}, files={"pictures": ("x.zip", bytes(20_000))})
    assert refused.status_code == 413


@pytest.mark.parametrize(("spec", "named"), [("timm/resnet50", "timm/resnet50"), ("onnx:/srv/lab/models/mine.onnx", "onnx:mine.onnx")])
def test_a_model_is_named_while_it_is_at_work_and_when_it_failed(olga: Browser, study: Study, spec: str, named: str) -> None:
    job, workspace = job_name(PROPOSE, "pilot"), study.workspace
    begin_job(workspace, Job(job, "propose", {"name": "pilot", "model": spec, "k": 1}, owner="x"), timedelta(hours=1))
    with workspace.store.writing() as c:
        run = stored_proposals.start_run(c, study.dataset.id, named, 1, NOW)
        two = [image.id for image in study.images[:2]]
        stored_proposals.add_chunk(c, run, two, np.zeros((2, 1), dtype=np.int32), np.ones((2, 1), dtype=np.float32))
    page = olga.get("/d/pilot/proposals").text
    assert f"A model is at work: <code>{named}</code>." in page
    assert '<progress max="6" value="2"' in page
    assert "1 label for each of 2 images, 4 to go" in page
    assert re.search(r"<p>A model is at work:.*? left\.</p>", page)
    assert "/srv/lab" not in page
    end_job(workspace, job, "x", problem="Cannot open it.", output="")
    assert f"No labels could be proposed by <code>{named}</code>:" in olga.get("/d/pilot/proposals").text
