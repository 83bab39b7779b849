"""Find a Chromium for the browser tests and screenshots, or bring one; print its path.

Order: MULTILABELFY_CHROMIUM, an installed Chromium or Chrome, Debian's package (as root), Playwright's own build.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def installed_browser() -> str | None:
    """The path of a browser that is already there, if any."""
    named = os.environ.get("MULTILABELFY_CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
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
    """Install Debian's package where that is possible, else Playwright's build."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "-q", "update"], check=False, stdout=sys.stderr)
        done = subprocess.run(["apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium"], check=False, stdout=sys.stderr)
        if done.returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    if installed_browser() is None:
        bring_browser()
    path = installed_browser()
    if path is None:
        sys.exit("No Chromium was found and none could be installed: install one and name it in MULTILABELFY_CHROMIUM.")
    print(f"browser: {path}")
