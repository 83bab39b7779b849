"""`import-answers`: import the answers that a person's browser could not send."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, workspace_at

if TYPE_CHECKING:
    from multilabelfy.web.owner.unsent_answers import File
    from multilabelfy.workflows.owning.unsent_answers import Imported


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(import_answers)


def import_answers(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files that the annotate page saved.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import answers that a browser saved to a file because it could not send them: each once, as if that browser had sent it.

    The exit status is 1 if a file cannot be used or an answer is refused.
    The workspace's folder imported-answers keeps a trace of each file.
    """
    with workspace_at(workspace) as opened:
        from multilabelfy.web.owner.unsent_answers import import_file

        imported = [import_file(opened, str(file), _read(file), now(), by=None) for file in files]
    result = [
        {"file": file.name, "problems": [str(problem) for problem in file.problems], "answers": [asdict(answer) for answer in file.came]}
        for file in imported
    ]
    emit(result, as_json=as_json, human=lambda: "\n".join(map(_as_text, imported)))
    if any(file.problems or any(answer.reason for answer in file.came) for file in imported):
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    from multilabelfy.errors import InvalidInput, Problem

    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput("Cannot import answers", [Problem(str(file), f"it cannot be read ({error.strerror})")]) from None


def _as_text(file: "File") -> str:
    if file.problems:
        return "\n".join([f"{file.name}: nothing was imported", *(f"  {problem}" for problem in file.problems)])
    counts = ", ".join(f"{n} {result}" for result, n in file.counts.items()) or "it holds no answers"
    return "\n".join([f"{file.name}: {counts}", *(f"  {_refusal(answer)}" for answer in file.came if answer.reason)])


def _refusal(answer: "Imported") -> str:
    where = f"assignment {answer.assignment}" if answer.assignment else f"answer {answer.id}"
    return f"{where}{f' of {answer.person}' if answer.person else ''} was refused: {answer.reason}"
