"""Commands that bring data in and out: `import` and `export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.datasets.copied import copies_lines
from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, progress_bar, root_named, say, workspace_at
from multilabelfy.formats.inputs import GIVEN_LABELS, IMAGE_NAMES, LABEL_SETS, LABEL_SPACE, SHARDS, VOTES
from multilabelfy.formats.outputs import DEFAULT, FORMATS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.study.protocol import AnnotationProtocol
    from multilabelfy.workflows.importing.applying import ImportSummary
    from multilabelfy.workflows.releasing.exports import ExportSummary


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("import")(import_)
    app.command(epilog=_formats())(export)


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
    votes: Annotated[
        Path | None, typer.Option(help=f"With --no-pictures: the votes that people cast elsewhere, {VOTES.briefly}.", show_default=False)
    ] = None,
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
        str | None,
        typer.Option(metavar="PATH", help="Class folders of reference pictures, shown beside the labels; in a bucket, too."),
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
        from multilabelfy.cli.datasets.importing_votes import import_votes, votes_alone

        wanted = votes_alone(images, votes, [option for option, value in {**others, **flags}.items() if value], no_pictures=no_pictures)
        preset = None if protocol is None else _protocol(protocol, None)
        import_votes(name, wanted, given, labels, preset, overlap, seed, workspace, as_json=as_json)
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
    emit(_import_json(summary), as_json=as_json, human=lambda: _import_text(summary))


def export(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    format: Annotated[
        str,
        typer.Option(help=f"What to write: {', '.join(format.name for format in FORMATS)}."),
    ] = DEFAULT,
    release: Annotated[int | None, typer.Option(min=1, help="Which release of final labels.", show_default="the newest")] = None,
    with_names: Annotated[bool, typer.Option("--with-names", help="Write people's names instead of pseudonyms.")] = False,
    crowd_kit: Annotated[bool, typer.Option("--crowd-kit", help="Votes under crowd-kit's column names: task,worker,label.")] = False,
    license: Annotated[
        str, typer.Option(help="A data card's licence: an SPDX name (CC-BY-4.0) or an address.", show_default="not stated")
    ] = "",
    creator: Annotated[list[str] | None, typer.Option(help="A data card's author. May be repeated.", show_default=False)] = None,
    url: Annotated[str, typer.Option(help="The address of a data card's dataset.", show_default=False)] = "",
    citation: Annotated[str, typer.Option(help="How to cite a data card's dataset, best as BibTeX.", show_default=False)] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset's final labels, votes or proposals to a file, or a data card that describes them."""
    from multilabelfy.formats.exported.data_card import About
    from multilabelfy.workflows.releasing.exports import export as write

    about = About(license.strip(), tuple(creator or ()), url.strip(), citation.strip())
    with workspace_at(workspace) as opened:
        summary = write(
            opened,
            name,
            format,
            out,
            release=release,
            with_names=with_names,
            crowd_kit=crowd_kit,
            about=about,
            overwrite=overwrite,
        )
    for note in summary.notes:
        say(f"note: {note}")
    emit(_export_json(summary), as_json=as_json, human=lambda: _export_text(summary))


def _formats() -> str:
    """What each format means, for the end of the help; `\\b` keeps its lines as they are."""
    width = max(len(format.name) for format in FORMATS) + 2
    return "\n".join(["\b", "Formats:", *(f"  {format.name:{width}}{format.meaning}" for format in FORMATS)])


def _protocol(preset: str | None, overlap: int | None) -> "AnnotationProtocol | None":
    """The chosen protocol; None if neither option was given, which means `paper` for a new dataset."""
    from dataclasses import replace

    from multilabelfy.annotation.study.protocol import PRESETS

    if preset is None and overlap is None:
        return None
    if preset is not None and preset not in PRESETS:
        raise typer.BadParameter(f"'{preset}' is not one of {', '.join(PRESETS)}.", param_hint="--protocol")
    chosen = PRESETS[preset or "paper"]
    return chosen if overlap is None else replace(chosen, overlap=overlap)


def _import_json(summary: "ImportSummary") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(summary), "unreadable": [{"image": path, "why": why} for path, why in summary.unreadable]}


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
    lines += copies_lines(summary.copies)
    return "\n".join([*lines, *(f"  note: {note}" for note in summary.notes)])


def _export_json(summary: "ExportSummary") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(summary), "path": str(summary.path)}


def _export_text(summary: "ExportSummary") -> str:
    of_release = f" of release {summary.release}" if summary.release is not None else ""
    of_plan = f"; analysis plan {summary.plan}" if summary.plan else ""
    return f"{summary.path}: {counted(summary.n_rows, 'row')}{of_release} as {summary.format}{of_plan}"
