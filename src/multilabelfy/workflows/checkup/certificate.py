"""Check when the certificate ends with which the workspace is served."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from multilabelfy.plurals import counted
from multilabelfy.settings import Settings
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
from multilabelfy.workflows.serving.certificate_end import end_of
from multilabelfy.workflows.serving.certificates import CERTIFICATE_FILE, FOLDER
from multilabelfy.workflows.workspace import Workspace

SOON = timedelta(days=14)
RENEW = "Put a new certificate in its place, then start the server anew: it reads the file when it starts."
START = "Start the server anew: it makes a new one."


def end(workspace: Workspace, now: datetime) -> Iterator[CheckupItem]:
    """Whether it ends soon or has ended; nothing where `serve` uses none, or has made none yet."""
    settings = workspace.settings
    file = _file(settings)
    if file is None:
        return
    way_out = RENEW if settings.tls_cert else START
    try:
        ends_at = end_of(file)
    except (OSError, ValueError) as error:
        yield CheckupItem("certificate", Severity.PROBLEM, f"'{file}' cannot be read ({error})", "The server cannot start.", way_out)
        return
    written = f"{ends_at:%Y-%m-%d %H:%M} UTC"
    if ends_at <= now:
        means = "Browsers refuse the page, and unsent answers wait in them."
        yield CheckupItem("certificate", Severity.PROBLEM, f"'{file}' ended on {written}", means, way_out)
    elif ends_at - now <= SOON:
        left = counted((ends_at - now).days, "day")
        means = "After that browsers refuse the page, and unsent answers wait in them."
        yield CheckupItem("certificate", Severity.WARNING, f"'{file}' ends in {left}, on {written}", means, way_out)
    else:
        yield fine("certificate", f"good until {written}")


def _file(settings: Settings) -> Path | None:
    own = settings.workspace / FOLDER / CERTIFICATE_FILE
    return settings.tls_cert or (own if settings.tls == "self-signed" and own.exists() else None)
