"""Read JSON without losing anything: a repeated key is seen, and a name can be traced to its line."""

import json
from pathlib import Path
from typing import Any

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.text_files import read_text


class Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, in the order of the file; a key may occur twice."""


def read_json(path: Path, attempt: str) -> Any:
    """The value in the file, with every object as `Pairs`. Raises InvalidInput, with the line."""
    text = read_text(path, attempt)
    try:
        return json.loads(text, object_pairs_hook=Pairs)
    except json.JSONDecodeError as error:
        raise InvalidInput(attempt, [Problem(f"{path}:{error.lineno}", f"this is not JSON: {error.msg} (column {error.colno})")]) from None
    except RecursionError:
        raise InvalidInput(attempt, [Problem(str(path), "it is nested too deeply for a file of labels")]) from None


def read_json_lines(path: Path, attempt: str) -> list[tuple[int, Any]]:
    """One value per line, each with its line number; empty lines are skipped. Raises InvalidInput with every line that is not JSON."""
    values: list[tuple[int, Any]] = []
    problems: list[Problem] = []
    for number, line in enumerate(read_text(path, attempt).splitlines(), start=1):
        if line.strip():
            try:
                values.append((number, json.loads(line, object_pairs_hook=Pairs)))
            except json.JSONDecodeError as error:
                problems.append(Problem(f"{path}:{number}", f"this is not JSON: {error.msg} (column {error.colno})"))
    if problems:
        raise InvalidInput(attempt, problems)
    return values


def line_of_key(path: Path, key: str, attempt: str) -> int:
    """The line, from 1, on which an object of the file has this key; the last one if it occurs twice."""
    text = read_text(path, attempt)
    written = max(text.rfind(json.dumps(key, ensure_ascii=ascii_only)) for ascii_only in (True, False))
    return text.count("\n", 0, max(written, 0)) + 1
