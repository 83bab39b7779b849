"""`analysis-plan`: write, freeze and print what a study will measure, before anyone answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, say, workspace_at
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.study.analysis_plan import StoredPlan
    from multilabelfy.workflows.upkeep.plans import AnalysisPlans


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("analysis-plan")(analysis_plan)


def analysis_plan(
    name: Annotated[str, typer.Argument(help="The dataset's name.", show_default=False)],
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Read the draft from this Markdown file, which has the printed headings.", show_default=False),
    ] = None,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Freeze the draft: it can no longer change, and a later draft is an amendment.")
    ] = False,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Print this version; 1 is the original plan.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Print the analysis plan (the draft, if there is one), or write and freeze it. `sha256sum` of the printed text gives its hash."""
    from multilabelfy.workflows.upkeep import plans

    with workspace_at(workspace) as opened:
        if write is not None:
            plans.write_plan(opened, name, plans.sections_in(write), None, now())
        if freeze:
            _say_frozen(plans.freeze_plan(opened, name, None, now()))
        versions = plans.plans_of(opened, name)
        text = versions.text if version is None else plans.plan_version(opened, name, version).text
    emit(_as_json(versions, text), as_json=as_json, human=lambda: text.removesuffix("\n"))


def _say_frozen(plan: "StoredPlan") -> None:
    when = f"after {counted(plan.n_answers, 'answer')}" if plan.n_answers else "before the first answer"
    what = "The analysis plan" if plan.version == 1 else f"Amendment {plan.version - 1} of the analysis plan"
    say(f"{what} is frozen, {when}. Its SHA-256 is {plan.sha256}.")


def _as_json(versions: "AnalysisPlans", text: str) -> dict[str, Any]:
    frozen = [
        {"version": plan.version, "sha256": plan.sha256, "frozen_at": plan.frozen_at, "n_answers": plan.n_answers}
        for plan in versions.frozen
    ]
    return {"frozen": frozen, "has_draft": versions.draft is not None, "n_answers": versions.n_answers, "text": text}
