"""Read a text file, whatever tool wrote it: UTF-8 with or without a byte order mark, UTF-16, or a spreadsheet's code page."""

import codecs
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem


def read_text(path: Path, attempt: str) -> str:
    """The text, without a byte order mark and with its own line ends. Raises InvalidInput if the file is missing or empty."""
    return text_of(read_bytes(path, attempt), path, attempt)


def text_of(data: bytes, where: object, attempt: str) -> str:
    """The text of a file's content, as `read_text` gives it. Raises InvalidInput where it is damaged."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(where, data, attempt, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # a spreadsheet saved it in its own code page; Latin-1 knows every byte
        return _windows_text(data)


def read_bytes(path: Path, attempt: str) -> bytes:
    """The content. Raises InvalidInput if the file is missing or empty."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InvalidInput(attempt, [Problem(str(path), "there is no such file")]) from None
    except OSError as error:
        raise InvalidInput(attempt, [Problem(str(path), f"it cannot be read: {error.strerror}")]) from None
    if not data.strip():
        raise InvalidInput(attempt, [Problem(str(path), "the file is empty")])
    return data


def _windows_text(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _decoded(where: object, data: bytes, attempt: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(attempt, [Problem(str(where), f"its text is damaged: {error.reason} at byte {error.start}")]) from None
