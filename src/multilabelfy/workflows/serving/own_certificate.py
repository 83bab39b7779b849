"""Make a self-signed certificate, for a machine whose names nobody certifies: the extra `tls` (the package cryptography).

It is for a server only and cannot sign other certificates; its key never leaves the workspace.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LASTS = timedelta(days=397)
"""The longest that browsers accept of a certificate."""
RENEWED_BEFORE = timedelta(days=30)


def still_serves(certificate: Path, key: Path, wanted: Iterable[str], now: datetime) -> bool:
    """Whether both files exist, and the certificate does not end soon and contains all these names."""
    if not certificate.is_file() or not key.is_file():
        return False
    try:
        stored = x509.load_pem_x509_certificate(certificate.read_bytes())
        named = stored.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    known = {*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress))}
    return stored.not_valid_after_utc - now > RENEWED_BEFORE and known.issuperset(wanted)


def make(certificate: Path, key: Path, names: Iterable[str], now: datetime) -> None:
    """Write a new key on the curve P-256 and its certificate for these host names and addresses; only their owner can read them."""
    secret = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Multilabelfy on {socket.gethostname()}"[:64])])
    made = (
        x509.CertificateBuilder(issuer_name=whose, subject_name=whose, public_key=secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(key, secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(certificate, made.public_bytes(Encoding.PEM))


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(file: Path, content: bytes) -> None:
    """Write a file completely or not at all, readable only by its owner."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
    new.replace(file)
