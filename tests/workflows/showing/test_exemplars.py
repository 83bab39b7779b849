"""A reference picture that is (nearly) the judged picture is never shown beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw
from tests.counting import statements
from tests.workflows.proposing.studies_for_proposing import NAME, add_study, paint, propose_by

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.at_work import OpenDataset
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.showing.references_beside import UNREADABLE, LooksMissing, exemplars_beside, looking_between
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2030, 5, 6, 8, tzinfo=UTC)
CAT, DOG = 0, 1


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "workspace", n_exemplars=4), create=True) as one:
        yield one


def drawing(path: Path, seed: int, size: tuple[int, int] = (300, 200)) -> None:
    random = np.random.default_rng(seed)
    picture = Pillow.new("RGB", (300, 200), tuple(int(part) for part in random.integers(0, 256, 3)))
    for _ in range(12):
        x, y, w, h = (int(part) for part in random.integers(0, 200, 4))
        ImageDraw.Draw(picture).ellipse((x, y, x + w, y + h), fill=tuple(int(part) for part in random.integers(0, 256, 3)))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.resize(size).save(path)


@pytest.fixture
def study(workspace: Workspace, tmp_path: Path) -> Workspace:
    """The cat is drawing 1; eight references of cats, of which drawing 1, smaller, is one; a single one of dogs."""
    drawing(tmp_path / "pets" / "cat" / "a.png", 1)
    drawing(tmp_path / "pets" / "dog" / "b.png", 2)
    for seed in (1, *range(10, 17)):
        drawing(tmp_path / "references" / "cat" / f"{seed}.jpg", seed, (120, 80))
    drawing(tmp_path / "references" / "dog" / "20.jpg", 20)
    import_dataset(workspace, ImportRequest("pets", tmp_path / "pets", reference=tmp_path / "references"), now=NOW)
    return workspace


def found(workspace: Workspace, path: str) -> tuple[StoredDataset, StoredImage]:
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "pets")
        return dataset, images.by_path(c, dataset.id, path)


@looking_between
def beside(workspace: Workspace, path: str, *labels: int, keep: bool = True) -> dict[int, list[str]]:
    dataset, image = found(workspace, path)
    with workspace.store.writing() if keep else workspace.store.reading() as c:
        shown = exemplars_beside(OpenDataset(c, workspace, dataset), {image: labels}, keep=keep)[image.id]
    return {label: [exemplar.path for exemplar in of_label] for label, of_label in shown.items()}


def in_order(workspace: Workspace, label: int) -> list[str]:
    dataset, _ = found(workspace, "cat/a.png")
    with workspace.store.reading() as c:
        return [exemplar.path for exemplar in exemplars.of_labels(c, dataset.id, [label])[label]]


def put_first(workspace: Workspace, path: str) -> None:
    """Let this reference picture of cats stand first."""
    dataset, _ = found(workspace, "cat/a.png")
    with workspace.store.writing() as c:
        first = next(each for each in exemplars.of_labels(c, dataset.id, [CAT])[CAT] if each.path == path)
        exemplars.reorder(c, dataset.id, CAT, [first.id])


def test_the_judged_picture_is_left_out(study: Workspace) -> None:
    put_first(study, "cat/1.jpg")
    shown = beside(study, "cat/a.png", CAT, DOG)
    assert shown[DOG] == ["dog/20.jpg"]
    assert len(shown[CAT]) == 4
    assert set(shown[CAT]) <= set(in_order(study, CAT)[1:6])


@pytest.mark.parametrize("n_there", range(2, 9))
def test_as_many_stand_beside_a_picture_that_is_one_of_the_labels_own_as_beside_any_other(study: Workspace, n_there: int) -> None:
    put_first(study, "cat/1.jpg")
    dataset, _ = found(study, "cat/a.png")
    with study.store.writing() as c:
        for each in exemplars.of_labels(c, dataset.id, [CAT])[CAT][n_there:]:
            exemplars.remove(c, each.id)
    counts = [len(beside(study, path, CAT)[CAT]) for path in ("cat/a.png", "dog/b.png")]
    assert counts == [min(4, n_there - 1)] * 2


def test_which_pictures_stand_there_differs_from_image_to_image_and_stays(study: Workspace) -> None:
    dataset, image = found(study, "dog/b.png")
    beside(study, "dog/b.png", CAT)
    with study.store.writing() as c:
        at = OpenDataset(c, study, dataset)
        rows = [
            tuple(each.place for each in exemplars_beside(at, {replace(image, id=number): [CAT]}, keep=False)[number][CAT])
            for number in [ImageId(number) for number in (*range(100, 160), *range(100, 160))]
        ]
    assert rows[:60] == rows[60:]
    assert len(set(rows)) > 10  # of the 15 ways to take four of six
    assert {place for row in rows for place in row} == set(range(6))
    assert all(list(row) == sorted(row) for row in rows)


def test_the_workspaces_key_draws_them_so_that_nobody_else_can_tell_which_would_stand_there(study: Workspace) -> None:
    rows = [tuple(beside(replace(study, key=bytes([number] * 32)), "dog/b.png", CAT)[CAT]) for number in range(20)]
    assert len(set(rows)) > 5  # of the 15 ways to take four of six


def test_how_many_are_shown_is_a_setting(study: Workspace) -> None:
    fewer = Workspace(load_settings(study.folder, n_exemplars=2), study.store, study.key)
    assert len(beside(fewer, "cat/a.png", CAT)[CAT]) == 2
    none = Workspace(load_settings(study.folder, n_exemplars=0), study.store, study.key)
    assert beside(none, "cat/a.png", CAT) == {CAT: []}


def test_beside_any_picture_some_of_the_first_ones_are_shown(study: Workspace) -> None:
    assert set(beside(study, "dog/b.png", CAT)[CAT]) <= set(in_order(study, CAT)[:6])


def test_it_holds_wherever_in_the_order_the_picture_stands(study: Workspace) -> None:
    for path in in_order(study, CAT):
        put_first(study, path)
        assert "cat/1.jpg" not in beside(study, "cat/a.png", CAT)[CAT]


def test_what_was_looked_at_is_kept(study: Workspace, tmp_path: Path) -> None:
    beside(study, "cat/a.png", CAT)
    (tmp_path / "pets" / "cat" / "a.png").unlink()
    assert "cat/1.jpg" not in beside(study, "cat/a.png", CAT)[CAT]


def test_no_picture_is_decoded_while_others_wait_to_write(study: Workspace) -> None:
    dataset, image = found(study, "cat/a.png")
    with pytest.raises(LooksMissing, match="1 picture of 'pets'"), study.store.writing() as c:
        exemplars_beside(OpenDataset(c, study, dataset), {image: [CAT]})
    beside(study, "cat/a.png", CAT)
    with study.store.writing() as c:
        assert len(exemplars_beside(OpenDataset(c, study, dataset), {image: [CAT]})[image.id][CAT]) == 4


def test_beside_two_images_takes_as_many_queries_as_beside_one(study: Workspace) -> None:
    dataset, cat = found(study, "cat/a.png")
    _, dog = found(study, "dog/b.png")
    n_run = []
    for judged in ([cat], [cat, dog]):
        with study.store.reading() as c, statements() as run:
            exemplars_beside(OpenDataset(c, study, dataset), {image: [CAT, DOG] for image in judged}, keep=False)
        n_run.append(len(run))
    assert n_run[0] == n_run[1] > 0


def test_a_search_may_look_without_writing(study: Workspace) -> None:
    assert "cat/1.jpg" not in beside(study, "cat/a.png", CAT, keep=False)[CAT]


def test_pictures_without_a_stored_look_are_looked_at(study: Workspace) -> None:
    dataset, image = found(study, "cat/a.png")
    with study.store.writing() as c:
        for exemplar in exemplars.of_labels(c, dataset.id, [CAT, DOG])[CAT]:
            fingerprints.set_of_exemplar(c, exemplar.id, None)  # type: ignore[arg-type]  # as in a workspace of an earlier version
        assert fingerprints.of_images(c, [image.id]) == {image.id: None}
    assert "cat/1.jpg" not in beside(study, "cat/a.png", CAT)[CAT]


def test_a_reference_picture_that_broke_is_not_shown(study: Workspace, tmp_path: Path) -> None:
    dataset, _ = found(study, "cat/a.png")
    (tmp_path / "references" / "dog" / "20.jpg").write_bytes(b"broken")
    with study.store.writing() as c:
        [dog] = exemplars.of_labels(c, dataset.id, [DOG])[DOG]
        fingerprints.set_of_exemplar(c, dog.id, None)  # type: ignore[arg-type]  # as above
    assert beside(study, "cat/a.png", DOG) == {DOG: []}
    with study.store.reading() as c:
        assert fingerprints.of_exemplars(c, [dog.id]) == {dog.id: UNREADABLE}


def test_beside_an_image_that_cannot_be_read_everything_may_stand(study: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pets" / "cat" / "a.png").write_bytes(b"broken")
    put_first(study, "cat/1.jpg")
    assert len(beside(study, "cat/a.png", CAT)[CAT]) == 4


def test_a_label_without_reference_pictures_shows_none(workspace: Workspace, tmp_path: Path) -> None:
    drawing(tmp_path / "pets" / "cat" / "a.png", 1)
    drawing(tmp_path / "pets" / "dog" / "b.png", 2)
    import_dataset(workspace, ImportRequest("pets", tmp_path / "pets"), now=NOW)
    assert beside(workspace, "cat/a.png", CAT, DOG) == {CAT: [], DOG: []}


def test_none_of_the_250_real_photos_stands_beside_itself(workspace: Workspace, shared_data: Path) -> None:
    import_dataset(
        workspace, ImportRequest("pets", shared_data / "photos", labels="imagenet1k", reference=shared_data / "reference"), now=NOW
    )
    dataset, _ = found(workspace, "n01443537/" + next((shared_data / "photos" / "n01443537").iterdir()).name)
    with workspace.store.reading() as c:
        judged = list(images.iterate(c, dataset.id))
        given = [image.given_label or 0 for image in judged]
        at = OpenDataset(c, workspace, dataset)
        own = exemplars_beside(at, {image: [label] for image, label in zip(judged, given, strict=True)}, keep=False)
        others = exemplars_beside(at, {image: [(label + 1) % 1000] for image, label in zip(judged, given, strict=True)}, keep=False)
    assert [list(of_label.values()) for of_label in own.values()] == [[[]]] * 250
    assert [[len(shown) for shown in of_label.values()] for of_label in others.values()] == [[1]] * 250


def test_proposing_remembers_what_each_picture_looks_like(workspace: Workspace, tmp_path: Path) -> None:
    add_study(workspace, paint(tmp_path, n_of_each=1))
    propose_by(workspace, "colours")
    with workspace.store.reading() as c:
        stored = list(images.iterate(c, datasets.find(c, NAME).id))
        looks = fingerprints.of_images(c, [image.id for image in stored])
    assert all(looks[image.id] is not None for image in stored)
