"""Check when the certificate ends with which the workspace is served."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from multilabelfy.plurals import counted
from multilabelfy.settings import Settings
from multilabelfy.workflows.checkup.item import CheckupItem, Severity, fine
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


PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
EXPLICIT_VERSION, UTC_TIME = 0xA0, 0x17


def end_of(file: Path) -> datetime:
    """When the first certificate of a PEM file ends; those after it are its chain. Raises OSError, and ValueError for anything else.

    Read with Python's standard library alone: the DER of RFC 5280, section 4.1, as far as its validity.
    """
    block = PEM.search(file.read_bytes())
    if block is None:
        raise ValueError("it holds no certificate")
    der = ssl.PEM_cert_to_DER_cert(block[0].decode("ascii"))
    try:
        return _end_in(der)
    except (IndexError, StopIteration, UnicodeDecodeError):
        raise ValueError("it is cut off") from None


def _end_in(der: bytes) -> datetime:
    """`notAfter`: the second time of the validity, which follows serial number, algorithm and issuer."""
    certificate = next(_elements(der))[1]
    fields = list(_elements(next(_elements(certificate))[1]))
    validity = fields[4 if fields[0][0] == EXPLICIT_VERSION else 3][1]
    kind, written = list(_elements(validity))[1]
    form = "%y%m%d%H%M%SZ" if kind == UTC_TIME else "%Y%m%d%H%M%SZ"
    return datetime.strptime(written.decode("ascii"), form).replace(tzinfo=UTC)


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element, one after another."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            n = length & 0x7F
            length, at = int.from_bytes(der[at : at + n], "big"), at + n
        yield tag, der[at : at + length]
        at += length
