"""Commands about a whole dataset: `rename`, `archive`, `relocate` and `delete`."""

from pathlib import Path
from typing import Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, progress_bar, root_named, say, workspace_at
from multilabelfy.plurals import counted

Name = Annotated[str, typer.Argument(help="The dataset's name.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(rename)
    app.command()(archive)
    app.command()(relocate)
    app.command()(delete)


def rename(
    name: Name,
    new: Annotated[str, typer.Argument(help="Its new name.", show_default=False)],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rename a dataset. Old addresses of its pages lead to the new ones."""
    from multilabelfy.workflows.owning.filing import rename_dataset

    with workspace_at(workspace) as opened:
        renamed = rename_dataset(opened, name, new, now())
    emit({"name": renamed, "before": name}, as_json=as_json, human=lambda: f"'{name}' is called '{renamed}' now.")


def archive(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Take it out of the archive; it stays paused.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a dataset out of everybody's list and hand out nothing of it. Nothing is deleted, and --undo takes it back."""
    from multilabelfy.workflows.owning import filing

    with workspace_at(workspace) as opened:
        if undo:
            filing.take_back(opened, name, now())
        else:
            filing.archive(opened, name, now())
    back = f"'{name}' is back, and paused: resume it on its settings page."
    emit({"name": name, "archived": not undo}, as_json=as_json, human=lambda: back if undo else f"'{name}' is archived.")


def relocate(
    name: Name,
    images: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="Where its pictures are now: a folder, a shard, s3://BUCKET/FOLDER or https://HOST/FOLDER.",
            show_default=False,
        ),
    ],
    reference: Annotated[str | None, typer.Option(metavar="PATH", help="Where its reference pictures are now, if they moved.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell a dataset where its pictures are after they were moved. Each must be the same picture, by its fingerprint."""
    from dataclasses import asdict

    from multilabelfy.workflows.owning.relocating import relocate as move

    with workspace_at(workspace) as opened, progress_bar("comparing pictures", "pictures") as progress:
        moved = move(opened, name, root_named(images), None if reference is None else root_named(reference), progress=progress)
    lines = [
        f"{moved.name}: the pictures are in {moved.images_root}. The fingerprints of {counted(moved.n_compared, 'picture')} are as before."
    ]
    if moved.n_opened:
        lines.append(f"{counted(moved.n_opened, 'picture')} had no fingerprint yet, and could only be found and opened.")
    emit(asdict(moved), as_json=as_json, human=lambda: "\n".join(lines))


def delete(
    name: Name,
    named: Annotated[str | None, typer.Option("--name", help="The dataset's name once more, instead of being asked.")] = None,
    copy: Annotated[
        Path | None,
        typer.Option("--copy", help="A copy of the database that you have made. Without it, one is made.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete a dataset with all its answers, once you have written its name again and a copy of the database is kept."""
    from multilabelfy.workflows.owning import filing

    with workspace_at(workspace) as opened:
        doomed = filing.contents(opened, name)
        holds = f"{counted(doomed.n_images, 'image')}, {counted(doomed.n_answers, 'answer')}, {counted(doomed.n_releases, 'release')}"
        say(f"'{name}' has {holds}. The picture files stay. A copy of the whole database is kept first.")
        again = named if named is not None else typer.prompt("To delete it, write its name", err=True)
        kept = filing.delete_dataset(opened, name, again, now(), copy=copy)
    emit({"deleted": name, "copy": str(kept)}, as_json=as_json, human=lambda: f"'{name}' is deleted. The copy: {kept}")
