"""A checkup finds each thing that can break, says what it means and what to do, and mends what is safe to mend."""

import http.server
import os
import re
import shutil
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from tests.answering import answer
from tests.databases import empty
from tests.studies import NOW, Study, ready_study

from multilabelfy.formats.files.whole_files import LEFT, part_beside
from multilabelfy.store.answers import rebuild
from multilabelfy.store.database import health
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.schema import annotations, assignments, final_labels, person_counts
from multilabelfy.store.schema import images as stored_images
from multilabelfy.workflows.checkup import checkup
from multilabelfy.workflows.checkup import machine as checkup_machine
from multilabelfy.workflows.checkup.item import CheckupItem, Severity
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.serving.serving import served
from multilabelfy.workflows.workspace import KEPT

ROOT = Path(__file__).resolve().parents[3]
Usage = namedtuple("Usage", ["total", "used", "free"])


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    (ready.workspace.folder / "key").chmod(0o600)
    yield ready
    ready.workspace.close()


@pytest.fixture
def own_pictures(study: Study, tmp_path: Path) -> Path:
    """The study's pictures as a copy that a test may change."""
    folder = tmp_path / "pictures"
    shutil.copytree(study.dataset.images_root, folder)
    with study.workspace.store.writing() as c:
        c.execute(text("UPDATE datasets SET images_root = :root"), {"root": str(folder)})
    return folder


def found(study: Study, what: str) -> CheckupItem:
    """What a checkup says of one thing, which must be there."""
    return next(item for item in checkup.check(study.workspace, NOW) if item.what == what)


def astray(study: Study) -> dict[str, Severity]:
    """All that needs something to be done."""
    return {item.what: item.severity for item in checkup.check(study.workspace, NOW) if not item.ok}


def answer_images(study: Study, name: str, n: int) -> None:
    """Let somebody answer the first pictures by their given labels."""
    for number in range(n):
        answer(study, name, number, [number])


def old(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"half")
    for place in (file, file.parent):
        os.utime(place, (time.time() - LEFT - 60,) * 2)
    return file


def test_a_workspace_in_order_has_nothing_to_do_and_whatever_has_says_what_it_means(study: Study) -> None:
    items = checkup.check(study.workspace, NOW)
    assert [item.what for item in items if not item.ok] == []
    assert {item.what for item in items} >= {
        "key", "disk", "log", "temporary files", "database", "schema", "counters of pilot", "pictures of pilot",
        "reference pictures of pilot", "clock", "time zone", "languages", "server",
    }  # fmt: skip
    assert all(item.means and item.way_out for item in items if item.severity is not Severity.OK)


def test_each_check_has_its_row_on_its_page(study: Study) -> None:
    page = (ROOT / "docs" / "server.md").read_text()
    named = {item.what.replace("pilot", "a dataset") for item in checkup.check(study.workspace, NOW)}
    cells = {name.strip() for row in re.findall(r"^\| ([^|]+) \|", page, flags=re.M) for name in row.split(",")}
    assert named <= cells


def test_secrets_that_others_can_read_are_found_and_hidden(study: Study) -> None:
    key, settings = study.workspace.folder / "key", study.workspace.folder / "settings.toml"
    settings.write_text('database_url = "postgresql://ada:secret@db/study"\n')
    for file in (key, settings):
        file.chmod(0o644)
    assert astray(study) == {"key": Severity.PROBLEM, "settings": Severity.PROBLEM}
    checkup.repair(study.workspace, NOW)
    assert astray(study) == {}
    assert [file.stat().st_mode & 0o777 for file in (key, settings)] == [0o600, 0o600]


@pytest.mark.parametrize(("gib", "severity"), [(4, Severity.WARNING), (0.5, Severity.PROBLEM)])
def test_a_disk_that_is_nearly_full_is_found(study: Study, gib: float, severity: Severity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, int(gib * (1 << 30))))
    assert found(study, "disk").severity is severity


def test_what_killed_processes_left_is_found_and_removed_and_what_is_being_written_is_not(study: Study) -> None:
    folder = study.workspace.folder
    left = [
        old(folder / "downloads" / "votes.csv"),
        old(part_beside(folder / KEPT / "copy.db")),
        old(part_beside(folder / "settings.toml")),
    ]
    young = part_beside(folder / "settings.toml")
    young.write_text("half")
    assert "3 temporary files" in found(study, "temporary files").detail
    assert "3 temporary files of killed processes removed." in checkup.repair(study.workspace, NOW)
    assert ([file.exists() for file in left], young.exists()) == ([False] * 3, True)


def test_commits_that_are_in_the_log_alone_are_named_and_moved_into_the_file(study: Study) -> None:
    study.invite("Ada")
    assert found(study, "log").severity is Severity.NOTE
    assert any("moved into its file" in line for line in checkup.repair(study.workspace, NOW))
    assert found(study, "log").severity is Severity.OK


def test_counters_that_are_off_are_found_and_computed_anew_after_a_copy(study: Study) -> None:
    answer_images(study, "Ada", 3)
    with study.workspace.store.writing() as c:
        c.execute(update(person_counts).values(n_answered=7))
        n_answers = c.execute(text("SELECT count(*) FROM annotations")).scalar_one()
    assert astray(study) == {"counters of pilot": Severity.PROBLEM}
    done = checkup.repair(study.workspace, NOW)
    assert any("computed anew" in line for line in done)
    assert astray(study) == {}
    assert len(list((study.workspace.folder / KEPT).glob("before-repair-*.db"))) == 1
    with study.workspace.store.reading() as c:
        assert c.execute(text("SELECT count(*) FROM annotations")).scalar_one() == n_answers
        assert rebuild.stored_summaries(c, study.dataset.id) == rebuild.recomputed(c, study.dataset.id)


def test_where_no_copy_can_be_kept_no_counter_is_touched(study: Study) -> None:
    answer_images(study, "Ada", 1)
    with study.workspace.store.writing() as c:
        c.execute(update(person_counts).values(n_answered=7))
    (study.workspace.folder / KEPT).write_text("no folder")
    with pytest.raises(Exception, match="Cannot write the backup"):
        checkup.repair(study.workspace, NOW)
    assert astray(study) == {"counters of pilot": Severity.PROBLEM, "backups": Severity.WARNING}


def test_pictures_in_hand_for_long_are_told_and_need_nothing(study: Study) -> None:
    answer_images(study, "Ada", 1)
    with study.workspace.store.writing() as c:
        c.execute(update(assignments).values(state="open", expires_at=NOW - timedelta(days=2)))
    item = found(study, "pictures in hand of pilot")
    assert (item.severity, item.ok) == (Severity.NOTE, True)


def test_a_release_that_lost_an_image_is_found(study: Study) -> None:
    answer_images(study, "Ada", 6)
    answer_images(study, "Bob", 6)
    release = resolve(study.workspace, "pilot", NOW).release
    assert release is not None
    assert release.n_images > 1
    assert found(study, "release 1 of pilot").ok
    with study.workspace.store.writing() as c:
        first = c.execute(text("SELECT min(image_id) FROM final_labels")).scalar_one()
        c.execute(delete(final_labels).where(final_labels.c.image_id == first))
    assert found(study, "release 1 of pilot").severity is Severity.PROBLEM


def test_missing_changed_and_unreadable_pictures_are_told_apart(study: Study, own_pictures: Path) -> None:
    first, second, third, fourth = (image.path for image in study.images[:4])
    (own_pictures / first).unlink()
    shutil.copy(own_pictures / fourth, own_pictures / second)
    (own_pictures / third).write_bytes(b"no picture")
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[4].id, "it is cut off")
    assert astray(study) == {"pictures of pilot": Severity.PROBLEM, "changed pictures of pilot": Severity.PROBLEM}
    assert f"1 of 6 are gone, the first '{first}'" in found(study, "pictures of pilot").detail
    assert "2 of a sample of" in found(study, "changed pictures of pilot").detail
    assert "it is cut off" in found(study, "unreadable pictures of pilot").detail


def test_missing_reference_pictures_are_found(study: Study, tmp_path: Path) -> None:
    with study.workspace.store.writing() as c:
        c.execute(text("UPDATE datasets SET reference_root = :root"), {"root": str(tmp_path / "nowhere")})
    assert astray(study) == {"reference pictures of pilot": Severity.PROBLEM}


def test_a_clock_behind_the_newest_answer_is_found(study: Study) -> None:
    answer_images(study, "Ada", 1)
    with study.workspace.store.writing() as c:
        c.execute(update(annotations).values(submitted_at=NOW + timedelta(hours=3)))
    assert astray(study) == {"clock": Severity.WARNING}


def test_a_translation_that_cannot_be_read_is_found(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(checkup_machine.LOCALES, tmp_path / "locales")
    (tmp_path / "locales" / "de" / "LC_MESSAGES" / "multilabelfy.mo").write_bytes(b"no translation")
    monkeypatch.setattr(checkup_machine, "LOCALES", tmp_path / "locales")
    assert astray(study) == {"languages": Severity.WARNING}


class Lives(http.server.BaseHTTPRequestHandler):
    """A server that says that it lives, or does not."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:
        """Nothing is printed."""


@pytest.mark.parametrize("status", [200, 503, None])
def test_a_server_that_does_not_answer_where_it_says_that_it_serves_is_found(study: Study, status: int | None) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), type("Lives", (Lives,), {"status": status or 200}))
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if status is None:
        server.shutdown()
        server.server_close()
    try:
        with served(study.workspace, address):
            assert found(study, "server").severity is (Severity.OK if status == 200 else Severity.PROBLEM)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.postgres
def test_on_postgresql_it_asks_the_servers_clock_and_mends_counters_too(tmp_path: Path, postgres_tables: str) -> None:
    with Store.open(postgres_tables) as store, store.writing() as c:
        empty(c)
    study = ready_study(tmp_path, database_url=postgres_tables)
    (study.workspace.folder / "key").chmod(0o600)
    with study.workspace.store.writing() as c:
        c.execute(update(stored_images).values(n_answers=7))
        servers = health.clock(c)
    assert servers is not None
    items = checkup.check(study.workspace, servers)
    assert [item.what for item in items if not item.ok] == ["counters of pilot"]
    checkup.repair(study.workspace, servers)
    assert [item.what for item in checkup.check(study.workspace, servers) if not item.ok] == []
    assert [item.what for item in checkup.check(study.workspace, servers + timedelta(hours=1)) if not item.ok] == ["clock"]
    study.workspace.close()
