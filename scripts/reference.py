"""Write docs/reference/commands.md and errors.md from the code itself; `--check` says whether they are up to date."""

import inspect
import sys
from pathlib import Path
from typing import Any

import typer

from multilabelfy import errors
from multilabelfy.cli.main import app

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


def _command_section(name: str, command: Any) -> str:
    arguments = [_argument(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join(["multilabelfy", name, *arguments, "[OPTIONS]"])
    lines = [f"## {name}\n", f"`{usage}`\n", inspect.cleandoc(command.help or "") + "\n"]
    rows = [_row(parameter) for parameter in command.params if getattr(parameter, "help", None) and parameter.name != "help"]
    return "\n".join([*lines, "| | | default |", "|---|---|---|", *rows, ""])


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


PAGES = {"commands.md": commands_page, "errors.md": errors_page}


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
