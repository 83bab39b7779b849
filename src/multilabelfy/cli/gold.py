"""`gold`: which images have known labels and show how well people answer."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, workspace_at
from multilabelfy.formats.inputs import LABEL_SETS

if TYPE_CHECKING:
    from multilabelfy.workflows.owning.gold import GoldSet


class KindName(StrEnum):
    """The kinds of gold."""

    PRACTICE = "practice"
    CALIBRATION = "calibration"
    TEST = "test"


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(gold)


def gold(
    name: Annotated[str, typer.Argument(help="The dataset's name.", show_default=False)],
    file: Annotated[
        Path | None,
        typer.Option("--from", help=f"Images with known labels, as for import --final-labels: {LABEL_SETS.briefly}."),
    ] = None,
    draw: Annotated[int | None, typer.Option("--draw", min=1, help="Draw so many of the images that are decided.")] = None,
    retire: Annotated[list[str] | None, typer.Option("--retire", help="An image that is gold no more (may be repeated).")] = None,
    kind: Annotated[
        KindName | None,
        typer.Option("--kind", help="Make them gold of this kind; without it they are dealt over the three kinds at random."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which images have known labels: practice for new annotators, calibration and test between ordinary images. Alone: how many."""
    from multilabelfy.annotation.checks import GoldKind
    from multilabelfy.workflows.owning import gold as marking

    if sum(one is not None for one in (file, draw, retire)) > 1:
        raise typer.BadParameter("one of --from, --draw and --retire at a time")
    wanted = None if kind is None else GoldKind(kind.value)
    with workspace_at(workspace) as open_one:
        if file is not None:
            found = marking.gold_from_file(open_one, name, file, wanted, now())
        elif draw is not None:
            found = marking.draw_gold(open_one, name, draw, wanted, now())
        elif retire:
            found = marking.retire_gold(open_one, name, retire, now())
        else:
            found = marking.gold_of(open_one, name)
    emit(_as_json(found), as_json=as_json, human=lambda: _as_text(name, found))


def _as_json(found: "GoldSet") -> dict[str, Any]:
    counts = {kind.value: n for kind, n in found.counts.items()}
    changed = {"marked": found.n_marked, "retired": found.n_retired, "taken_from_queue": found.n_taken_from_queue}
    return {**counts, "without_proposals": found.n_without_proposals, **changed}


def _as_text(name: str, found: "GoldSet") -> str:
    lines = [f"{name}: {', '.join(f'{n} {kind.value}' for kind, n in found.counts.items())}."]
    if found.n_taken_from_queue:
        lines.append(f"{found.n_taken_from_queue} of them left the queue: their labels are final now, as imported ones are.")
    if found.n_without_proposals:
        lines.append(
            f"{found.n_without_proposals} cannot be shown before they have proposals: run `multilabelfy propose {name} --model …`."
        )
    if not found.n_images:
        lines.append(f"Nothing is gold. Mark some with `multilabelfy gold {name} --from FILE`, or `--draw N` once images are decided.")
    return "\n".join(lines)
