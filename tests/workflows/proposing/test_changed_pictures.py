"""A picture that was exchanged after the first model saw it is named by every later run, and stays what people were asked about."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests import processes
from tests.packed import put_tar
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, propose_by, proposed, settings, spec, states

from multilabelfy.dataset.model import ImageState
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.workspace import Workspace, opened

PATHS = ["blue/0.png", "green/0.png", "red/0.png"]


def scene(seed: int) -> Image.Image:
    """Patches of colours: unlike the plain pictures elsewhere, each looks like no other."""
    patches = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize((120, 90), Image.Resampling.BICUBIC)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for seed, path in enumerate(PATHS):
        (tmp_path / "pictures" / path).parent.mkdir(parents=True)
        scene(seed).save(tmp_path / "pictures" / path)
    return tmp_path / "pictures"


@pytest.fixture
def workspace(tmp_path: Path, pictures: Path) -> Iterator[Workspace]:
    """Three images that one model has proposed for."""
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, pictures)
        propose_by(workspace, "colours")
        yield workspace


def looks(workspace: Workspace) -> list[str | None]:
    with workspace.store.reading() as c:
        return [image.fingerprint for image in images.iterate(c, datasets.find(c, NAME).id)]


def test_a_changed_picture_is_named_whenever_a_model_sees_it_and_its_image_stays_as_it_is(workspace: Workspace, pictures: Path) -> None:
    before = looks(workspace)
    scene(9).save(pictures / "green" / "0.png")

    for function in ("together", "in_any_order"):
        summary = propose_by(workspace, function)
        assert (summary.changed, summary.unreadable, summary.runs[0].n_new) == (("green/0.png",), (), 3)

    assert looks(workspace) == before
    assert set(states(workspace).values()) == {ImageState.OPEN}
    assert {len(ranked) for ranked in proposed(workspace).values()} == {3 * 2}


def test_pictures_that_were_only_written_anew_are_not_named(workspace: Workspace, pictures: Path) -> None:
    scene(1).resize((60, 45)).save(pictures / "green" / "0.png")
    scene(2).save(pictures / "red" / "0.png", format="JPEG", quality=60)

    assert propose_by(workspace, "together").changed == ()


def test_a_picture_that_was_unreadable_when_a_page_looked_is_not_named(workspace: Workspace) -> None:
    from multilabelfy.store.dataset.looks import fingerprints
    from multilabelfy.workflows.showing.references_beside import UNREADABLE

    with workspace.store.writing() as c:
        fingerprints.set_of_image(c, images.by_path(c, datasets.find(c, NAME).id, "red/0.png").id, UNREADABLE)

    assert propose_by(workspace, "together").changed == ()


def test_a_picture_that_was_exchanged_in_a_shard_is_named(tmp_path: Path, pictures: Path) -> None:
    archive, labels = tmp_path / "all.tar", tmp_path / "labels.txt"
    labels.write_text("red\ngreen\nblue\n")
    put_tar(archive, *((path, (pictures / path).read_bytes()) for path in PATHS))
    with opened(settings(tmp_path / "packed"), create=True) as workspace:
        import_dataset(workspace, ImportRequest(NAME, archive, labels=str(labels)), now=NOW)
        propose_by(workspace, "colours")
        scene(9).save(pictures / "red" / "0.png")
        put_tar(archive, *((path, (pictures / path).read_bytes()) for path in PATHS))

        assert propose_by(workspace, "together").changed == ("red/0.png",)


def test_the_command_names_it_with_what_to_do(workspace: Workspace, pictures: Path) -> None:
    scene(9).save(pictures / "green" / "0.png")
    command = ["propose", NAME, "-k", "2", "--workspace", str(workspace.folder), "--model"]

    told = processes.run(*command, spec("together"), folder=HERE).stdout
    assert "Changed since they were first read, and proposed for as they are now: 1 picture\n  green/0.png\nTheir answers, frozen" in told
    assert "put those back, or import the new ones as a dataset of another name." in told
    assert '"changed": ["green/0.png"]' in processes.run(*command, spec("in_any_order"), "--json", folder=HERE).stdout
