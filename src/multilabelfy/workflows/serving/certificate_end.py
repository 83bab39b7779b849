"""Read when a certificate ends, with Python's standard library alone: the DER of RFC 5280, section 4.1, as far as its validity."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
EXPLICIT_VERSION, UTC_TIME = 0xA0, 0x17


def end_of(file: Path) -> datetime:
    """When the first certificate of a PEM file ends; those after it are its chain. Raises OSError, and ValueError for anything else."""
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
