"""`serve`: the pages, on this machine or for a whole lab."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.output import WorkspaceOption, say, workspace_at
from multilabelfy.errors import InvalidSetting

if TYPE_CHECKING:
    from multilabelfy.workflows.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.", show_default="8000")] = None,
) -> None:
    """Serve the pages to annotators, experts and owners."""
    with workspace_at(workspace, host=host, port=port) as open_one:
        listener = listen(open_one.settings.host, open_one.settings.port)
        address = f"http://{open_one.settings.host}:{listener.getsockname()[1]}"
        say(f"Serving '{open_one.folder}' at {address} (Ctrl+C ends).")
        say("Nobody can sign in without a link: `multilabelfy invite NAME --role owner` prints one.")
        run_server(open_one, listener)


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


def run_server(workspace: "Workspace", listener: socket.socket) -> None:
    """Serve until a signal ends it; the socket is closed at the end."""
    import uvicorn

    from multilabelfy.web.app import create_app

    config = uvicorn.Config(create_app(workspace), log_level="warning", access_log=False, server_header=False, date_header=True)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()
