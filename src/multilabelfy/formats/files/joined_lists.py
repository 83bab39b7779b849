"""A list in one cell of a CSV file: its values joined by `|`, quoted by CSV's own rule where a value holds one.

`cat|dog` is a list of two. A value with a `|` in it, a quotation mark at its start, or space around it stands in quotation marks, and a
quotation mark inside of these is doubled: `"cat|dog"|hen`. Plain values are what `split("|")` reads, and no value is torn.
"""

import re
from collections.abc import Iterable

MARK = "|"
PLAIN = re.compile(r'(?!["\s])[^|]*(?<!\s)')
PART = re.compile(r'\s*"((?:[^"]|"")*)"\s*\||([^|]*)\|')
"""One value and the mark behind it: in quotation marks that are closed, or up to the next mark."""


def join(values: Iterable[str]) -> str:
    """The values in one cell.

    >>> join(["cat", "dog"]), join(["cat|dog", "hen"]), join([])
    ('cat|dog', '"cat|dog"|hen', '')
    """
    return MARK.join(value if value and PLAIN.fullmatch(value) else _quoted(value) for value in values)


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell, without the space around those that are not quoted; of an empty cell, none. Whatever stands there is read.

    >>> split("cat | dog"), split('"cat|dog"|hen'), split("")
    (('cat', 'dog'), ('cat|dog', 'hen'), ())
    """
    parts = PART.finditer(cell + MARK) if cell else ()
    return tuple(part[2].strip() if part[1] is None else part[1].replace('""', '"') for part in parts)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
