"""`kin`: which images look alike to a model, and whether annotators meet these one after another."""

import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, progress_bar, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.alike.kin import KinFound
    from multilabelfy.workflows.alike.kin_queue import KinTogether
    from multilabelfy.workflows.workspace import Workspace


class Queue(StrEnum):
    """The orders of the annotators' queue."""

    KIN = "kin"
    DRAWN = "drawn"


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(kin)


def kin(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    queue: Annotated[
        Queue | None,
        typer.Option(
            "--queue",
            help="Instead, order the annotators’ queue: kin puts images that look alike one after another, drawn goes back to the seed’s "
            "order.",
            show_default=False,
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            "--share",
            min=0,
            max=1,
            help="With --queue kin: the share of the groups that are put together, drawn by the seed.",
            show_default="0.5",
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work out which images look most alike to the model that last left embeddings, for the images' pages, or order the queue by it."""
    if share is not None and queue is not Queue.KIN:
        raise typer.BadParameter("--share goes with --queue kin")
    with workspace_at(workspace) as opened:
        if queue is Queue.KIN:
            _order(opened, name, share, as_json=as_json)
        elif queue is Queue.DRAWN:
            _restore(opened, name, as_json=as_json)
        else:
            _find(opened, name, as_json=as_json)


def _find(opened: "Workspace", name: str, *, as_json: bool) -> None:
    from multilabelfy.workflows.alike.kin import find_kin

    began = time.perf_counter()
    with progress_bar("Comparing") as advance:
        kin_found = find_kin(opened, name, advance)
    seconds = time.perf_counter() - began
    emit(_found_as_json(kin_found, seconds), as_json=as_json, human=lambda: _found_as_text(kin_found, seconds))


def _order(opened: "Workspace", name: str, share: float | None, *, as_json: bool) -> None:
    from dataclasses import asdict

    from multilabelfy.workflows.alike.kin_queue import DEFAULT_SHARE, put_kin_together

    together = put_kin_together(opened, name, DEFAULT_SHARE if share is None else share)
    emit(asdict(together), as_json=as_json, human=lambda: _together_as_text(name, together))


def _restore(opened: "Workspace", name: str, *, as_json: bool) -> None:
    from multilabelfy.workflows.alike.kin_queue import put_as_drawn

    n_moved = put_as_drawn(opened, name)
    text = (
        f"{counted(n_moved, 'image')} went back: all that wait stand where they were drawn." if n_moved else "No image stood among its kin."
    )
    emit({"n_moved": n_moved}, as_json=as_json, human=lambda: text)


def _found_as_json(kin_found: "KinFound", seconds: float) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(kin_found) | {"seconds": round(seconds, 3)}


def _found_as_text(kin_found: "KinFound", seconds: float) -> str:
    how = "every pair was compared" if kin_found.is_exact else "approximately, by faiss"
    lines = [
        f"The {counted(kin_found.n_kin, 'image')} most like each of {counted(kin_found.n_images, 'image')}, by {kin_found.model}: "
        f"{seconds:.1f} s, {how}."
    ]
    if kin_found.n_without:
        lines.append(f"Without an embedding by it, so without kin: {counted(kin_found.n_without, 'image')}.")
    return "\n".join(lines)


def _together_as_text(name: str, together: "KinTogether") -> str:
    if not together.n_together:
        return f"{counted(together.n_waiting, 'image')} wait for annotators, as they were drawn: no group of kin was put together."
    n_singly = together.n_waiting - together.n_together
    return (
        f"By {together.model}, {counted(together.n_together, 'image')} in {counted(together.n_groups, 'group')} come among their kin, and "
        f"{counted(n_singly, 'image')} singly, as they were drawn. The way back: multilabelfy kin {name} --queue drawn"
    )
