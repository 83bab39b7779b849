"""`resolve` and `export`: the next release of final labels, and files of what a dataset holds."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import DatasetName, JsonOption, OverwriteOption, WithNamesOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, say, workspace_at
from multilabelfy.formats.outputs import DEFAULT, FORMATS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
    from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
    from multilabelfy.workflows.releasing.exports import ExportSummary
    from multilabelfy.workflows.releasing.resolve import Resolved


class SettledBy(StrEnum):
    """What settles an image."""

    RULE = "rule"
    POSTERIOR = "posterior"


def resolve(
    name: DatasetName,
    by: Annotated[
        SettledBy | None,
        typer.Option(
            help="What settles an image: the rule (annotators who agree, else an expert), or for those that wait for an expert "
            "the posterior of the votes. A person's decision always stays. Left out, it is as the protocol says."
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(help="From which chance on a label is valid (posterior). Left out, the protocol's, or 0.5 if it has none."),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            help="Leave an image to an expert if the chance of any of its labels is closer to the threshold (posterior). Left out, the "
            "protocol's, or 0."
        ),
    ] = None,
    votes_alone: Annotated[bool, typer.Option("--votes-alone", help="Do not count what models proposed as evidence (posterior).")] = False,
    count_given: Annotated[
        bool,
        typer.Option(
            "--count-given", help="Count the label that each image came with as evidence (posterior). Never do so to audit given labels."
        ),
    ] = False,
    with_machines: Annotated[
        bool,
        typer.Option(
            "--with-machines",
            help="Count the votes of machines (see `ask`), each by its own measured errors (posterior). Nothing else counts them.",
        ),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a numbered release of the final labels and say what changed since the last; if nothing did, say so and write none."""
    from multilabelfy.workflows.releasing.resolve import resolve as write_release

    wanted = _posterior_wanted(by, threshold, margin, votes_alone=votes_alone, count_given=count_given, with_machines=with_machines)
    with workspace_at(workspace) as opened:
        resolved = write_release(opened, name, now(), wanted, by_rule=by is SettledBy.RULE)
    for warning in resolved.warnings:
        say(f"Warning: {warning}")
    emit(_release_as_json(resolved), as_json=as_json, human=lambda: _release_as_text(name, resolved))


def export(
    name: DatasetName,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    format: Annotated[str, typer.Option(help=f"What to write: {', '.join(format.name for format in FORMATS)}.")] = DEFAULT,
    release: Annotated[int | None, typer.Option(min=1, help="Which release of final labels.", show_default="the newest")] = None,
    with_names: WithNamesOption = False,
    crowd_kit: Annotated[bool, typer.Option("--crowd-kit", help="Votes under crowd-kit's column names: task,worker,label.")] = False,
    license: Annotated[
        str, typer.Option(help="A data card's licence: an SPDX name (CC-BY-4.0) or an address.", show_default="not stated")
    ] = "",
    creator: Annotated[list[str] | None, typer.Option(help="A data card's author. May be repeated.")] = None,
    url: Annotated[str, typer.Option(help="The address of a data card's dataset.")] = "",
    citation: Annotated[str, typer.Option(help="How to cite a data card's dataset, best as BibTeX.")] = "",
    overwrite: OverwriteOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset's final labels, votes or proposals to a file, or a data card that describes them."""
    from multilabelfy.formats.exported.data_card import About
    from multilabelfy.workflows.releasing.exports import export as write

    about = About(license.strip(), tuple(creator or ()), url.strip(), citation.strip())
    with workspace_at(workspace) as opened:
        summary = write(
            opened, name, format, out, release=release, with_names=with_names, crowd_kit=crowd_kit, about=about, overwrite=overwrite
        )
    for note in summary.notes:
        say(f"note: {note}")
    emit(_export_json(summary), as_json=as_json, human=lambda: _export_text(summary))


def _posterior_wanted(
    by: SettledBy | None, threshold: float | None, margin: float | None, *, votes_alone: bool, count_given: bool, with_machines: bool
) -> "PosteriorWanted | None":
    """What the options ask for. Raises InvalidInput for options of the posterior without it."""
    from multilabelfy.errors import InvalidInput, Problem
    from multilabelfy.workflows.analysing.chances import Counted
    from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted

    flags = {"--votes-alone": votes_alone, "--count-given": count_given, "--with-machines": with_machines}
    options = {"--threshold": threshold, "--margin": margin, **{flag: is_set or None for flag, is_set in flags.items()}}
    if by is SettledBy.POSTERIOR:
        return PosteriorWanted(threshold, margin, Counted(not votes_alone, count_given, with_machines))
    alone = [Problem(option, "it goes with --by posterior") for option, value in options.items() if value is not None]
    if alone:
        raise InvalidInput("Cannot resolve", alone, "Add --by posterior, or leave them out.")
    return None


def _release_as_json(resolved: "Resolved") -> dict[str, Any]:
    release = resolved.release
    return {
        "release": release.number if release else None,
        "new": resolved.is_new,
        "images": release.n_images if release else 0,
        "unresolved": resolved.n_unresolved,
        "added": release.n_added if release and resolved.is_new else 0,
        "changed": release.n_changed if release and resolved.is_new else 0,
        "removed": release.n_removed if release and resolved.is_new else 0,
        **({"by_posterior": asdict(resolved.by_posterior)} if resolved.by_posterior else {}),
    }


def _release_as_text(name: str, resolved: "Resolved") -> str:
    lines = [_what_was_released(name, resolved)]
    if resolved.by_posterior is not None:
        lines.append(_what_was_settled(resolved.by_posterior))
    if resolved.n_dropped:
        settled = counted(resolved.n_dropped, "image")
        lines.append(
            f"The release before had {settled} settled by the posterior; without it they wait for an expert again. "
            "Run it with --by posterior to settle them."
        )
    return "\n".join(lines)


def _what_was_settled(made_by: "ByPosterior") -> str:
    """Counts of what the cut settled and what it left, so that nothing is accepted or left in silence."""
    waiting = counted(made_by.n_settled + made_by.n_left, "image")
    margin = f" and a margin of {made_by.margin:g}" if made_by.margin else ""
    models = f" and {counted(len(made_by.models), 'model')}" if made_by.models else ""
    machines = f" and {counted(made_by.n_machine_votes, 'vote')} by {', '.join(made_by.machines)}" if made_by.machines else ""
    settled = (
        f"Of {waiting} that waited for an expert, the posterior settled {made_by.n_settled} "
        f"at a threshold of {made_by.threshold:g}{margin}, from {counted(made_by.n_votes, 'vote')} "
        f"by {counted(made_by.n_annotators, 'person', 'people')}{models}{machines}."
    )
    left = (
        (made_by.n_below, "with no label that reaches the threshold"),
        (made_by.n_in_doubt, "with a label within the margin"),
        (made_by.n_for_experts, "that a person wants an expert for"),
    )
    parts = [f"{n} {why}" for n, why in left if n]
    return f"{settled} Left to experts: {', '.join(parts)}." if parts else settled


def _what_was_released(name: str, resolved: "Resolved") -> str:
    release, n = resolved.release, resolved.n_unresolved
    waiting = f"{n} {'is' if n == 1 else 'are'} unresolved."
    if release is None:
        return f"{name}: no image has final labels yet, so no release was made; {waiting}"
    if not resolved.is_new:
        return f"{name}: nothing is new since release {release.number} ({counted(release.n_images, 'image')}), so none was made; {waiting}"
    return (
        f"{name}: release {release.number} holds {counted(release.n_images, 'image')} "
        f"({release.n_added} added, {release.n_changed} changed, {release.n_removed} no longer resolved); {waiting}"
    )


def formats_help() -> str:
    """What each format means, for the end of the help; `\\b` keeps its lines as they are."""
    width = max(len(format.name) for format in FORMATS) + 2
    return "\n".join(["\b", "Formats:", *(f"  {format.name:{width}}{format.meaning}" for format in FORMATS)])


def _export_json(summary: "ExportSummary") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(summary), "path": str(summary.path)}


def _export_text(summary: "ExportSummary") -> str:
    of_release = f" of release {summary.release}" if summary.release is not None else ""
    of_plan = f"; analysis plan {summary.plan}" if summary.plan else ""
    return f"{summary.path}: {counted(summary.n_rows, 'row')}{of_release} as {summary.format}{of_plan}"
