"""What `import --votes --no-pictures` does: votes that people cast elsewhere become a study."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from multilabelfy.cli.output import emit, now, progress_bar, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.study.protocol import AnnotationProtocol
    from multilabelfy.workflows.importing.votes.request import VotesSummary


def votes_alone(images: str | None, votes: Path | None, others: list[str], *, no_pictures: bool) -> Path:
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


def import_votes(
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
