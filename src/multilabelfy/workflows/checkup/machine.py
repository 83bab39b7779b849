"""Check what surrounds a workspace: the clock, the time zone, the translations, and whether its server answers."""

import gettext
import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import multilabelfy
from multilabelfy.store.answers import annotations
from multilabelfy.store.database import health
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.served_at import address_in
from multilabelfy.workflows.workspace import Workspace

LOCALES = Path(multilabelfy.__file__).parent / "web" / "locales"
TOLERATED = timedelta(minutes=2)
"""How far two clocks may be apart."""
PATIENCE_SECONDS = 5.0
"""How long a server may take to say that it lives."""


def clock(workspace: Workspace, now: datetime) -> Iterator[CheckupItem]:
    """Whether this machine's clock is behind the newest answer, or apart from PostgreSQL's."""
    with workspace.store.reading() as c:
        newest, servers = annotations.newest_at(c), health.clock(c)
    astray = []
    if newest is not None and newest > now + TOLERATED:
        astray.append(f"the newest answer is of {newest:%Y-%m-%d %H:%M} UTC, and now is {now:%Y-%m-%d %H:%M} UTC")
    if servers is not None and abs(servers - now) > TOLERATED:
        astray.append(f"PostgreSQL says {servers:%Y-%m-%d %H:%M} UTC, and this machine {now:%Y-%m-%d %H:%M} UTC")
    if not astray:
        yield fine("clock", f"{now:%Y-%m-%d %H:%M} UTC")
        return
    means = "Leases, sessions and the times of answers are wrong."
    yield CheckupItem("clock", Severity.WARNING, "; ".join(astray), means, "Let NTP set the clock: `timedatectl set-ntp true`.")


def time_zone(_: Workspace, now: datetime) -> Iterator[CheckupItem]:
    """Which one this machine has; everything is stored in UTC, whichever that is."""
    yield fine("time zone", f"{now.astimezone():%z} here ({time.tzname[0]}); all times are stored in UTC")


def languages(_: Workspace, __: datetime) -> Iterator[CheckupItem]:
    """Whether each translation can be read."""
    unreadable = [folder.name for folder in sorted(LOCALES.iterdir()) if folder.is_dir() and not _is_readable(folder)]
    if not unreadable:
        yield fine("languages", "every translation can be read")
        return
    detail = f"the translation into {', '.join(unreadable)} cannot be read"
    yield CheckupItem(
        "languages",
        Severity.WARNING,
        detail,
        "Pages are in English instead.",
        "run `pip install --force-reinstall .` in the project's folder",
    )


def _is_readable(folder: Path) -> bool:
    try:
        with (folder / "LC_MESSAGES" / "multilabelfy.mo").open("rb") as file:
            gettext.GNUTranslations(file)
    except (OSError, UnicodeDecodeError):
        return False
    return True


def server(workspace: Workspace, _: datetime) -> Iterator[CheckupItem]:
    """Whether the server that serves the workspace answers."""
    address = address_in(workspace.folder)
    if address is None:
        yield CheckupItem("server", Severity.NOTE, "the workspace is not served now", "Nobody can work now.", "multilabelfy serve")
        return
    problem = _silence(address)
    if problem is None:
        yield fine("server", f"answers at {address}")
        return
    means = "A process holds the workspace and answers nobody."
    yield CheckupItem("server", Severity.PROBLEM, f"{address} does not answer: {problem}", means, "Start it anew; its log says more.")


def _silence(address: str) -> str | None:
    """Why nothing comes from there; None if the server says that it lives. Its certificate is not asked for: it is this machine."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    try:
        with closing(urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE_SECONDS, context=unchecked)) as answer:  # noqa: S310
            return None if answer.status == 200 else f"status {answer.status}"
    except OSError as error:
        return str(getattr(error, "reason", error))
