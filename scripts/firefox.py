"""Find a Firefox for `make firefox`, or bring one; print its path.

Order: MULTILABELFY_FIREFOX, an installed Firefox, Debian's package (as root). It needs no driver: Firefox speaks WebDriver BiDi itself.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("firefox-esr", "firefox")
MAC = Path("/Applications/Firefox.app/Contents/MacOS/firefox")


def installed_firefox() -> str | None:
    """The path of a Firefox that is already there, if any."""
    named = os.environ.get("MULTILABELFY_FIREFOX")
    if named:
        return named
    firefox = next((path for name in NAMES if (path := shutil.which(name))), None)
    return firefox or (str(MAC) if MAC.exists() else None)


def bring_firefox() -> None:
    """Install Debian's package where that is possible."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "-q", "update"], check=False, stdout=sys.stderr)
        subprocess.run(["apt-get", "-q", "install", "-y", "--no-install-recommends", "firefox-esr"], check=False, stdout=sys.stderr)


if __name__ == "__main__":
    if installed_firefox() is None:
        bring_firefox()
    path = installed_firefox()
    if path is None:
        sys.exit("No Firefox was found and none could be installed: install one and name it in MULTILABELFY_FIREFOX.")
    print(f"browser: {path}")
