"""Find a Chromium for the browser tests and screenshots, or bring one; print its path.

Order: MULTILABELFY_CHROMIUM, an installed Chromium or Chrome, Debian's packages (as root), Playwright's own build. Tests take Chromium
without its user interface where there is one: the same engine, and less than half of the processor time for each page that is opened.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def installed_browser(*, whole: bool = False) -> str | None:
    """The path of a browser that is already there, if any; `whole` prefers one with its user interface, as people have it."""
    named = os.environ.get("MULTILABELFY_CHROMIUM")
    if named:
        return named
    browser = next((path for name in ((*WHOLE, SHELL) if whole else (SHELL, *WHOLE)) if (path := shutil.which(name))), None)
    if browser:
        return browser
    if MAC.exists():
        return str(MAC)
    return playwright_browser()


def playwright_browser() -> str | None:
    """Playwright's own build, where it was installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def bring_browser() -> None:
    """Install one of Debian's packages where that is possible, else Playwright's build."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "-q", "update"], check=False, stdout=sys.stderr)
        install = ["apt-get", "-q", "install", "-y", "--no-install-recommends"]
        if any(subprocess.run([*install, package], check=False, stdout=sys.stderr).returncode == 0 for package in (SHELL, "chromium")):
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    if installed_browser() is None:
        bring_browser()
    path = installed_browser()
    if path is None:
        sys.exit("No Chromium was found and none could be installed: install one and name it in MULTILABELFY_CHROMIUM.")
    print(f"browser: {path}")
