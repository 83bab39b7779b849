"""Write docs/reference/commands.md, errors.md, formats.md and measures.md from the code itself; `--check`: are they up to date?"""

import inspect
import sys
from collections import Counter
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
    """Every command with its help and options; what several commands take is explained once."""
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    counted = Counter((_names(option), _option_line(option)) for command in commands.values() for option in _options(command))
    commonest = {names: (line, n) for (names, line), n in sorted(counted.items(), key=lambda entry: entry[1])}
    shared = [line for names, (line, n) in commonest.items() if n > 1]
    parts = [
        "# Commands\n",
        "Words and progress go to standard error; results, and with `--json` JSON alone, to standard output. `multilabelfy COMMAND --help`",
        "lists every option with its default.\n",
        "## Options that several commands take\n",
        *shared,
        "",
    ]
    parts += [_command_section(name, command, shared) for name, command in commands.items() if not command.hidden]
    parts += ["## Maintenance\n", "`multilabelfy --help` does not list these: a server does most of it by itself.\n"]
    parts += [_command_section(name, command, shared, "###") for name, command in commands.items() if command.hidden]
    return "\n".join(parts).rstrip() + "\n"


def errors_page() -> str:
    """Every error with what it means."""
    lines = ["# Errors\n", "A command that ends with one of these prints its message and exits with status 1.\n"]
    for name, each in inspect.getmembers(errors, inspect.isclass):
        if issubclass(each, errors.MultilabelfyError):
            lines.append(f"- `{name}`: {' '.join((each.__doc__ or '').split())}")
    return "\n".join(lines) + "\n"


def measures_page() -> str:
    """Every measure of agreement and of models: its definition, what it needs, and how sure it is."""
    lines = [
        "# Measures\n",
        "Unless a measure says otherwise, its interval is a bootstrap over images. A figure that lacks what it needs is null.\n",
        "## Agreement\n",
        "`disagreements --json` gives each measure under its key; those of whole sets count a maybe once as a no and once as a yes.",
        "The page Disagreements and the report read the same table, `disagreement/agreement/measures.py`.\n",
        *(f"- **{raters.name.lower().replace('_', ' ')}**: {raters.value}." for raters in Raters),
        "",
        "| measure, key | what it says | formula and edge cases | compares | needs |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(map(_cell, cells))} |" for cells in _agreement_rows()),
        "",
        "**Two people** (the page's table, with Cohen's kappa) are compared on the questions that both answered. **One person** is",
        "compared with all others, weighted by the number of questions. **Two experts** are the first two who decided an image",
        "independently. **A person with themselves** is compared on the images that came back. Answers beyond the wanted overlap count",
        "nowhere.",
        "",
        "## Models\n",
        "`evaluate --json` gives each measure under its key, with its interval under `intervals`; the report reads the same table",
        "(`evaluation/measures/table.py`). *g* is an image's given label, *Y* its final labels, *r* the ranking (equal scores: the lower",
        "label index first).\n",
        "| measure, key | definition | needs | interval |",
        "|---|---|---|---|",
        *(f"| {' | '.join(map(_cell, cells))} |" for cells in _model_rows()),
    ]
    return "\n".join(lines) + "\n"


def _model_rows() -> list[list[str]]:
    return [[f"{of.name}, `{of.key}`", _sourced(of.definition, of.source), of.needs, of.interval_by] for of in MODEL_MEASURES]


def _agreement_rows() -> list[list[str]]:
    return [
        [
            f"{measure.name}, `{measure.key}`",
            measure.definition,
            _sourced(measure.formula + _unusual(measure.worked_out.interval), measure.source),
            measure.raters.name.lower().replace("_", " "),
            measure.needs.value,
        ]
        for measure in OF_AGREEMENT
    ]


def _sourced(text: str, source: str) -> str:
    return f"{text} ({source})" if source else text


def _unusual(interval: str) -> str:
    return "" if interval == "bootstrap over images" else f"; interval: {interval}"


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")


def formats_page() -> str:
    """Every kind of file that is read, and every format that is written with its columns."""
    lines = [
        *("# Formats\n", "What the columns and values mean: [files that go in and come out](../formats.md).\n"),
        *("## In\n", "| what | taken by | files | looks like |", "|---|---|---|---|"),
        *(_row_of(kind.name, _coded(kind.options), _coded(kind.suffixes), kind.forms) for kind in INPUTS),
        *("\n## Out (`export --format`)\n", "| format | means | files | needs |", "|---|---|---|---|"),
    ]
    lines += [_row_of(f"`{format.name}`", format.meaning, _coded(format.suffixes), format.needs.value) for format in FORMATS]
    lines += ["\n### Columns\n"]
    lines += [f"- `{format.name}`: {_coded(format.columns())}" for format in FORMATS if format.columns()]
    return "\n".join(lines) + "\n"


def _row_of(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _coded(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _command_section(name: str, command: Any, shared: list[str], level: str = "##") -> str:
    arguments = [_argument(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    lines = [f"{level} {name}\n", f"`{' '.join(['multilabelfy', name, *arguments])}`\n", inspect.cleandoc(command.help or "") + "\n"]
    options = {_names(option): _option_line(option) for option in _options(command)}
    lines += [line for line in options.values() if line not in shared]
    also = [f"`{names}`" for names, line in options.items() if line in shared and names.startswith("--") and names not in EVERYWHERE]
    if also:
        lines += [*([""] if len(also) < len(options) else []), f"Also takes {', '.join(also)}."]
    return "\n".join(lines).rstrip() + "\n"


EVERYWHERE = ("--workspace", "--json")
"""Shared options that a command's section does not repeat."""


def _options(command: Any) -> list[Any]:
    """A command's arguments and options that have words."""
    return [parameter for parameter in command.params if getattr(parameter, "help", None) and parameter.name != "help"]


def _argument(parameter: Any) -> str:
    name = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _option_line(parameter: Any) -> str:
    shown = getattr(parameter, "show_default", None)
    default = shown if isinstance(shown, str) else parameter.default
    text = str(getattr(default, "value", default)) if isinstance(default, str | int | float) and not isinstance(default, bool) else ""
    words = " ".join(getattr(parameter, "help", "").split())
    for kind in INPUTS:
        words = words.replace(kind.briefly, f"[{kind.name}](formats.md#in)")
    return f"- `{_names(parameter)}`: {words}" + (f" Default: {text}." if text else "")


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
