"""`gold`: images with known labels, which show how well people answer."""

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, workspace_at
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.plurals import counted

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
    draw: Annotated[int | None, typer.Option("--draw", min=1, help="Draw this many of the decided images.")] = None,
    retire: Annotated[list[str] | None, typer.Option("--retire", help="An image that is no longer gold. May be repeated.")] = None,
    kind: Annotated[
        KindName | None,
        typer.Option("--kind", help="Make them gold of this kind; without it they are dealt among the three kinds at random."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Choose images with known labels: practice for new annotators, calibration and test between ordinary images. Alone, count them."""
    from multilabelfy.annotation.checking.checks import GoldKind
    from multilabelfy.workflows.owning import gold as marking

    if sum(option is not None for option in (file, draw, retire)) > 1:
        raise typer.BadParameter("give one of --from, --draw and --retire at a time")
    wanted = None if kind is None else GoldKind(kind.value)
    with workspace_at(workspace) as opened:
        if file is not None:
            gold_set = marking.gold_from_file(opened, name, file, wanted, now())
        elif draw is not None:
            gold_set = marking.draw_gold(opened, name, draw, wanted, now())
        elif retire:
            gold_set = marking.retire_gold(opened, name, retire, now())
        else:
            gold_set = marking.gold_of(opened, name)
    emit(_as_json(gold_set), as_json=as_json, human=lambda: _as_text(name, gold_set))


def _as_json(gold_set: "GoldSet") -> dict[str, Any]:
    counts = {kind.value: n for kind, n in gold_set.counts.items()}
    changed = {"marked": gold_set.n_marked, "retired": gold_set.n_retired, "taken_from_queue": gold_set.n_taken_from_queue}
    return {**counts, "without_proposals": gold_set.n_without_proposals, **changed}


def _as_text(name: str, gold_set: "GoldSet") -> str:
    lines = [f"{name}: {', '.join(f'{n} {kind.value}' for kind, n in gold_set.counts.items())}."]
    if gold_set.n_taken_from_queue:
        lines.append(f"{gold_set.n_taken_from_queue} of them left the queue: their labels are final now, like imported ones.")
    if gold_set.n_without_proposals:
        unshown = counted(gold_set.n_without_proposals, "image")
        lines.append(f"{unshown} cannot be shown without proposals: run `multilabelfy propose {shlex.quote(name)} --model …`.")
    if not gold_set.n_images:
        lines.append(
            f"No image is gold. Mark some with `multilabelfy gold {shlex.quote(name)} --from FILE`, or `--draw N` once images are decided."
        )
    return "\n".join(lines)
