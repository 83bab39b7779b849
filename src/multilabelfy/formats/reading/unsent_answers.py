"""Read the file of answers that a browser could not send (docs/formats.md), and list everything that is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multilabelfy.errors import InvalidInput, Problem

FORMAT = "multilabelfy-answers"
VERSION = 1
FIELDS: Mapping[str, type] = {"id": str, "address": str, "given": int, "body": list}


@dataclass(frozen=True, slots=True)
class UnsentAnswer:
    """One form as it would have been sent: to which address, when by the browser's clock (ms since 1970), its fields in their order."""

    id: str
    address: str
    given: int
    body: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnsentAnswers:
    """What one person's browser held of one dataset; `person` is their number."""

    person: str
    dataset: str
    answers: tuple[UnsentAnswer, ...]


def read_unsent(text: bytes, name: str) -> UnsentAnswers:
    """The answers in a file, of which nothing is used unless all can be read. Raises InvalidInput with every problem."""
    attempt = f"Cannot import the answers in '{name}'"
    try:
        whole = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(
            attempt, [Problem(f"{name}{line}", "this is not JSON. It must be the file that the annotate page saved")]
        ) from None
    problems = _problems(whole, name)
    if problems:
        raise InvalidInput(attempt, problems, "Save the file anew from the header of the annotate page: nothing of it was imported.")
    answers = [UnsentAnswer(one["id"], one["address"], one["given"], tuple((k, v) for k, v in one["body"])) for one in whole["answers"]]
    return UnsentAnswers(whole["person"], whole["dataset"], tuple(answers))


def _problems(whole: Any, name: str) -> list[Problem]:
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        return [Problem(name, f"this is no file of answers: it does not say “format”: “{FORMAT}”")]
    if whole.get("version") != VERSION:
        return [Problem(name, f"it is of version {whole.get('version')!r}, and this Multilabelfy reads version {VERSION}")]
    found = [Problem(name, f"“{key}” is no text") for key in ("person", "dataset") if not isinstance(whole.get(key), str)]
    if not isinstance(whole.get("answers"), list):
        return [*found, Problem(name, "“answers” is no list")]
    for number, answer in enumerate(whole["answers"], 1):
        found += [Problem(f"{name}, answer {number}", what) for what in _misfits(answer)]
    return found


def _misfits(answer: Any) -> list[str]:
    if not isinstance(answer, dict):
        return ["it is no object"]
    found = [
        f"“{key}” is {'missing' if key not in answer else 'of the wrong kind'}"
        for key, kind in FIELDS.items()
        if not isinstance(answer.get(key), kind) or isinstance(answer.get(key), bool)
    ]
    body = answer.get("body")
    if isinstance(body, list) and not all(isinstance(pair, list) and [type(part) for part in pair] == [str, str] for pair in body):
        found.append("“body” is no list of [name, value]")
    return found
