"""Change where a workspace's settings say that its database is, and leave every other line as it stands."""

import json
import re
from pathlib import Path

from multilabelfy.formats.files.whole_files import whole_file
from multilabelfy.settings import without_password

_LINE = re.compile(r"^[ \t]*database_url[ \t]*=.*$", flags=re.M)


def with_database_url(file: Path, url: str) -> None:
    """Name this database. The address may hold a password: the file becomes readable by its owner alone."""
    line = f"database_url = {json.dumps(url)}"
    text = _read(file)
    _write(file, _LINE.sub(lambda _: line, text) if _LINE.search(text) else f"{line}\n{text}")


def without_database_url(file: Path) -> None:
    """Name none, so that the workspace's own file is used; the address that was named stays as a comment, without its password."""
    _write(file, _LINE.sub(lambda match: "# " + without_password(match.group().strip()), _read(file)))


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _write(file: Path, text: str) -> None:
    with whole_file(file, overwrite=True) as part:
        part.touch(mode=0o600)
        part.write_text(text, encoding="utf-8")
