"""The server fetches no address that somebody names: it has nothing to fetch one with."""

import ast
from pathlib import Path

import multilabelfy

PACKAGE = Path(multilabelfy.__file__).parent
CLIENTS = {
    "urllib.request",
    "http.client",
    "httpx",
    "requests",
    "aiohttp",
    "urllib3",
    "ftplib",
    "smtplib",
    "webbrowser",
    "fsspec",
    "s3fs",
    "boto3",
    "botocore",
}
ON_THE_COMMAND_LINE = {"cli", "inference", "demo"}
"""What only whoever sits at the server runs: a model is loaded by name, the demo opens a browser."""
OF_COMMANDS = {"workflows/checkup/machine.py"}
"""What no page runs: `doctor` asks this workspace's own server whether it answers."""
OF_ROOTS = {"pictures/remote/buckets.py", "pictures/remote/web_folders.py"}
"""What fetches pictures, below a root that the command line named."""


def modules_named_in(file: Path) -> set[str]:
    """Every module that a file imports, at its head or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_the_server_has_nothing_to_fetch_an_address_with() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).parts[0] not in ON_THE_COMMAND_LINE]
    assert len(files) > 200
    fetching = {file.relative_to(PACKAGE).as_posix() for file in files if modules_named_in(file) & CLIENTS}
    assert fetching == OF_COMMANDS | OF_ROOTS


def test_only_the_command_line_turns_what_somebody_wrote_into_a_remote_root() -> None:
    """Elsewhere a root is what the database keeps, or a value that the command line made."""
    written = {file.relative_to(PACKAGE).as_posix(): file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")}

    def naming(word: str) -> set[str]:
        return {name for name, text in written.items() if word in text}

    assert naming("remote_address") == {"pictures/remote/addresses.py", "cli/output.py", "pictures/roots.py"}
    assert naming("root_named") == {"cli/output.py", "cli/importing.py", "cli/datasets.py"}
    assert not [name for name in naming("root_at") | naming("RemoteAddress(") if name.startswith("web/")]


def test_a_module_that_fetches_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    from urllib import request\n    import http.client\n")
    assert modules_named_in(tmp_path / "a.py") >= {"urllib.request", "http.client"}
