"""Find the certificate for `serve`'s https: a configured one, or its own, made at the first start and kept.

Our own certificate names this machine's host names and addresses. It encrypts at once; to work offline a browser must also trust it,
so its file can be distributed (docs/server.md).
"""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

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
        from multilabelfy.workflows.serving import own_certificate
    except ModuleNotFoundError:
        raise InvalidSetting(
            'Cannot make a certificate: the package cryptography is not installed. Run `pip install "multilabelfy[tls]"`, '
            "or name a certificate that you have with --tls-cert FILE --tls-key FILE."
        ) from None
    folder = settings.workspace / FOLDER
    certificate = Certificate(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    wanted = _names_in_settings(settings)
    if not own_certificate.still_serves(certificate.certificate, certificate.key, wanted, now):
        own_certificate.make(certificate.certificate, certificate.key, names_of(settings), now)
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
