"""`copies`: which images are near copies of each other, and whether their given labels contradict."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, workspace_at
from multilabelfy.errors import NotProposed
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.dataset.copies import Copies, CopyGroup
    from multilabelfy.dataset.model import LabelSpace
    from multilabelfy.workflows.proposing.runs import ProposalSummary
    from multilabelfy.workflows.workspace import Workspace

MOST_BITS = 10
MOST_IMAGES = 10
"""Of a group as a person reads it; the table has all."""


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(copies)


def copies(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    within: Annotated[
        int,
        typer.Option("--within", min=0, max=MOST_BITS, help="In how many of their 64 bits the fingerprints of near copies may differ."),
    ] = MOST_BITS,
    top: Annotated[int, typer.Option("--top", min=0, help="How many groups to list.")] = 20,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all groups as a table: .csv or .parquet.", show_default=False)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List images that are near copies of each other, those with contradicting given labels first. Nothing is dropped."""
    from multilabelfy.workflows.alike.copies import near_copies_of, write_copies

    with workspace_at(workspace) as opened:
        near, labels = near_copies_of(opened, name, within)
    if not near.n_compared:
        raise NotProposed(
            f"No picture of '{name}' has a fingerprint yet, by which near copies are known: `propose` makes one of each picture that it "
            f"scores. Run `multilabelfy propose {shlex.quote(name)} --model SPEC`."
        )
    if csv is not None:
        write_copies(near, labels, csv, overwrite=overwrite)
    result = {"dataset": name, "within": within, **copies_counts(near), "csv": None if csv is None else str(csv)}
    emit(
        {**result, "groups": [_group_json(group, labels) for group in near.groups[:top]]},
        as_json=as_json,
        human=lambda: "\n".join([*_as_text(name, near, labels, top), *([str(csv)] if csv else [])]),
    )


def copies_after(workspace: "Workspace", proposed: "ProposalSummary") -> "Copies | None":
    """The near copies in a dataset for which labels were proposed; None where nothing was, or where no picture was ever looked at."""
    from multilabelfy.workflows.alike.copies import near_copies_of

    if not any(run.n_new for run in proposed.runs):
        return None
    near, _ = near_copies_of(workspace, proposed.dataset)
    return near if near.n_compared else None


def copies_line(name: str, near: "Copies") -> str:
    """What `propose` says of them at its end."""
    listed = f" List them: multilabelfy copies {shlex.quote(name)}" if near.groups else ""
    return f"Near copies: {_sentence(near)}.{listed}"


def copies_counts(near: "Copies") -> dict[str, int]:
    """How many images were compared, and what came of it, as JSON has it."""
    return {
        "n_compared": near.n_compared,
        "n_images": near.n_images,
        "n_groups": len(near.groups),
        "n_contradicting": near.n_contradicting,
    }


def _sentence(near: "Copies") -> str:
    """How many images are near copies, in how many groups, and in how many given labels contradict."""
    if not near.groups:
        return f"none of {counted(near.n_compared, 'image')} is a near copy of another"
    contradicting = f"; in {near.n_contradicting} of them given labels contradict" if near.n_contradicting else ""
    groups = counted(len(near.groups), "group")
    return f"{near.n_images} of {counted(near.n_compared, 'image')} are near copies of another, in {groups}{contradicting}"


def _as_text(name: str, near: "Copies", labels: "LabelSpace", top: int) -> Iterator[str]:
    yield f"{name}: {_sentence(near)}."
    if near.n_contradicting:
        yield "Where they contradict, at least one given label is wrong, or both are valid."
    for number, group in enumerate(near.groups[:top], start=1):
        mark = "!" if group.contradicts else " "
        names = ", ".join(labels[label].name for label in group.labels) or "no given label"
        yield f"{number:6} {mark} {counted(len(group.images), 'image')}: {names}"
        for image, given in list(zip(group.images, group.given, strict=True))[:MOST_IMAGES]:
            yield f"           {image}{f' – {labels[given].name}' if group.contradicts and given is not None else ''}"
        if len(group.images) > MOST_IMAGES:
            yield f"           and {len(group.images) - MOST_IMAGES} more"
    if len(near.groups) > top:
        yield f"… and {counted(len(near.groups) - top, 'more group', 'more groups')}: --top N lists more, --csv FILE all."


def _group_json(group: "CopyGroup", labels: "LabelSpace") -> dict[str, Any]:
    pairs = zip(group.images, group.given, strict=True)
    images = [{"image": image, "given_label": None if given is None else labels[given].key} for image, given in pairs]
    return {"contradicts": group.contradicts, "images": images}
