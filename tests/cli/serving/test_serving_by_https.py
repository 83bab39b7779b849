"""`serve` speaks https: under a certificate that is given, or under one that it makes; what is wrong with one is said in words."""

import os
import re
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from tests import processes
from tests.processes import Begun

from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import Settings, load_settings
from multilabelfy.workflows import serving as serving_room
from multilabelfy.workflows.serving import own_certificate
from multilabelfy.workflows.serving.certificates import certificate_for, names_of
from multilabelfy.workflows.workspace import opened

NOW = datetime.now(UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    with opened(load_settings(folder), create=True):
        return folder


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    return made(tmp_path / "one")


def made(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "cert.pem", folder / "key.pem"
    own_certificate.make(certificate, key, ["localhost", "127.0.0.1"], NOW)
    return certificate, key


@contextmanager
def serving(workspace: Path, *options: str, n_lines: int = 2) -> Iterator[str]:
    """What `serve` says while it serves on a free port."""
    command = ["serve", "--workspace", str(workspace), "--port", "0", *options]
    told = workspace.parent / "told.txt"
    with Path(os.devnull).open("wb") as nowhere, told.open("wb") as errors, Begun(command, os.environ, nowhere, errors) as server:
        try:
            yield said_by(server, told, n_lines)
        finally:
            server.terminate()


def said_by(server: Begun, told: Path, n_lines: int) -> str:
    """Its first lines, or all if it ends before."""
    while told.read_text().count("\n") < n_lines:
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.02)
            break
    return "".join(told.read_text().splitlines(keepends=True)[:n_lines])


def page(said: str, trusted: Path) -> httpx.Response:
    address = re.search(r"https://127\.0\.0\.1:\d+", said)
    assert address is not None, said
    return httpx.get(f"{address[0]}/sign-in", verify=ssl.create_default_context(cafile=str(trusted)), timeout=30)


def test_serve_speaks_https_under_a_certificate_that_is_given(workspace: Path, pair: tuple[Path, Path]) -> None:
    certificate, key = pair
    with serving(workspace, "--tls-cert", str(certificate), "--tls-key", str(key)) as said:
        assert page(said, certificate).status_code == 200


def test_serve_makes_a_certificate_of_its_own_at_the_first_start(workspace: Path) -> None:
    with serving(workspace, "--tls", "self-signed", n_lines=3) as said:
        assert page(said, workspace / "tls" / "certificate.pem").status_code == 200
    assert "to let a machine work without a connection" in said


def test_a_certificate_of_our_own_is_readable_by_its_owner_alone_and_kept(workspace: Path) -> None:
    settings = load_settings(workspace, tls="self-signed")
    first = certificate_for(settings, NOW)
    assert first is not None
    assert [stat.S_IMODE(file.stat().st_mode) for file in (first.certificate, first.key)] == [0o600, 0o600]
    before = first.certificate.read_bytes()
    assert certificate_for(settings, NOW + timedelta(days=300)) == first
    assert first.certificate.read_bytes() == before


@pytest.mark.parametrize(("changed", "days"), [({}, 380), ({"public_url": "https://labels.example:8000"}, 0), ({"host": "192.168.7.7"}, 0)])
def test_it_is_made_anew_where_it_ends_soon_or_lacks_a_name(workspace: Path, changed: dict[str, str], days: int) -> None:
    first = certificate_for(load_settings(workspace, tls="self-signed"), NOW)
    assert first is not None
    before = first.certificate.read_bytes()
    certificate_for(load_settings(workspace, tls="self-signed", **changed), NOW + timedelta(days=days))
    assert first.certificate.read_bytes() != before


def test_it_names_this_machine_and_the_address_that_people_type(workspace: Path) -> None:
    settings = load_settings(workspace, tls="self-signed", host="0.0.0.0", public_url="https://labels.example")
    certificate_for(settings, NOW)
    text = (workspace / "tls" / "certificate.pem").read_bytes()
    named = x509.load_pem_x509_certificate(text).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    names = {*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress))}
    assert {"labels.example", "localhost", "127.0.0.1", "::1"} <= names
    assert names == set(names_of(settings))
    assert "0.0.0.0" not in names


def test_links_say_https(workspace: Path) -> None:
    assert load_settings(workspace, tls="self-signed", port=8001).address == "https://127.0.0.1:8001"
    assert load_settings(workspace, host="::", port=8001).address == "http://127.0.0.1:8001"
    assert load_settings(workspace, host="fd00::7", tls="self-signed").address == "https://[fd00::7]:8000"


def refusal(**settings: object) -> str:
    with pytest.raises(InvalidSetting) as refused:
        certificate_for(Settings(**settings), NOW)  # type: ignore[arg-type]
    return str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    assert f"no certificate at '{tmp_path / 'none.pem'}'" in refusal(tls_cert=tmp_path / "none.pem", tls_key=pair[1])
    assert f"no key at '{tmp_path / 'none.pem'}'" in refusal(tls_cert=pair[0], tls_key=tmp_path / "none.pem")


def test_a_file_that_cannot_be_read_or_is_none_is_named(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    assert f"'{tmp_path}' cannot be read" in refusal(tls_cert=tmp_path, tls_key=pair[1])
    other = tmp_path / "other.txt"
    other.write_text("no certificate")
    assert f"'{other}' is not a key in PEM form" in refusal(tls_cert=pair[0], tls_key=other)
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert f"'{broken}' with the key" in refusal(tls_cert=broken, tls_key=pair[1])


def test_a_key_that_does_not_fit_is_named(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    _, other = made(tmp_path / "two")
    assert f"the key in '{other}' does not belong to the certificate in '{pair[0]}'" in refusal(tls_cert=pair[0], tls_key=other)


def test_a_key_with_a_passphrase_is_refused_with_the_way_out(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    from cryptography.hazmat.primitives import serialization as forms

    key = forms.load_pem_private_key(pair[1].read_bytes(), None)
    locked = tmp_path / "locked.pem"
    secret = forms.BestAvailableEncryption(b"secret")
    locked.write_bytes(key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, secret))
    assert "has a passphrase" in refusal(tls_cert=pair[0], tls_key=locked)


def test_settings_that_contradict_are_refused(pair: tuple[Path, Path]) -> None:
    assert "without its certificate" in refusal(tls_key=pair[1])
    assert "take one of them out" in refusal(tls_cert=pair[0], tls="self-signed")


def test_one_file_may_hold_both(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(pair[0].read_bytes() + pair[1].read_bytes())
    found = certificate_for(Settings(tls_cert=both), NOW)
    assert found is not None
    assert found.key == both


def test_over_plain_http_beyond_this_machine_serve_says_what_is_off(workspace: Path) -> None:
    with serving(workspace, "--host", "0.0.0.0") as said:
        assert "cannot work without a connection" in said
        assert "--tls self-signed" in said
    with serving(workspace) as said:
        assert "without a connection" not in said


def test_a_link_leads_where_the_workspace_is_served_whatever_the_flags_were(workspace: Path) -> None:
    invite = ["invite", "Ada", "--workspace", str(workspace)]
    with serving(workspace, "--tls", "self-signed") as said:
        address = re.search(r"https://127.0.0.1:\d+", said)
        invited = processes.run(*invite)
        assert address is not None
        assert invited.stdout.startswith(f"{address[0]}/sign-in/")
        assert f"is served at {address[0]}." in invited.stderr
    after = processes.run(*invite)
    assert after.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    assert "is not served now" in after.stderr


def test_without_the_extra_the_way_out_is_said(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "multilabelfy.workflows.serving.own_certificate")
    monkeypatch.delattr(serving_room, "own_certificate")
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert 'pip install "multilabelfy[tls]"' in refusal(workspace=workspace, tls="self-signed")
