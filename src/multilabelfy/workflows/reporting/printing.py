"""Print a report to PDF through a browser, if this machine has one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "chromium-headless-shell")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
VARIABLE = "MULTILABELFY_CHROMIUM"
ATTEMPT = "Cannot print the report to PDF"
WAY_OUT = f"Install Chromium or Chrome, name one in {VARIABLE}, or open the report in any browser and print it: it is laid out for A4."
LONGEST_S = 120


def print_to_pdf(page: Path, pdf: Path, browser: str | None = None) -> Path:
    """Print an HTML file; `browser` is a path, by default the first one found. Raises InvalidInput if there is none or it fails."""
    program = browser or find_browser()
    if program is None:
        raise InvalidInput(ATTEMPT, [Problem("Chromium", "no browser was found on this machine")], WAY_OUT)
    sandbox = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}"]
    try:
        command = [program, *sandbox, *options, page.resolve().as_uri()]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)  # noqa: S603 - fixed options, own files
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InvalidInput(ATTEMPT, [Problem(program, str(error))], WAY_OUT) from error
    if not pdf.is_file():
        messages = finished.stderr.strip().splitlines()
        raise InvalidInput(ATTEMPT, [Problem(program, messages[-1] if messages else "it wrote no file")], WAY_OUT)
    return pdf


def find_browser() -> str | None:
    """The browser named in the environment, else the first one installed."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return program or (str(MAC) if MAC.exists() else None)
