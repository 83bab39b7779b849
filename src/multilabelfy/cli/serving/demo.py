"""`demo`: all four stages on drawn pictures with known truth, then the pages to try them on."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.output import now, progress_bar, say
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    import socket

    from multilabelfy.demo.running import Demo
    from multilabelfy.settings import Settings
    from multilabelfy.workflows.workspace import Workspace

FOLDER = Path("demo-workspace")
PLACES = {
    "annotate": ("annotator", "/d/demo/annotate"),
    "refine": ("expert", "/d/demo/refine"),
    "all pages, and the report": ("owner", "/d/demo/report"),
}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(demo)


def demo(
    workspace: Annotated[Path, typer.Option(help="The folder for the demo.")] = FOLDER,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="At the end, serve the pages and print links to them.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove an earlier demo from that folder and start again.")] = False,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000, else a free one")] = None,
    images: Annotated[int, typer.Option(min=10, max=5000, help="How many pictures to draw.")] = 300,
) -> None:
    """Draw a dataset with known truth, let simulated people take it through all four stages, and serve it for you to continue.

    With --no-serve, the last line on standard output is JSON with the paths of the report, the final labels, the truth and the workspace.
    """
    # BLAS threads would compete with the decoding threads over many small products. NumPy reads this on its first import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from multilabelfy.demo.running import run_demo
    from multilabelfy.settings import load_settings

    settings = load_settings(workspace, host=host, port=port)
    begins, finished = _stages()
    with progress_bar("pictures", "pictures") as progress:
        made = run_demo(settings, now=now(), fresh=fresh, n_images=images, begins=begins, progress=progress)
    finished()
    _say_results(made)
    if serve:
        _serve(settings, port_was_chosen=port is not None)
    else:
        sys.stdout.write(json.dumps(made.paths()) + "\n")


def _stages() -> tuple[Callable[[str], None], Callable[[], None]]:
    """Announce each stage as it begins, and at the end how long they all took."""
    began, stages = time.monotonic(), list[str]()

    def begins(stage: str) -> None:
        stages.append(stage)
        say(f"  {stage} …")

    def finished() -> None:
        if stages:
            say(f"  done in {time.monotonic() - began:.0f} s")

    return begins, finished


def _say_results(made: "Demo") -> None:
    if not made.is_new:
        say(f"The demo in '{made.workspace}' exists already; --fresh makes a new one.")
    has = "has" if made.n_released == 1 else "have"
    say(f"{counted(made.n_released, 'image')} {has} final labels; the other {made.n_unresolved} are for you.")
    say(f"The report: {made.report}")


def _serve(settings: "Settings", *, port_was_chosen: bool) -> None:
    from multilabelfy.cli.serving.serving import certificate_of, run_server
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.serving.serving import served
    from multilabelfy.workflows.workspace import opened

    listener = _listener(settings, port_was_chosen=port_was_chosen)
    listening = load_settings(settings.workspace, host=settings.host, port=listener.getsockname()[1], log_format="off")
    with opened(listening) as workspace, served(workspace, listening.address_at(listening.port)):
        certificate = certificate_of(workspace)
        for line in _links(workspace):
            say(line)
        say("Each link signs you in as a different person: open them in different browsers or private windows. Press Ctrl+C to stop.")
        run_server(workspace, listener, certificate)


def _listener(settings: "Settings", *, port_was_chosen: bool) -> "socket.socket":
    """A listener on the port of the settings; if that is taken and was not asked for, on a free one."""
    from multilabelfy.cli.serving.serving import listen
    from multilabelfy.errors import InvalidSetting

    try:
        return listen(settings.host, settings.port)
    except InvalidSetting:
        if port_was_chosen:
            raise
        return listen(settings.host, 0)


def _links(workspace: "Workspace") -> list[str]:
    """An invitation for each role, straight to its page; links from an earlier run end."""
    from multilabelfy.annotation.model import Role
    from multilabelfy.demo.campaign.cast import VISITORS
    from multilabelfy.workflows.team.people import invite

    width = max(map(len, PLACES))
    invitations = {place: invite(workspace, VISITORS[Role(role)], Role(role), now()) for place, (role, _) in PLACES.items()}
    return [f"  {place:{width}}  {invitations[place].link}?next={path}" for place, (_, path) in PLACES.items()]
