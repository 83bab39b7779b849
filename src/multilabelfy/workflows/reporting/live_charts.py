"""Store the script for live figures in the workspace, made once for each version of its package when somebody makes a report.

A page requests it by that version, so that browsers may cache it for good; without it, a page shows its figures as images.
"""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from multilabelfy.formats.files.whole_files import whole_file
from multilabelfy.workflows.workspace import Workspace

SOURCE = "vl-convert-python"


def script_version() -> str:
    """The version of the script's package; empty if it is not installed."""
    try:
        return version(SOURCE)
    except PackageNotFoundError:
        return ""


def script_file(workspace: Workspace, wanted: str) -> Path | None:
    """The script of this version; None if it is not stored or is not the installed version."""
    path = _place(workspace)
    return path if wanted and wanted == script_version() and path.is_file() else None


def keep_script(workspace: Workspace) -> Path:
    """Make the script if it is missing, and delete that of an older version. Raises InvalidInput if it cannot be written."""
    from multilabelfy.report.live import chart_script  # slow to import, and only whoever makes a report needs it

    path = _place(workspace)
    if not path.is_file():
        with whole_file(path, overwrite=True) as part:
            part.write_text(chart_script(), encoding="utf-8")
        for older in set(path.parent.glob("*.js")) - {path}:
            older.unlink(missing_ok=True)
    return path


def _place(workspace: Workspace) -> Path:
    return workspace.charts / f"{script_version()}.js"
