"""A checkup finds answers that lie in no backup, and a certificate that ends."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from tests.workflows.checkup.test_checkup import found

from multilabelfy.settings import load_settings
from multilabelfy.workflows.checkup import checkup
from multilabelfy.workflows.checkup.certificate import SOON, end_of
from multilabelfy.workflows.checkup.item import CheckupItem, Severity
from multilabelfy.workflows.serving import own_certificate
from multilabelfy.workflows.workspace import KEPT, Workspace


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def back_up(study: Study, at: datetime) -> None:
    """A backup of this moment."""
    file = study.workspace.folder / KEPT / f"{at:%Y-%m-%d}" / "multilabelfy.db"
    file.parent.mkdir(parents=True)
    file.touch()
    os.utime(file, (at.timestamp(),) * 2)


def test_answers_of_more_than_a_week_ago_that_are_in_no_backup_are_found(study: Study) -> None:
    assert "nothing was answered" in found(study, "backups").detail
    answer(study, "Ada", 0, [0], now=NOW - timedelta(days=8))
    answer(study, "Ada", 1, [1], now=NOW - timedelta(days=2))
    alone = found(study, "backups")
    assert (alone.severity, "has none" in alone.detail) == (Severity.WARNING, True)
    back_up(study, NOW - timedelta(days=9))
    late = found(study, "backups")
    assert (late.severity, f"is of {NOW - timedelta(days=9):%Y-%m-%d %H:%M} UTC" in late.detail) == (Severity.WARNING, True)
    back_up(study, NOW - timedelta(days=7, hours=1))
    assert found(study, "backups").severity is Severity.OK


def certificate_item(study: Study, certificate: Path, now: datetime) -> CheckupItem:
    """What is told of this certificate."""
    settings = load_settings(study.workspace.folder, tls_cert=certificate)
    items = checkup.check(Workspace(settings, study.workspace.store, study.workspace.key), now)
    return next(item for item in items if item.what == "certificate")


@pytest.mark.parametrize("made_at", [NOW, datetime(2055, 1, 2, 3, 4, 5, tzinfo=NOW.tzinfo)])
def test_a_certificate_that_ended_or_ends_soon_is_found(study: Study, tmp_path: Path, made_at: datetime) -> None:
    file = tmp_path / "certificate.pem"
    own_certificate.make(file, tmp_path / "key.pem", ["localhost", "127.0.0.1"], made_at)
    ends_at = made_at + own_certificate.LASTS
    assert end_of(file) == ends_at
    moments = (ends_at - SOON - timedelta(hours=1), ends_at - SOON, ends_at - timedelta(seconds=1), ends_at)
    seen = [certificate_item(study, file, now).severity for now in moments]
    assert seen == [Severity.OK, Severity.WARNING, Severity.WARNING, Severity.PROBLEM]
    assert "ends in 14 days" in certificate_item(study, file, moments[1]).detail


def test_ones_own_certificate_is_looked_at_and_one_that_cannot_be_read_is_found(study: Study) -> None:
    folder = study.workspace.folder / "tls"
    own = Workspace(load_settings(study.workspace.folder, tls="self-signed"), study.workspace.store, study.workspace.key)
    assert "certificate" not in {item.what for item in checkup.check(own, NOW)}  # it is made at the first start
    own_certificate.make(folder / "certificate.pem", folder / "key.pem", ["localhost"], NOW - own_certificate.LASTS)
    [item] = [item for item in checkup.check(own, NOW) if item.what == "certificate"]
    assert (item.severity, item.way_out) == (Severity.PROBLEM, "Start the server anew: it makes a new one.")
    broken = folder / "broken.pem"
    for content in ("", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"):
        broken.write_text(content)
        assert certificate_item(study, broken, NOW).severity is Severity.PROBLEM
