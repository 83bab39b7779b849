"""What the tables of a workspace hold, as a command shows it: counted, and with a checksum that no order of rows changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from multilabelfy.store.copies.table_sums import TableSum


@dataclass(frozen=True, slots=True)
class TableContent:
    """What one table holds: `checksum` is 64 hex digits."""

    table: str
    n_rows: int = 0
    checksum: str = "0" * 64


def contents(sums: Iterable[TableSum]) -> tuple[TableContent, ...]:
    """The same, table by table."""
    return tuple(TableContent(each.table, each.n_rows, each.checksum) for each in sums)
