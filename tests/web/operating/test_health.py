"""What watches the server learns without a session whether it lives and whether it can serve, and nothing about the machine."""

import errno
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.databases import new_postgres_schema
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.web.operating.health import Readiness
from multilabelfy.workflows.serving.readiness import Hindrance, hindrance
from multilabelfy.workflows.workspace import Workspace


def of(study: Study, clock: Clock) -> tuple[int, str]:
    """What /readyz answers; it says nothing of the machine, whatever it says."""
    answer = Browser(study, clock).get("/readyz")
    assert str(study.workspace.folder) not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.text.strip()


def refuse_writing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the system refuse every new temporary file for this reason."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused", "/srv/secret/place")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)


def test_a_server_that_can_serve_says_so(study: Study, clock: Clock) -> None:
    assert of(study, clock) == (200, "ok")


def test_a_process_lives_whatever_became_of_its_database(study: Study, clock: Clock) -> None:
    visitor = Browser(study, clock)
    (study.workspace.folder / "multilabelfy.db").unlink()
    study.workspace.store.close()
    assert (visitor.get("/healthz").status_code, visitor.get("/healthz").text) == (200, "ok\n")


def test_a_database_that_cannot_be_read_is_not_ready(study: Study, clock: Clock) -> None:
    study.workspace.store.close()
    (study.workspace.folder / "multilabelfy.db").write_bytes(b"no database" * 1000)
    assert of(study, clock) == (503, "database-unreachable")


def test_a_database_of_another_version_is_not_ready(study: Study, clock: Clock) -> None:
    with study.workspace.store.writing() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    assert of(study, clock) == (503, "database-outdated")


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "disk-full"), (errno.EROFS, "disk-read-only"), (errno.EACCES, "disk-read-only"), (errno.EIO, "disk-faulty")],
)
def test_a_disk_that_takes_nothing_is_named_for_what_it_is(
    study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch, number: int, word: str
) -> None:
    refuse_writing(monkeypatch, number)
    assert of(study, clock) == (503, word)


def test_a_workspace_that_was_opened_for_reading_is_not_ready(study: Study, clock: Clock) -> None:
    study.workspace.store.is_read_only = True
    assert of(study, clock) == (503, "disk-read-only")


@pytest.mark.postgres
def test_on_postgresql_too_tables_of_another_version_are_named(tmp_path: Path, postgres_server: str) -> None:
    study = ready_study(tmp_path, database_url=new_postgres_schema(postgres_server))
    assert hindrance(study.workspace) is None
    with study.workspace.store.writing() as c:
        c.execute(text("DROP TABLE alembic_version"))
    assert hindrance(study.workspace) is Hindrance.DATABASE_OUTDATED
    study.workspace.close()


def test_however_often_strangers_ask_the_disk_is_asked_once_a_second(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Workspace] = []
    monkeypatch.setattr("multilabelfy.web.operating.health.hindrance", looks.append)
    seconds = 0.0
    readiness = Readiness(clock=lambda: seconds)
    for at in (0.0, 0.2, 0.9, 1.0, 1.5, 2.1):
        seconds = at
        readiness.of(study.workspace)
    assert len(looks) == 3
