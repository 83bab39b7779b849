"""The command line: `multilabelfy COMMAND`, its exit statuses, and what it says of errors."""

import os
import signal
import sys
import tempfile
import traceback
from typing import NoReturn

import typer

from multilabelfy import __version__
from multilabelfy.cli.listing import InOrderOfWork, register_all
from multilabelfy.cli.output import say
from multilabelfy.errors import DISK_FAULTS, MultilabelfyError, UnknownDataset, typed
from multilabelfy.workflows.serving.ending import end_with_parent

app = typer.Typer(
    name="multilabelfy",
    cls=InOrderOfWork,
    help="Turn a single-label image dataset into a trustworthy multi-label one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

register_all(app)


@app.callback(invoke_without_command=True)
def options(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    """Turn a single-label image dataset into a trustworthy multi-label one."""
    if version:
        sys.stdout.write(f"multilabelfy {__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run a command; an expected error is printed as a message, with exit status 1."""
    before = signal.signal(signal.SIGTERM, _end)
    end_with_parent()
    try:
        app()
    except MultilabelfyError as error:
        say(f"multilabelfy: {error.worded(typed)}{_known(error)}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("multilabelfy: stopped.")
        sys.exit(130)
    except BrokenPipeError:  # the reader of the pipe has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.errno not in DISK_FAULTS:
            _report_mistake()
        where = f" '{error.filename}'" if error.filename else ""
        say(f"multilabelfy: cannot write{where}: {error.strerror}. Make room, or name a place that can be written.")
        sys.exit(1)
    except Exception:
        _report_mistake()
    finally:
        signal.signal(signal.SIGTERM, before)


def _known(error: MultilabelfyError) -> str:
    return f" {error.known}" if isinstance(error, UnknownDataset) and error.known else ""


def _report_mistake() -> NoReturn:
    """Our own mistake: the details go into a file for a bug report, not onto the screen."""
    say(f"multilabelfy: this should not have happened. Please report it and attach the file {_written_down()}.")
    sys.exit(70)


def _end(*_: object) -> None:
    """SIGTERM ends a command as Ctrl+C does: temporary files are removed, and the workspace is closed."""
    raise SystemExit(128 + signal.SIGTERM)


def _written_down() -> str:
    with tempfile.NamedTemporaryFile("w", prefix="multilabelfy-error-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(f"multilabelfy {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    return file.name
