"""A list in one cell of a CSV file: its values joined by `|`, and quoted by CSV's own rule if they contain one.

`cat|dog` is a list of two values. A value that contains a `|`, starts with a quotation mark or has space around it stands in quotation
marks, and quotation marks inside it are doubled: `"cat|dog"|hen`. Plain values read as `split("|")` reads them, and no value is torn.
"""

import re
from collections.abc import Iterable

MARK = "|"
PLAIN = re.compile(r'(?!["\s])[^|]*(?<!\s)')
PART = re.compile(r'\s*"((?:[^"]|"")*)"\s*\||([^|]*)\|')
"""One value and the mark after it: either in closed quotation marks, or up to the next mark."""


def join(values: Iterable[str]) -> str:
    """The values in one cell.

    >>> join(["cat", "dog"]), join(["cat|dog", "hen"]), join([])
    ('cat|dog', '"cat|dog"|hen', '')
    """
    return MARK.join(value if value and PLAIN.fullmatch(value) else _quoted(value) for value in values)


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell, of an empty cell none. Space around unquoted values is dropped. Every text can be read.

    >>> split("cat | dog"), split('"cat|dog"|hen'), split("")
    (('cat', 'dog'), ('cat|dog', 'hen'), ())
    """
    parts = PART.finditer(cell + MARK) if cell else ()
    return tuple(part[2].strip() if part[1] is None else part[1].replace('""', '"') for part in parts)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
