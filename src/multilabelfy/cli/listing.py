"""All commands in the order of work, which is how `multilabelfy --help` lists them on one screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from multilabelfy.cli import copies, datasets, importing, maintenance, people, workspace
from multilabelfy.cli.old_names import present_line
from multilabelfy.cli.output import say
from multilabelfy.cli.serving import demo, serving
from multilabelfy.cli.stages import annotators, asking, disagreements, evaluating, models, planning, proposing, releasing, reporting


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is listed: what it does in one clause of at most 63 characters, beside which a name has room in 80."""

    name: str
    does: str
    run: Callable[..., None]
    epilog: str = ""


COMMANDS: Mapping[str, tuple[Command, ...]] = {
    "Start": (
        Command("demo", "Try all four stages on drawn pictures with simulated people.", demo.demo),
        Command("status", "Show how far each dataset is, and what to do next.", workspace.status),
        Command("serve", "Serve the pages to annotators, experts and owners.", serving.serve),
    ),
    "Data in": (
        Command("import", "Import a folder of pictures, or votes, as a dataset.", importing.import_),
        Command("relocate", "Tell a dataset where its pictures are after they were moved.", datasets.relocate),
        Command("copies", "List images that are near copies, or work out which look alike.", copies.copies),
        Command("gold", "Choose images with known labels, to see how people answer.", datasets.gold),
    ),
    "1 Propose": (
        Command("propose", "Let models propose labels for every image.", proposing.propose),
        Command("models", "List what can propose, what suits this machine, what has run.", models.models),
        Command("suspects", "Rank images by how wrong their given label looks.", models.suspects),
    ),
    "2 Annotate": (
        Command("analysis-plan", "Write, freeze or print what a study will measure.", planning.analysis_plan),
        Command("plan", "Forecast the label quality that answers and hours would bring.", planning.plan),
        Command("invite", "Print a sign-in link for a person.", people.invite),
        Command("ask", "Ask a machine what annotators are asked.", asking.ask),
    ),
    "3 Disagreement": (
        Command("disagreements", "Show which labels are disputed, and how well people agree.", disagreements.disagreements),
        Command("annotators", "Show how each annotator answers, and what is worth a talk.", annotators.annotators),
        Command("aggregate", "Turn votes into a score for each label of each image.", disagreements.aggregate),
    ),
    "4 Refine and release": (
        Command("resolve", "Write a numbered release of the final labels.", releasing.resolve),
        Command("export", "Write labels, votes, proposals or a data card to a file.", releasing.export, releasing.formats_help()),
    ),
    "Evaluate and report": (
        Command("evaluate", "Measure models on label sets, or how well they propose.", evaluating.evaluate),
        Command("report", "Write a report with figures and tables, or check the classes.", reporting.report),
        Command("compare", "Compare two labellings of the same images.", reporting.compare),
    ),
    "Workspace": (
        Command("team", "Show or change a dataset's team, or erase a person's name.", people.team),
        Command("dataset", "Rename, archive or delete a dataset.", datasets.dataset),
        Command("backup", "Back up, restore, or move into another database.", workspace.backup),
        Command("doctor", "Check what can break, mend it, or print all settings.", workspace.doctor),
    ),
}
MAINTENANCE = (
    Command("upgrade", "Bring a workspace of an older version up to date.", maintenance.upgrade),
    Command("import-answers", "Import answers that a browser could not send.", maintenance.import_answers),
    Command("overlap", "Decide which images are put before one more annotator.", maintenance.overlap),
    Command("queue", "Order the experts' queue by expected gain.", maintenance.queue),
    Command("replay", "Replay votes under other rules of asking.", maintenance.replay),
)
"""Not listed: what a server does by itself, what an administrator or a method's author needs once. The reference has them."""


class InOrderOfWork(TyperGroup):
    """Lists commands in sections, and lets an old name stand for what it became."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002 – typer's signature
        """The two options of its own, which need no lines then."""
        return ["[--version | --help]", "COMMAND [--help | ARGS...]"]

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 – typer's signature
        """The commands alone, one line each and no blank ones: all fits 80 × 40. The options stand in the line of usage."""
        width = max(len(command.name) for section in COMMANDS.values() for command in section)
        formatter.write_paragraph()
        for title, section in COMMANDS.items():
            formatter.write(f"{title}\n" + "".join(f"  {command.name:{width}}  {command.does}\n" for command in section))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is typed, or what its old name stands for."""
        line, remark = present_line(args)
        if remark:
            say(f"multilabelfy: {remark}")
        return super().resolve_command(ctx, line)


def register_all(app: typer.Typer) -> None:
    """Add all commands, in this order."""
    for section in COMMANDS.values():
        for command in section:
            app.command(command.name, short_help=command.does, epilog=command.epilog or None)(command.run)
    for command in MAINTENANCE:
        app.command(command.name, short_help=command.does, hidden=True)(command.run)
