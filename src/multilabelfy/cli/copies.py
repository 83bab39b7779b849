"""`copies`: which images are near copies of each other, and which look most alike to a model."""

import shlex
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import DatasetName, JsonOption, OverwriteOption, WorkspaceOption
from multilabelfy.cli.output import emit, progress_bar, workspace_at
from multilabelfy.errors import NotProposed
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.dataset.copies import Copies, CopyGroup
    from multilabelfy.dataset.model import LabelSpace
    from multilabelfy.workflows.alike.kin import KinFound, KinTogether
    from multilabelfy.workflows.proposing.runs import ProposalSummary
    from multilabelfy.workflows.workspace import Workspace

MOST_BITS = 10
MOST_IMAGES = 10
"""Of a group as a person reads it; the table has all."""


class Queue(StrEnum):
    """The orders of the annotators' queue."""

    ALIKE = "alike"
    DRAWN = "drawn"


def copies(
    name: DatasetName,
    within: Annotated[
        int, typer.Option(min=0, max=MOST_BITS, help="In how many of their 64 bits the fingerprints of near copies may differ.")
    ] = MOST_BITS,
    top: Annotated[int, typer.Option(min=0, help="How many groups to list.")] = 20,
    csv: Annotated[Path | None, typer.Option(help="Write all groups as a table: .csv or .parquet.")] = None,
    overwrite: OverwriteOption = False,
    alike: Annotated[
        bool,
        typer.Option(
            "--alike", help="Instead, work out which images look most alike to the model that last left embeddings, for the images' pages."
        ),
    ] = False,
    queue: Annotated[
        Queue | None,
        typer.Option(
            help="With --alike: order the annotators’ queue. alike puts images that look alike one after another, drawn goes back to the "
            "seed’s order."
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="With --queue alike: the share of the groups that are put together, drawn by the seed.", show_default="0.5"
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List images that are near copies of each other, those with contradicting given labels first; or work out which look alike.

    Nothing is dropped.
    """
    if queue is not None and not alike:
        raise typer.BadParameter("--queue goes with --alike")
    if share is not None and queue is not Queue.ALIKE:
        raise typer.BadParameter("--share goes with --queue alike")
    if alike:
        with workspace_at(workspace) as opened:
            if queue is Queue.ALIKE:
                _order(opened, name, share, as_json=as_json)
            elif queue is Queue.DRAWN:
                _restore(opened, name, as_json=as_json)
            else:
                _find(opened, name, as_json=as_json)
        return
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
    return {"n_compared": near.n_compared, "n_images": near.n_images, "n_groups": len(near.groups), "n_contradicting": near.n_contradicting}


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


def _find(opened: "Workspace", name: str, *, as_json: bool) -> None:
    from multilabelfy.workflows.alike.kin import find_kin

    began = time.perf_counter()
    with progress_bar("Comparing") as advance:
        kin_found = find_kin(opened, name, advance)
    seconds = time.perf_counter() - began
    emit(_found_as_json(kin_found, seconds), as_json=as_json, human=lambda: _found_as_text(kin_found, seconds))


def _order(opened: "Workspace", name: str, share: float | None, *, as_json: bool) -> None:
    from dataclasses import asdict

    from multilabelfy.workflows.alike.kin import DEFAULT_SHARE, put_kin_together

    together = put_kin_together(opened, name, DEFAULT_SHARE if share is None else share)
    emit(asdict(together), as_json=as_json, human=lambda: _together_as_text(name, together))


def _restore(opened: "Workspace", name: str, *, as_json: bool) -> None:
    from multilabelfy.workflows.alike.kin import put_as_drawn

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
        f"{counted(n_singly, 'image')} singly, as they were drawn. The way back: multilabelfy copies {name} --alike --queue drawn"
    )
