"""`import`: a folder of pictures, or votes that people cast elsewhere, becomes a dataset."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.options import JsonOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, progress_bar, root_named, workspace_at
from multilabelfy.formats.inputs import GIVEN_LABELS, IMAGE_NAMES, LABEL_SETS, LABEL_SPACE, SHARDS, VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.study.protocol import AnnotationProtocol
    from multilabelfy.workflows.importing.applying import ImportSummary
    from multilabelfy.workflows.importing.imported_copies import ImportedCopies, ShownGroup
    from multilabelfy.workflows.importing.votes.request import VotesSummary

MOST_NAMED = 4


def import_(
    name: Annotated[str, typer.Argument(help="A name for the dataset.")],
    images: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            show_default=False,
            help="The folder of pictures, flat or with class folders: of this machine, of a bucket (s3://BUCKET/FOLDER) or, with --names, "
            f"of a web server (https://HOST/FOLDER). Also {SHARDS.briefly}, or a folder of them. Pictures are not copied.",
        ),
    ] = None,
    no_pictures: Annotated[
        bool, typer.Option("--no-pictures", help="Import --votes alone: to look at what people answered elsewhere, without the pictures.")
    ] = False,
    votes: Annotated[Path | None, typer.Option(help=f"With --no-pictures: the votes that people cast elsewhere, {VOTES.briefly}.")] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            help=f"The pictures, or shards, of a bucket or a web server by name: {IMAGE_NAMES.briefly}.",
            show_default="what the bucket lists",
        ),
    ] = None,
    given: Annotated[
        Path | None,
        typer.Option(
            help=f"The label that each image came with: {GIVEN_LABELS.briefly}. By default, what the shards say, or its class folder."
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            help=f"The labels: {LABEL_SPACE.briefly}. By default, the classes of the shards, the class folders (below train, val, test), "
            "or the labels in --given."
        ),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(metavar="PATH", help="Class folders of reference pictures, shown beside the labels; in a bucket, too.")
    ] = None,
    protocol: Annotated[str | None, typer.Option(help="How people are asked: paper, blind or real.", show_default="paper")] = None,
    overlap: Annotated[
        int | None, typer.Option(min=1, max=100, help="How many annotators see each image.", show_default="the protocol's")
    ] = None,
    final_labels: Annotated[Path | None, typer.Option(help=f"Label sets that are already final: {LABEL_SETS.briefly}.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The seed for drawing reference pictures and the order of the queue.", show_default="0")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Decode every picture completely, instead of reading only its header.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what cannot be used, and list it.")] = False,
    no_given: Annotated[bool, typer.Option("--no-given", help="Take no given labels from folder names.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a folder of pictures as a dataset, or votes without pictures; run it again to add what is new.

    All problems are listed before anything is stored.
    """
    if no_pictures or votes is not None or images is None:
        others = {"--names": names, "--reference": reference, "--final-labels": final_labels}
        flags = {"--verify": verify, "--skip-bad": skip_bad, "--no-given": no_given}

        wanted = _votes_alone(images, votes, [option for option, value in {**others, **flags}.items() if value], no_pictures=no_pictures)
        preset = None if protocol is None else _protocol(protocol, None)
        _import_votes(name, wanted, given, labels, preset, overlap, seed, workspace, as_json=as_json)
        return
    from multilabelfy.workflows.importing.applying import import_dataset
    from multilabelfy.workflows.importing.request import ImportRequest

    chosen = _protocol(protocol, overlap)
    with workspace_at(workspace, create=True) as opened, progress_bar("looking at files", "files") as progress:
        summary = import_dataset(
            opened,
            ImportRequest(
                name,
                root_named(images),
                given=given,
                labels=labels,
                reference=None if reference is None else root_named(reference),
                protocol=chosen,
                final_labels=final_labels,
                seed=seed,
                verify=verify,
                skip_bad=skip_bad,
                no_given=no_given,
                names=names,
            ),
            progress=progress,
            now=now(),
        )
    emit(summary.as_dict(), as_json=as_json, human=lambda: _import_text(summary))


def _votes_alone(images: str | None, votes: Path | None, others: list[str], *, no_pictures: bool) -> Path:
    """The file of votes, where that is all that is imported; `others` are given options that are about pictures.

    Raises BadParameter for options that do not go together.
    """
    if images is not None and no_pictures:
        raise typer.BadParameter("name a folder by --images, or say --no-pictures: not both.", param_hint="--images")
    if images is not None:
        what = "votes come without pictures for now: leave out --images and add --no-pictures. `relocate` may give the pictures afterwards."
        raise typer.BadParameter(what, param_hint="--votes")
    if not no_pictures:
        raise typer.BadParameter(
            "name the pictures by --images, or import votes alone by --votes FILE --no-pictures.", param_hint="--images"
        )
    if votes is None:
        raise typer.BadParameter("without pictures there must be votes: --votes FILE.", param_hint="--no-pictures")
    if others:
        raise typer.BadParameter(f"only pictures have to do with {' and '.join(others)}: leave it out.", param_hint="--no-pictures")
    return votes


def _import_votes(
    name: str,
    votes: Path,
    given: Path | None,
    labels: str | None,
    protocol: "AnnotationProtocol | None",
    overlap: int | None,
    seed: int | None,
    workspace: Path | None,
    *,
    as_json: bool,
) -> None:
    """Import votes without pictures, and say what came of it."""
    from dataclasses import asdict

    from multilabelfy.workflows.importing.votes.applying import import_votes as apply
    from multilabelfy.workflows.importing.votes.request import VotesRequest

    request = VotesRequest(name, votes, labels, given, protocol, overlap, seed)
    with workspace_at(workspace, create=True) as opened, progress_bar("storing votes", "images") as progress:
        summary = apply(opened, request, progress=progress, now=now())
    emit(asdict(summary), as_json=as_json, human=lambda: _votes_text(summary))


def _votes_text(summary: "VotesSummary") -> str:
    known = f" ({summary.n_known} known already)" if summary.n_known else ""
    came_to = f"{summary.n_agreed} agreed, {summary.n_disputed} disputed"
    lines = [
        f"{summary.name}: {counted(summary.n_images, 'new image')}{known}, without pictures",
        f"  labels      {summary.n_labels} of {summary.label_space}; given labels for {summary.n_given} of the new images",
        f"  votes       {summary.n_votes} in {counted(summary.n_answers, 'answer')}; {counted(summary.n_raters, 'rater')} in the file",
        f"  images      {came_to}" if summary.n_images else "  images      nothing to add: every vote was stored before",
        f"  protocol    {summary.protocol}, {counted(summary.overlap, 'annotator')} per image, seed {summary.seed}",
    ]
    return "\n".join([*lines, *(f"  note: {note}" for note in summary.notes)])


def _protocol(preset: str | None, overlap: int | None) -> "AnnotationProtocol | None":
    from multilabelfy.annotation.study.protocol import PRESETS, chosen_protocol

    if preset is not None and preset not in PRESETS:
        raise typer.BadParameter(f"'{preset}' is not one of {', '.join(PRESETS)}.", param_hint="--protocol")
    return chosen_protocol(preset, overlap)


def _import_text(summary: "ImportSummary") -> str:
    known = f" ({summary.n_known} known already)" if summary.n_known else ""
    lines = [
        f"{summary.name}: {counted(summary.n_images, 'new image')}{known} from {summary.images_root}",
        f"  labels      {summary.n_labels} of {summary.label_space}; given labels for {summary.n_given} of the new images",
        f"  references  {counted(summary.n_exemplars, 'picture')}",
        f"  protocol    {summary.protocol}, {counted(summary.overlap, 'annotator')} per image, seed {summary.seed}",
    ]
    if summary.release is not None:
        lines.append(f"  final       {counted(summary.n_final, 'label set')}, as release {summary.release}")
    if summary.n_repaired:
        lines.append(f"  repaired    {counted(summary.n_repaired, 'image')} that could not be read before")
    if summary.unreadable:
        lines.append(f"  unreadable  {counted(summary.n_unreadable, 'picture')}, shown to nobody:")
        lines += [f"    {path}: {why}" for path, why in summary.unreadable]
    lines += _copies_lines(summary.copies)
    return "\n".join([*lines, *(f"  note: {note}" for note in summary.notes)])


def _copies_lines(copies: "ImportedCopies") -> Iterator[str]:
    """Lines of the summary: how many are copies, the first groups, and of how many pictures it is not known; none where there are none."""
    if copies.n_groups:
        in_how_many = f"given labels contradict in {copies.n_contradicting}" if copies.n_contradicting else "no given labels contradict"
        groups = counted(copies.n_groups, "group")
        yield f"  copies      {counted(copies.n_images, 'picture')} with the content of another, in {groups}; {in_how_many}"
        yield from (f"    {_group(group)}" for group in copies.groups)
        if copies.n_groups > len(copies.groups):
            yield f"    and {counted(copies.n_groups - len(copies.groups), 'more group', 'more groups')}"
    if copies.n_not_compared:
        yield f"  copies      not looked for among {counted(copies.n_not_compared, 'picture')}: {copies.why_not}"


def _group(group: "ShownGroup") -> str:
    named = [f"{copy.image} ({copy.given_label})" if copy.given_label else copy.image for copy in group.images[:MOST_NAMED]]
    more = f" and {group.n_images - len(named)} more" if group.n_images > len(named) else ""
    return f"{'contradicting: ' if group.contradicts else ''}{', '.join(named)}{more}"
