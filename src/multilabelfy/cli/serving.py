"""`serve`: the pages, on this machine or for a whole lab."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from multilabelfy.cli.output import WorkspaceOption, now, say, workspace_at
from multilabelfy.errors import InvalidSetting

if TYPE_CHECKING:
    from multilabelfy.workflows.upkeep.certificates import Certificate
    from multilabelfy.workflows.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.", show_default="8000")] = None,
    tls: Annotated[
        Literal["off", "self-signed"] | None,
        typer.Option(help="self-signed: speak https under a certificate that is made at the first start and kept.", show_default="off"),
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Speak https under this certificate (PEM, with its chain).", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="The certificate's key (PEM), where the certificate's file does not hold it.", show_default=False)
    ] = None,
) -> None:
    """Serve the pages to annotators, experts and owners."""
    flags: dict[str, Any] = {"host": host, "port": port, "tls": tls, "tls_cert": tls_cert, "tls_key": tls_key}
    with workspace_at(workspace, **flags) as open_one:
        certificate = certificate_of(open_one)
        listener = listen(open_one.settings.host, open_one.settings.port)
        for line in _what_is_served(open_one, listener.getsockname()[1], certificate):
            say(line)
        run_server(open_one, listener, certificate)


def certificate_of(workspace: "Workspace") -> "Certificate | None":
    """What to speak https under, made where need be; None for plain http. Raises InvalidSetting."""
    from multilabelfy.workflows.upkeep.certificates import certificate_for

    return certificate_for(workspace.settings, now())


def _what_is_served(workspace: "Workspace", port: int, certificate: "Certificate | None") -> list[str]:
    settings = workspace.settings
    lines = [f"Serving '{workspace.folder}' at {settings.scheme}://{_as_host(settings.host)}:{port} (Ctrl+C ends)."]
    if settings.tls == "self-signed" and certificate:
        lines.append(
            f"Browsers warn once of a certificate that they do not know. Trust '{certificate.certificate}' on a machine to end that, and "
            "to let it work without a connection."
        )
    if not settings.is_secure_for_others:
        lines.append(
            "Over plain http browsers on other machines cannot work without a connection (answers are kept and sent later all the same): "
            "--tls self-signed, or --tls-cert FILE --tls-key FILE, switches that on."
        )
    return [*lines, "Nobody can sign in without a link: `multilabelfy invite NAME --role owner` prints one.", *_links_elsewhere(workspace)]


def _links_elsewhere(workspace: "Workspace") -> list[str]:
    """Other commands know the workspace's settings, not the flags of this one."""
    from multilabelfy.settings import load_settings

    if load_settings(workspace.folder).address.split(":")[0] == workspace.settings.address.split(":")[0]:
        return []
    return [f"Write tls or tls_cert and tls_key into '{workspace.folder / 'settings.toml'}' too, so that its links say https."]


def _as_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A bound, listening socket. Raises InvalidSetting where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InvalidSetting(
            f"Cannot listen on {host}:{port}: {error.strerror}. Another program may hold the port: choose one with --port."
        ) from None
    listener.listen(2048)
    return listener


def run_server(workspace: "Workspace", listener: socket.socket, certificate: "Certificate | None" = None) -> None:
    """Serve until a signal ends it, by https under a certificate; the socket is closed at the end."""
    import uvicorn

    from multilabelfy.web.app import create_app

    config = uvicorn.Config(
        create_app(workspace),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()
