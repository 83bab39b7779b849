"""Commands about a whole dataset: `relocate`, `gold`, and `dataset`, which renames, archives and deletes."""

import shlex
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import DatasetName, JsonOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, progress_bar, root_named, say, workspace_at
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.owning.gold import GoldSet


class KindName(StrEnum):
    """The kinds of gold."""

    PRACTICE = "practice"
    CALIBRATION = "calibration"
    TEST = "test"


def relocate(
    name: DatasetName,
    images: Annotated[
        str, typer.Option(metavar="PATH", help="Where its pictures are now: a folder, a shard, s3://BUCKET/FOLDER or https://HOST/FOLDER.")
    ],
    reference: Annotated[str | None, typer.Option(metavar="PATH", help="Where its reference pictures are now, if they moved.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell a dataset where its pictures are after they were moved. Each must be the same picture, by its fingerprint."""
    from multilabelfy.workflows.owning.relocating import relocate as move

    with workspace_at(workspace) as opened, progress_bar("comparing pictures", "pictures") as progress:
        moved = move(opened, name, root_named(images), None if reference is None else root_named(reference), progress=progress)
    lines = [
        f"{moved.name}: the pictures are in {moved.images_root}. The fingerprints of {counted(moved.n_compared, 'picture')} are as before."
    ]
    if moved.n_opened:
        lines.append(f"{counted(moved.n_opened, 'picture')} had no fingerprint yet, and could only be found and opened.")
    emit(asdict(moved), as_json=as_json, human=lambda: "\n".join(lines))


def gold(
    name: DatasetName,
    file: Annotated[
        Path | None, typer.Option("--from", help=f"Images with known labels, as for import --final-labels: {LABEL_SETS.briefly}.")
    ] = None,
    draw: Annotated[int | None, typer.Option(min=1, help="Draw this many of the decided images.")] = None,
    retire: Annotated[list[str] | None, typer.Option(help="An image that is no longer gold. May be repeated.")] = None,
    kind: Annotated[
        KindName | None, typer.Option(help="Make them gold of this kind; without it they are dealt among the three kinds at random.")
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
    emit(_gold_json(gold_set), as_json=as_json, human=lambda: _gold_text(name, gold_set))


def dataset(
    name: DatasetName,
    new: Annotated[str | None, typer.Option("--rename", metavar="NEW", help="Its new name. Old addresses lead to the new ones.")] = None,
    archive: Annotated[
        bool, typer.Option("--archive", help="Take it out of everybody's list and hand out nothing of it. Nothing is deleted.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="With --archive: take it out of the archive; it stays paused.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete it with all its answers, once you have written its name again and a copy is kept.")
    ] = False,
    named: Annotated[str | None, typer.Option("--name", help="With --delete: its name once more, instead of being asked.")] = None,
    copy: Annotated[
        Path | None, typer.Option(help="With --delete: a copy of the database that you have made. Without it, one is made.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rename, archive or delete a dataset."""
    if [new is not None, archive, delete].count(True) != 1:
        raise typer.BadParameter("give one of --rename, --archive and --delete")
    if undo and not archive:
        raise typer.BadParameter("--undo goes with --archive")
    if not delete and (named is not None or copy is not None):
        raise typer.BadParameter("--name and --copy go with --delete")
    if new is not None:
        _rename(name, new, workspace, as_json=as_json)
    elif archive:
        _archive(name, workspace, undo=undo, as_json=as_json)
    else:
        _delete(name, named, copy, workspace, as_json=as_json)


def _rename(name: str, new: str, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.owning.filing import rename_dataset

    with workspace_at(workspace) as opened:
        renamed = rename_dataset(opened, name, new, now())
    emit({"name": renamed, "before": name}, as_json=as_json, human=lambda: f"'{name}' is called '{renamed}' now.")


def _archive(name: str, workspace: Path | None, *, undo: bool, as_json: bool) -> None:
    from multilabelfy.workflows.owning import filing

    with workspace_at(workspace) as opened:
        (filing.take_back if undo else filing.archive)(opened, name, now())
    back = f"'{name}' is back, and paused: resume it on its settings page."
    emit({"name": name, "archived": not undo}, as_json=as_json, human=lambda: back if undo else f"'{name}' is archived.")


def _delete(name: str, named: str | None, copy: Path | None, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.owning import filing

    with workspace_at(workspace) as opened:
        doomed = filing.contents(opened, name)
        holds = f"{counted(doomed.n_images, 'image')}, {counted(doomed.n_answers, 'answer')}, {counted(doomed.n_releases, 'release')}"
        say(f"'{name}' has {holds}. The picture files stay. A copy of the whole database is kept first.")
        again = named if named is not None else typer.prompt("To delete it, write its name", err=True)
        kept = filing.delete_dataset(opened, name, again, now(), copy=copy)
    emit({"deleted": name, "copy": str(kept)}, as_json=as_json, human=lambda: f"'{name}' is deleted. The copy: {kept}")


def _gold_json(gold_set: "GoldSet") -> dict[str, Any]:
    counts = {kind.value: n for kind, n in gold_set.counts.items()}
    changed = {"marked": gold_set.n_marked, "retired": gold_set.n_retired, "taken_from_queue": gold_set.n_taken_from_queue}
    return {**counts, "without_proposals": gold_set.n_without_proposals, **changed}


def _gold_text(name: str, gold_set: "GoldSet") -> str:
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
