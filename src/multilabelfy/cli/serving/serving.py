"""`serve`: the pages, on this machine or for a whole lab."""

import gc
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from multilabelfy.cli.options import WorkspaceOption
from multilabelfy.cli.output import now, say, workspace_at
from multilabelfy.cli.serving.supervising import GRACE_SECONDS, STARTED, end_in_time, ends, supervise
from multilabelfy.errors import InvalidSetting
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.settings import Settings
    from multilabelfy.workflows.serving.certificates import Certificate
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
        typer.Option(help="self-signed: serve https with a certificate that is made at the first start and kept.", show_default="off"),
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Serve https with this certificate (PEM, with its chain).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The certificate's key (PEM), unless the certificate's file contains it.")] = None,
    log_format: Annotated[
        Literal["text", "json", "off"] | None,
        typer.Option(help="How to log each request: a readable line, a JSON object a line, or not at all.", show_default="text"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="How many processes serve: several help where there are several cores.", show_default="1")
    ] = None,
    root_path: Annotated[str | None, typer.Option(help="The prefix under which a proxy shows the site, as /labels.")] = None,
    trusted_proxies: Annotated[
        str | None, typer.Option(help="Addresses of proxies whose forwarded headers are believed: 10.0.0.0/8,127.0.0.1.")
    ] = None,
    allowed_hosts: Annotated[
        str | None, typer.Option(help="The host names that requests may name: labels.example,*.lab.example.", show_default="any")
    ] = None,
    hsts: Annotated[bool | None, typer.Option("--hsts", help="With --tls-cert: tell browsers to use https alone for a year.")] = None,
) -> None:
    """Serve the pages to annotators, experts and owners."""
    from multilabelfy.web.operating.logs import set_up
    from multilabelfy.workflows.serving.serving import served
    from multilabelfy.workflows.upkeep.leftovers import remove_leftovers

    flags: dict[str, Any] = {"host": host, "port": port, "tls": tls, "tls_cert": tls_cert, "tls_key": tls_key, "log_format": log_format}
    flags |= {"workers": workers, "root_path": root_path, "trusted_proxies": trusted_proxies, "allowed_hosts": allowed_hosts, "hsts": hsts}
    with workspace_at(workspace, **flags) as opened:
        certificate = certificate_of(opened)
        remove_leftovers(opened)
        listener = listen(opened.settings.host, opened.settings.port)
        with served(opened, opened.settings.address_at(listener.getsockname()[1])):
            lines = _what_is_served(opened, listener.getsockname()[1], certificate)
            lines += filter(None, [opened.unused()])
            if opened.settings.workers > 1:
                set_up(opened.settings.log_format)
                supervise(opened.settings.workers, work, (opened.settings.model_dump(), listener, certificate), lambda: _say_all(lines))
            else:
                _say_all(lines)
                run_server(opened, listener, certificate)


def work(settings: dict[str, Any], listener: socket.socket, certificate: "Certificate | None", say: Callable[[str], None]) -> None:
    """What each of several workers does: open the workspace and serve until SIGTERM."""
    from multilabelfy.pictures.display import share_memory
    from multilabelfy.settings import Settings
    from multilabelfy.workflows.workspace import open_workspace

    share_memory(settings["workers"])
    run_server(open_workspace(Settings(**settings)), listener, certificate, on_started=lambda: say(STARTED))


def _say_all(lines: list[str]) -> None:
    for line in lines:
        say(line)


def certificate_of(workspace: "Workspace") -> "Certificate | None":
    """The certificate for https, made if necessary; None for plain http. Raises InvalidSetting."""
    from multilabelfy.workflows.serving.certificates import certificate_for

    return certificate_for(workspace.settings, now())


def _what_is_served(workspace: "Workspace", port: int, certificate: "Certificate | None") -> list[str]:
    settings = workspace.settings
    lines = [f"Serving '{workspace.folder}' at {settings.scheme}://{_as_host(settings.host)}:{port}{settings.root_path} (Ctrl+C stops it)."]
    if workspace.is_read_only:
        lines.append("The workspace is read-only: people can sign in and read, but nothing can be saved.")
    if settings.tls == "self-signed" and certificate:
        lines.append(
            f"Browsers warn once that they do not know the certificate. To end that, and to let a machine work without a connection, "
            f"make it trust '{certificate.certificate}'."
        )
    lines += _about_workers(settings)
    if not settings.is_secure_for_others:
        lines.append(
            "Over plain http, browsers on other machines cannot work without a connection (they still keep answers and send them later). "
            "Use --tls self-signed, or --tls-cert FILE --tls-key FILE, to make that possible."
        )
    return [*lines, "Nobody can sign in without a link: `multilabelfy invite NAME --role owner` prints one."]


def _about_workers(settings: "Settings") -> list[str]:
    cores = os.cpu_count() or 1
    if settings.workers > cores:
        return [f"{settings.workers} workers share {counted(cores, 'core')}: more than one for each core does not make it faster."]
    return []


def _as_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A bound, listening socket. Raises InvalidSetting if the address is not available."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol's number asyncio does not know it for TCP, and leaves small answers waiting for the browser's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InvalidSetting(
            f"Cannot listen on {host}:{port}: {error.strerror}. Another program may use the port: choose another with --port."
        ) from None
    listener.listen(2048)
    return listener


def run_server(
    workspace: "Workspace", listener: socket.socket, certificate: "Certificate | None" = None, on_started: Callable[[], None] = lambda: None
) -> None:
    """Serve until a signal ends it, by https under a certificate; what is under way has GRACE_SECONDS, then the socket is closed."""
    import uvicorn

    from multilabelfy.web.access.connections import PatientProtocol
    from multilabelfy.web.app import create_app
    from multilabelfy.web.operating.logs import set_up

    set_up(workspace.settings.log_format)
    app = create_app(workspace)
    app.state.background.watch()
    config = uvicorn.Config(
        app,
        log_config=None,
        proxy_headers=False,  # BehindProxy reads them, from named addresses alone
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        http=PatientProtocol,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, ends)
    server = uvicorn.Server(config)
    begin = server.startup

    async def begin_and_tell(sockets: list[socket.socket] | None = None) -> None:
        await begin(sockets)
        gc.freeze()  # what is loaded stays: looking through it for garbage kept everybody waiting for a seventh of a second
        on_started()

    server.startup = begin_and_tell  # type: ignore[method-assign]
    try:
        server.run(sockets=[listener])
    finally:
        if threading.current_thread() is threading.main_thread():
            end_in_time()
        app.state.background.let_go()
        listener.close()
