"""A workspace of every released version opens in this one with every answer, and its study goes on; scripts/keep_release.py keeps them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.checking import next_sheet, say
from tests.studies import Study

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.settings import load_settings
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database import migrations
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.schema import metadata
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.workspace import Workspace, opened

RELEASES = Path(__file__).parent / "releases"
LATER = {"members", "background_jobs", "security_events", "machines", "machine_votes", "overlap_decisions", "embeddings", "kin"}
"""Tables that the first release did not have."""


@pytest.fixture(params=sorted(folder.name for folder in RELEASES.iterdir()))
def release(request: pytest.FixtureRequest) -> Path:
    return RELEASES / str(request.param)


@pytest.fixture
def workspace(release: Path, database_url: str, tmp_path: Path) -> Iterator[Workspace]:
    """The workspace of a release, opened by this version."""
    bring_back(release, database_url)
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "key").write_text((release / "key").read_text())
    with opened(load_settings(folder, database_url=database_url)) as workspace:
        yield workspace


def test_it_is_brought_up_to_date(workspace: Workspace) -> None:
    with workspace.store.reading() as c:
        assert migrations.revision_of(c) == migrations.REVISIONS[-1]


def test_every_row_is_there_and_the_summaries_agree_with_the_log(workspace: Workspace, release: Path) -> None:
    kept = re.findall(r'^INSERT INTO "?(\w+)"? VALUES', (release / "sqlite.sql").read_text(), flags=re.M)
    with workspace.store.reading() as c:
        for table in metadata.sorted_tables:
            n_kept = kept.count(table.name)
            assert n_kept or table.name in LATER, table.name
            assert c.execute(select(func.count()).select_from(table)).scalar_one() >= n_kept, table.name
        dataset = datasets.find(c, "pilot")
        assert rebuild.stored_summaries(c, dataset.id) == rebuild.recomputed(c, dataset.id)


def test_everybody_goes_on_to_see_what_they_saw(workspace: Workspace) -> None:
    with workspace.store.reading() as c:
        team = {member.id: member.role for member in members.team(c, datasets.find(c, "pilot").id)}
        everybody = {person.id: person.role for person in people.everyone(c)}
    assert team == everybody
    assert len(team) > 3


def test_its_release_is_exported_byte_for_byte(workspace: Workspace, release: Path, tmp_path: Path) -> None:
    export(workspace, "pilot", "final-labels", tmp_path / "final-labels.json")
    assert (tmp_path / "final-labels.json").read_bytes() == (release / "final-labels.json").read_bytes()


def test_whoever_held_a_picture_answers_it_now(workspace: Workspace) -> None:
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "pilot")
        study = Study(workspace, dataset, tuple(images.iterate(c, dataset.id)))
        cem = people.find(c, "Cem").id
    for _ in range(2):  # practice, then a picture of the study
        sheet = next_sheet(study, "Cem")
        assert sheet is not None
        say(study, "Cem", sheet, [sheet.groups[0][0].label.index])
    assert answered(workspace, cem) == 1


def answered(workspace: Workspace, who: AnnotatorId) -> int:
    """How many pictures this person has answered."""
    with workspace.store.reading() as c:
        return sum(annotation.annotator == who for annotation in annotations.iterate_latest(c, datasets.find(c, "pilot").id))


def bring_back(release: Path, database_url: str) -> None:
    """Run a release's SQL in an empty database."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:
            file.executescript((release / "sqlite.sql").read_text())
        return
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute((release / "postgresql.sql").read_bytes().decode())
