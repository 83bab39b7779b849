"""Rename, archive, delete and relocate a dataset: nothing that people said is lost by any of it unless somebody asks for that twice."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select, update
from tests.databases import new_postgres_schema
from tests.studies import NOW, Study, ready_study
from tests.workflows.upkeep.test_releases import RELEASES, bring_back

from multilabelfy.annotation.model import Vote
from multilabelfy.annotation.overlap import OverlapDecision, OverlapReason
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.jobs import Job
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import AnswerRefused, InvalidInput, StoreUnavailable, UnknownDataset
from multilabelfy.settings import load_settings
from multilabelfy.store.answers import machine_votes
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset.looks import embeddings, kin
from multilabelfy.store.handing_out import overlap_decisions
from multilabelfy.store.schema import exemplars, metadata
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning import configuring, filing
from multilabelfy.workflows.owning.overview import statuses
from multilabelfy.workflows.owning.relocating import relocate
from multilabelfy.workflows.serving.jobs import PROPOSE, begin_job, end_job, job_name, job_of
from multilabelfy.workflows.showing.addresses import picture_names
from multilabelfy.workflows.team.people import invite
from multilabelfy.workflows.workspace import KEPT, Workspace, opened


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def test_a_renamed_dataset_is_found_by_its_old_name(study: Study) -> None:
    assert filing.rename_dataset(study.workspace, "pilot", " first try ", NOW) == "first try"
    assert filing.present_name(study.workspace, "pilot") == "first try"
    with pytest.raises(UnknownDataset, match="no dataset") as refused:
        filing.contents(study.workspace, "pilot")
    assert "it is 'first try' now" in refused.value.known


@pytest.mark.parametrize("gone", ["renamed", "deleted"])
def test_what_ran_in_the_background_is_forgotten_with_the_name(study: Study, gone: str) -> None:
    name = job_name(PROPOSE, "pilot")
    begin_job(study.workspace, Job(name, "propose", owner="a worker"), timedelta(minutes=1))
    end_job(study.workspace, name, "a worker", problem="There is no such model.", output="")
    if gone == "renamed":
        filing.rename_dataset(study.workspace, "pilot", "first try", NOW)
    else:
        filing.delete_dataset(study.workspace, "pilot", "pilot", NOW)
    assert job_of(study.workspace, name) == Job(name)


def test_a_name_that_is_taken_or_fits_no_address_changes_nothing(study: Study) -> None:
    for name in ("a/b", "", "pilot/"):
        with pytest.raises(InvalidInput):
            filing.rename_dataset(study.workspace, "pilot", name, NOW)
    with study.workspace.store.writing() as c:
        datasets.add(
            c, name="other", images_root="/x", reference_root=None, labels=LabelSpace("none", ()), protocol=study.dataset.protocol,
            seed=0, now=NOW,
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="there is already a dataset of this name"):
        filing.rename_dataset(study.workspace, "pilot", "other", NOW)
    assert filing.present_name(study.workspace, "pilot") == "pilot"


def test_a_name_that_became_free_is_the_next_datasets_own(study: Study) -> None:
    filing.rename_dataset(study.workspace, "pilot", "first try", NOW)
    import_dataset(study.workspace, ImportRequest("pilot", Path(study.dataset.images_root)), now=NOW)
    assert filing.present_name(study.workspace, "pilot") == "pilot"
    names = {**picture_names(study.workspace, "pilot")}
    filing.rename_dataset(study.workspace, "pilot", "second try", NOW)
    import_dataset(study.workspace, ImportRequest("pilot", Path(study.dataset.images_root)), now=NOW)
    assert not set(names.values()) & set(picture_names(study.workspace, "pilot").values())


def test_an_archived_dataset_hands_out_nothing_and_comes_back_paused(study: Study) -> None:
    filing.archive(study.workspace, "pilot", NOW)
    with pytest.raises(InvalidInput, match="it is archived"):
        configuring.set_paused(study.workspace, "pilot", False)
    assert statuses(study.workspace)[0].archived
    filing.take_back(study.workspace, "pilot", NOW)
    assert (statuses(study.workspace)[0].archived, statuses(study.workspace)[0].paused) == (False, True)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Workspace]:
    """The workspace of the first release, which has rows in every table."""
    release = sorted(RELEASES.iterdir())[0]
    folder = tmp_path / "workspace"
    folder.mkdir()
    bring_back(release, sqlite_url(folder / "multilabelfy.db"))
    shutil.copy(release / "key", folder / "key")
    with opened(load_settings(folder)) as workspace:
        invite(workspace, "Zoe", None, NOW)  # so that the tables of later versions have rows too
        with workspace.store.writing() as c:
            dataset = datasets.find(c, "pilot").id
            machine = machine_votes.found_or_added(c, dataset, "machine:vlm:ask", NOW)
            image = next(images.iterate(c, dataset)).id
            machine_votes.add(c, machine, image, {0: Vote.YES, 1: None}, NOW)
            run = proposals.start_run(c, dataset, "model", 2, NOW)
            embeddings.add_chunk(c, run, [image], np.ones((1, 4), np.float32))
            kin.add_chunk(c, dataset, [image], np.array([[image]]), np.ones((1, 1)))
            overlap_decisions.write(c, dataset, [OverlapDecision(image, OverlapReason.ENOUGH, 2, 0.1, 0.0)], NOW)
        yield workspace


OF_PEOPLE = {"annotators", "invitations", "sessions"}


def n_rows(workspace: Workspace) -> dict[str, int]:
    with workspace.store.reading() as c:
        return {table.name: c.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables}


def test_a_deletion_takes_every_row_of_the_dataset_and_keeps_a_copy(kept: Workspace) -> None:
    before = n_rows(kept)
    assert {table for table, n in before.items() if not n} == {"background_jobs"}, "a job belongs to the server, and to no dataset"
    copy = filing.delete_dataset(kept, "pilot", "pilot", NOW)
    stay = {table: before[table] for table in OF_PEOPLE} | {"security_events": before["security_events"] + 1}
    assert {table: n for table, n in n_rows(kept).items() if n} == stay
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT count(*) FROM annotations").fetchone() == (before["annotations"],)


def test_what_another_dataset_has_stays(kept: Workspace, tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "pets" / name / "1.png")
    import_dataset(kept, ImportRequest("pets", tmp_path / "pets"), now=NOW)
    before = n_rows(kept)
    filing.delete_dataset(kept, "pets", "pets", NOW)
    assert n_rows(kept)["images"] == before["images"] - 2
    assert n_rows(kept)["annotations"] == before["annotations"]


def test_another_name_deletes_nothing(kept: Workspace) -> None:
    before = n_rows(kept)
    with pytest.raises(AnswerRefused, match="nothing was deleted"):
        filing.delete_dataset(kept, "pilot", "Pilot", NOW)
    assert n_rows(kept) == before
    assert not list((kept.folder / KEPT).glob("before-deleting*"))


def test_without_a_copy_nothing_is_deleted(kept: Workspace) -> None:
    shutil.rmtree(kept.folder / KEPT)
    (kept.folder / KEPT).write_text("no folder")
    with pytest.raises(StoreUnavailable):
        filing.delete_dataset(kept, "pilot", "pilot", NOW)
    assert n_rows(kept)["annotations"]


@pytest.mark.postgres
def test_on_postgresql_a_copy_is_kept_too_unless_one_is_named(tmp_path: Path, postgres_server: str) -> None:
    with opened(load_settings(tmp_path / "w", database_url=new_postgres_schema(postgres_server)), create=True) as workspace:
        for name in ("one", "two"):
            with workspace.store.writing() as c:
                plain = {"labels": LabelSpace("none", ()), "protocol": PAPER, "seed": 0, "now": NOW}
                datasets.add(c, name=name, images_root="/x", reference_root=None, **plain)  # type: ignore[arg-type]
        copy = filing.delete_dataset(workspace, "one", "one", NOW)
        assert sqlite3.connect(copy).execute("SELECT name FROM datasets ORDER BY name").fetchall() == [("one",), ("two",)]
        with pytest.raises(InvalidInput, match="there is no such file, or it is empty"):
            filing.delete_dataset(workspace, "two", "two", NOW, copy=tmp_path / "dump")
        (tmp_path / "dump").write_text("a dump")
        filing.delete_dataset(workspace, "two", "two", NOW, copy=tmp_path / "dump")
        assert n_rows(workspace)["datasets"] == 0


def test_pictures_that_moved_are_known_by_their_fingerprints(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.dataset.images_root, tmp_path / "moved")
    shutil.copytree(str(study.dataset.reference_root), tmp_path / "moved references")
    with study.workspace.store.writing() as c:
        c.execute(update(exemplars).values(fingerprint=None))
    moved = relocate(study.workspace, "pilot", tmp_path / "moved", tmp_path / "moved references")
    assert (moved.images_root, moved.reference_root) == (str(tmp_path / "moved"), str(tmp_path / "moved references"))
    assert (moved.n_compared, moved.n_opened) == (6, 4 * 30)


def test_another_picture_in_its_place_or_a_missing_one_changes_nothing(study: Study, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(study.dataset.images_root, moved)
    first, second = (image.path for image in study.images[:2])
    (moved / first).unlink()
    shutil.copy(moved / study.images[2].path, moved / second)
    with pytest.raises(InvalidInput) as caught:
        relocate(study.workspace, "pilot", moved)
    assert {problem.where for problem in caught.value.problems} == {first, second}
    with study.workspace.store.reading() as c:
        assert datasets.find(c, "pilot").images_root == study.dataset.images_root
