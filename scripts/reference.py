"""Write docs/reference/commands.md, errors.md, formats.md and measures.md from the code itself; `--check`: are they up to date?"""

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from multilabelfy import errors
from multilabelfy.cli.main import app
from multilabelfy.disagreement.agreement.measures import MEASURES as OF_AGREEMENT
from multilabelfy.disagreement.agreement.measures import Raters
from multilabelfy.evaluation.measures.table import MODEL_MEASURES
from multilabelfy.formats.inputs import INPUTS
from multilabelfy.formats.outputs import FORMATS

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def commands_page() -> str:
    """Every command with its help, arguments and options."""
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    parts = ["# Commands\n", "Words and progress go to standard error; results, and with `--json` JSON alone, to standard output.\n"]
    parts += [_command_section(name, command) for name, command in commands.items()]
    return "\n".join(parts)


def errors_page() -> str:
    """Every error with what it means."""
    lines = [
        "# Errors\n",
        "A command that ends with one of these prints its message and exits with status 1.\n",
        "| error | means |",
        "|---|---|",
    ]
    for name, each in inspect.getmembers(errors, inspect.isclass):
        if issubclass(each, errors.MultilabelfyError):
            lines.append(f"| `{name}` | {' '.join((each.__doc__ or '').split())} |")
    return "\n".join(lines) + "\n"


def measures_page() -> str:
    """Every measure of agreement: its definition, whose answers it compares, what it needs, and how sure it is."""
    lines = [
        "# Measures\n",
        "## Agreement\n",
        "`disagreements --json` gives each under its key, those of whole sets with a maybe counted as a no and again as a yes; the page",
        "Disagreements and the report read the same table, `disagreement/agreement/measures.py`. A figure without what it needs is null.\n",
        "| measure | key | what it says | formula and edge cases | everybody is | needs | interval | source |",
        "|---|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(map(_cell, cells))} |" for cells in _agreement_rows()),
        "",
        *(f"- **{raters.name.lower().replace('_', ' ')}**: {raters.value}." for raters in Raters),
        "",
        "Elsewhere: of **two people** (the page's table two by two, with Cohen's kappa) the questions that both answered; of",
        "**one person** against the rest the same over all others, weighed by the questions; of **two experts** the first two who",
        "decided an image independently; of a person **with themselves** the images that came back. Answers beyond the wanted overlap",
        "count nowhere.",
        "",
        "## Models\n",
        "`evaluate --json` gives each under its key, with its interval under `intervals`; the report reads the same table",
        "(`evaluation/measures/table.py`). Of an image: *g* the given label, *Y* the final labels, *r* the ranking (equal scores:",
        "the lower label index first). Without what it needs a measure is null.\n",
        "| measure | key | definition | needs | interval | source |",
        "|---|---|---|---|---|---|",
        *(f"| {' | '.join(map(_cell, cells))} |" for cells in _model_rows()),
    ]
    return "\n".join(lines) + "\n"


def _model_rows() -> list[list[str]]:
    return [[of.name, f"`{of.key}`", of.definition, of.needs, of.interval_by, of.source] for of in MODEL_MEASURES]


def _agreement_rows() -> list[list[str]]:
    return [
        [
            measure.name,
            f"`{measure.key}`",
            measure.definition,
            measure.formula,
            measure.raters.name.lower().replace("_", " "),
            measure.needs.value,
            measure.worked_out.interval,
            measure.source,
        ]
        for measure in OF_AGREEMENT
    ]


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")


def formats_page() -> str:
    """Every kind of file that is read, and every format that is written with its columns."""
    lines = [
        *("# Formats\n", "What the columns and values mean: [files that go in and come out](../formats.md).\n"),
        *("## In\n", "| what | taken by | files | looks like |", "|---|---|---|---|"),
        *(_row_of(kind.name, _coded(kind.options), _coded(kind.suffixes), kind.forms) for kind in INPUTS),
        *("\n## Out (`export --format`)\n", "| format | means | files | needs | on the settings page |", "|---|---|---|---|---|"),
    ]
    for format in FORMATS:
        title = f"“{format.title}”" if format.is_on_page else "no"
        lines.append(_row_of(f"`{format.name}`", format.meaning, _coded(format.suffixes), format.needs.value, title))
    lines += ["\n### Columns\n", "| format | columns |", "|---|---|"]
    lines += [_row_of(f"`{format.name}`", _coded(format.columns())) for format in FORMATS if format.columns()]
    return "\n".join(lines) + "\n"


def _row_of(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _coded(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _command_section(name: str, command: Any) -> str:
    arguments = [_argument(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join(["multilabelfy", name, *arguments, "[OPTIONS]"])
    lines = [f"## {name}\n", f"`{usage}`\n", inspect.cleandoc(command.help or "") + "\n"]
    rows = [_row(parameter) for parameter in command.params if getattr(parameter, "help", None) and parameter.name != "help"]
    epilog = (command.epilog or "").removeprefix("\b\n")
    below = [f"\n```text\n{epilog}\n```"] if epilog else []
    return "\n".join([*lines, "| | | default |", "|---|---|---|", *rows, *below, ""])


def _argument(parameter: Any) -> str:
    name = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _row(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    names = (parameter.name or "").upper() if is_argument else ", ".join([*parameter.opts, *parameter.secondary_opts])
    shown = getattr(parameter, "show_default", None)
    default = shown if isinstance(shown, str) else parameter.default
    text = str(getattr(default, "value", default)) if isinstance(default, str | int | float) and default is not False else ""
    return f"| `{names}` | {' '.join(getattr(parameter, 'help', '').split())} | {text} |".replace("|  |", "| |")


PAGES = {"commands.md": commands_page, "errors.md": errors_page, "formats.md": formats_page, "measures.md": measures_page}


def main() -> int:
    """Write the pages, or with --check compare them."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, page in PAGES.items():
        text = page()
        if "--check" not in sys.argv:
            (REFERENCE / name).write_text(text)
        elif not (REFERENCE / name).is_file() or (REFERENCE / name).read_text() != text:
            stale.append(name)
    if stale:
        print(f"Out of date in docs/reference: {', '.join(stale)}. Run `python scripts/reference.py`.")
    return len(stale)


if __name__ == "__main__":
    sys.exit(main())
