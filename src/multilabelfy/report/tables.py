"""How a table's cells are printed for people: one place for pages, files and LaTeX."""

from multilabelfy.report.findings import Cell, Column, Kind, Table
from multilabelfy.report.wording import MINUS, count, from_to, number, percent


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as people read it; a dash where nothing is defined."""
    if cell is None:
        return "–"
    if isinstance(cell, str) or column.kind is Kind.TEXT:
        return str(cell)
    if column.kind is Kind.COUNT:
        return count(int(cell))
    if column.kind is Kind.SHARE:
        return percent(float(cell), 2).replace("-", MINUS)
    if column.kind is Kind.POINTS:
        return f"{100 * float(cell):.2f}".replace("-", MINUS)
    return number(cell) if isinstance(cell, float) else str(cell)


def printed(table: Table) -> tuple[list[Column], list[list[str]]]:
    """The columns and cells for people: each interval's two ends in one cell, in the unit of the value that they belong to."""
    table = _without_empty_columns(table)
    columns = [Column("interval", "95% interval", Kind.TEXT) if column.kind is Kind.LOW else column for column in table.columns]
    kept = [place for place, column in enumerate(table.columns) if column.kind is not Kind.HIGH]
    return [columns[place] for place in kept], [[_printed_cell(table, row, place) for place in kept] for row in table.rows]


def _without_empty_columns(table: Table) -> Table:
    """Leave out columns in which nothing is defined, since people would look for what they mean."""
    kept = [place for place in range(len(table.columns)) if not table.rows or any(row[place] is not None for row in table.rows)]
    return Table(tuple(table.columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in table.rows))


def _printed_cell(table: Table, row: tuple[Cell, ...], place: int) -> str:
    if table.columns[place].kind is not Kind.LOW:
        return cell_text(row[place], table.columns[place])
    low, high = row[place], row[place + 1]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return "–"
    kind = table.columns[place - 1].kind
    if kind in (Kind.SHARE, Kind.POINTS):
        ends = from_to(*(f"{100 * end:.2f}".replace("-", MINUS) for end in (low, high)))
        return f"{ends}%" if kind is Kind.SHARE else ends
    if kind is Kind.COUNT:
        return f"{low:,.0f}–{high:,.0f}"
    return from_to(number(low), number(high))
