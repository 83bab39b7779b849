"""Find the certificate for `serve`'s https: a configured one, or its own, made at the first start and kept.

Our own certificate names this machine's host names and addresses. It encrypts at once; to work offline a browser must also trust it,
so its file can be distributed (docs/server.md).
"""

import contextlib
import ipaddress
import os
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import Settings

FOLDER = "tls"
CERTIFICATE_FILE = "certificate.pem"
KEY_FILE = "key.pem"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 – addresses to recognise, not to listen on


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM files: a certificate (or a chain of them) and its key."""

    certificate: Path
    key: Path


def certificate_for(settings: Settings, now: datetime) -> Certificate | None:
    """The certificate to serve with, None for plain http; our own is made if it is missing or ends soon.

    Raises InvalidSetting for a missing, unreadable or malformed file, a key that does not fit, or settings that contradict each other.
    """
    if settings.tls_key and not settings.tls_cert:
        raise InvalidSetting("A key was given (tls_key) without its certificate: name that too, with --tls-cert FILE.")
    if settings.tls_cert and settings.tls == "self-signed":
        raise InvalidSetting("Both a certificate (tls_cert) and tls = self-signed are set: take one of them out.")
    if settings.hsts and not settings.tls_cert:
        raise InvalidSetting(
            "HSTS (hsts) needs a certificate that browsers trust: name it with --tls-cert FILE, or let the proxy that has it send it."
        )
    if settings.tls_cert:
        certificate = Certificate(settings.tls_cert, settings.tls_key or settings.tls_cert)
    elif settings.tls == "self-signed":
        certificate = _own_certificate(settings, now)
    else:
        return None
    check(certificate)
    return certificate


def check(certificate: Certificate) -> None:
    """Raise InvalidSetting, naming the file at fault, if these files cannot be used."""
    for name, file in (("certificate", certificate.certificate), ("key", certificate.key)):
        _check_readable(name, file)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.certificate, certificate.key, password=_no_passphrase)
    except ssl.SSLError as error:
        raise InvalidSetting(_explained(certificate, error)) from None


def names_of(settings: Settings) -> tuple[str, ...]:
    """The host names and addresses of this machine, those named in the settings first."""
    named = _names_in_settings(settings)
    return tuple(dict.fromkeys([*named, "localhost", "127.0.0.1", "::1", *_machine_names(), *_machine_addresses()]))


def _check_readable(name: str, file: Path) -> None:
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        raise InvalidSetting(f"Cannot serve by https: there is no {name} at '{file}'.") from None
    except OSError as error:
        raise InvalidSetting(f"Cannot serve by https: the {name} at '{file}' cannot be read ({error.strerror}).") from None
    if b"-----BEGIN " not in text:
        raise InvalidSetting(f"Cannot serve by https: '{file}' is not a {name} in PEM form (it has no line '-----BEGIN …').")


def _no_passphrase() -> str:
    return ""


def _explained(certificate: Certificate, error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"Cannot serve by https: the key in '{certificate.key}' does not belong to the certificate in '{certificate.certificate}'."
    if b"ENCRYPTED" in certificate.key.read_bytes():
        return f"Cannot serve by https: the key in '{certificate.key}' has a passphrase. Take it off: openssl pkey -in KEY -out NEW-KEY"
    where = (
        f"'{certificate.certificate}'"
        if certificate.certificate == certificate.key
        else f"'{certificate.certificate}' with the key '{certificate.key}'"
    )
    return f"Cannot serve by https: {where} cannot be used ({error.reason or error}). Both must be whole PEM files."


def _own_certificate(settings: Settings, now: datetime) -> Certificate:
    try:
        from multilabelfy.workflows.serving import certificates
    except ModuleNotFoundError:
        raise InvalidSetting(
            'Cannot make a certificate: the package cryptography is not installed. Run `pip install "multilabelfy[tls]"`, '
            "or name a certificate that you have with --tls-cert FILE --tls-key FILE."
        ) from None
    folder = settings.workspace / FOLDER
    certificate = Certificate(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    wanted = _names_in_settings(settings)
    if not certificates.still_serves(certificate.certificate, certificate.key, wanted, now):
        certificates.make(certificate.certificate, certificate.key, names_of(settings), now)
    return certificate


def _names_in_settings(settings: Settings) -> list[str]:
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    listening = None if settings.host in EVERYWHERE else settings.host
    return [name for name in (public, listening) if name]


def _machine_names() -> list[str]:
    return [name for name in (socket.gethostname(), socket.getfqdn()) if name and name.isascii()]


def _machine_addresses() -> Iterator[str]:
    """The host name's addresses, and those from which packets to other networks would leave (none is sent)."""
    with contextlib.suppress(OSError):  # a host name that nobody resolves
        yield from (str(address[4][0]).split("%")[0] for address in socket.getaddrinfo(socket.gethostname(), None))
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:  # no network of this kind
            probe.connect((elsewhere, 9))
            yield str(probe.getsockname()[0])


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
