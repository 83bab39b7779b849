"""Read the file of answers that a browser could not send (docs/formats.md), and list everything wrong with it."""

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
    """One form as it would have been sent: its address, its time by the browser's clock (ms since 1970), and its fields in order."""

    id: str
    address: str
    given: int
    body: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnsentAnswers:
    """The answers to one dataset that one person's browser kept; `person` is their number."""

    person: str
    dataset: str
    answers: tuple[UnsentAnswer, ...]


def read_unsent(text: bytes, name: str) -> UnsentAnswers:
    """The answers in a file; it is used only if all of it can be read. Raises InvalidInput with every problem."""
    attempt = f"Cannot import the answers in '{name}'"
    try:
        whole = json.loads(text)
        # Half a character, as "\\ud800", can be stored nowhere: it is a question mark from here on.
        whole = json.loads(json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(attempt, [Problem(f"{name}{line}", "this is not JSON. Give the file that the annotate page saved")]) from None
    problems = _problems(whole, name)
    if problems:
        raise InvalidInput(attempt, problems, "Nothing of it was imported. Save the file again from the header of the annotate page.")
    answers = [_answer(entry) for entry in whole["answers"]]
    return UnsentAnswers(whole["person"], whole["dataset"], tuple(answers))


def _answer(entry: dict[str, Any]) -> UnsentAnswer:
    return UnsentAnswer(entry["id"], entry["address"], entry["given"], tuple((name, value) for name, value in entry["body"]))


def _problems(whole: Any, name: str) -> list[Problem]:
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        return [Problem(name, f"this is not a file of answers: it lacks “format”: “{FORMAT}”")]
    if whole.get("version") != VERSION:
        return [Problem(name, f"it has version {whole.get('version')!r}, but this Multilabelfy reads version {VERSION}")]
    problems = [Problem(name, f"“{key}” is not text") for key in ("person", "dataset") if not isinstance(whole.get(key), str)]
    if not isinstance(whole.get("answers"), list):
        return [*problems, Problem(name, "“answers” is not a list")]
    for number, answer in enumerate(whole["answers"], 1):
        problems += [Problem(f"{name}, answer {number}", what) for what in _misfits(answer)]
    return problems


def _misfits(answer: Any) -> list[str]:
    if not isinstance(answer, dict):
        return ["it is not an object"]
    misfits = [
        f"“{key}” is {'missing' if key not in answer else 'of the wrong kind'}"
        for key, kind in FIELDS.items()
        if not isinstance(answer.get(key), kind) or isinstance(answer.get(key), bool)
    ]
    body = answer.get("body")
    if isinstance(body, list) and not all(isinstance(pair, list) and [type(part) for part in pair] == [str, str] for pair in body):
        misfits.append("“body” is not a list of [name, value]")
    return misfits
