"""How a table's cells are printed on pages, in files and in LaTeX."""

from multilabelfy.report.findings import Cell, CellKind, Column, FindingTable
from multilabelfy.report.wording import MINUS, count, from_to, number, percent


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as people read it; a dash where nothing is defined."""
    if cell is None:
        return "–"
    if isinstance(cell, str) or column.kind is CellKind.TEXT:
        return str(cell)
    if column.kind is CellKind.COUNT:
        return count(int(cell))
    if column.kind is CellKind.SHARE:
        return percent(float(cell), 2)
    if column.kind is CellKind.POINTS:
        return f"{100 * float(cell):.2f}".replace("-", MINUS)
    return number(cell) if isinstance(cell, float) else str(cell)


def printed(table: FindingTable) -> tuple[list[Column], list[list[str]]]:
    """The columns and cells as printed: each interval's two ends share one cell, in the unit of their value."""
    table = _without_empty_columns(table)
    columns = [Column("interval", "95% interval", CellKind.TEXT) if column.kind is CellKind.LOW else column for column in table.columns]
    kept = [place for place, column in enumerate(table.columns) if column.kind is not CellKind.HIGH]
    return [columns[place] for place in kept], [[_printed_cell(table, row, place) for place in kept] for row in table.rows]


def _without_empty_columns(table: FindingTable) -> FindingTable:
    """The table without columns in which nothing is defined."""
    kept = [place for place in range(len(table.columns)) if not table.rows or any(row[place] is not None for row in table.rows)]
    return FindingTable(tuple(table.columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in table.rows))


def _printed_cell(table: FindingTable, row: tuple[Cell, ...], place: int) -> str:
    if table.columns[place].kind is not CellKind.LOW:
        return cell_text(row[place], table.columns[place])
    low, high = row[place], row[place + 1]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return "–"
    kind = table.columns[place - 1].kind
    if kind in (CellKind.SHARE, CellKind.POINTS):
        ends = from_to(*(f"{100 * end:.2f}".replace("-", MINUS) for end in (low, high)))
        return f"{ends}%" if kind is CellKind.SHARE else ends
    if kind is CellKind.COUNT:
        return f"{low:,.0f}–{high:,.0f}"
    return from_to(number(low), number(high))
