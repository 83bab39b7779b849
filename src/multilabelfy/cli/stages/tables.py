"""Tables in a terminal: columns that stand below each other, and shares."""


def share(value: float | None) -> str:
    """As a percentage.

    >>> share(0.875), share(None)
    ('87.50%', '–')
    """
    return "–" if value is None else f"{value:.2%}"


def aligned(rows: list[list[str]]) -> str:
    """Rows of as many cells each: the first column to the left, the others to the right.

    >>> print(aligned([["model", "top-1"], ["m", "9%"]]))
    model  top-1
    m         9%
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)
