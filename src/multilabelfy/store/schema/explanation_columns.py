"""The parts of an explanation (refinement.explanation) as columns of a table and in a row: a choice by its value, a text as it is."""

from typing import Any

from sqlalchemy import Column, Row, String, Text

from multilabelfy.refinement.explanation import PARTS, Explanation, Part, parts_of


def explanation_columns() -> list[Column[Any]]:
    """A column for each part, in their order."""
    return [_column(part) for part in PARTS]


def explanation_to_row(explanation: Explanation) -> dict[str, str | None]:
    """The values of those columns."""
    return {name: value if value is None else str(value) for name, value in parts_of(explanation).items()}


def explanation_from_row(row: Row[Any]) -> dict[str, Any]:
    """The parts by name. Raises ValueError for an unknown choice."""
    return {part.name: _value(part, getattr(row, part.name)) for part in PARTS}


def _column(part: Part) -> Column[Any]:
    return Column(part.name, Text, nullable=False, default="") if part.choices is None else Column(part.name, String(20))


def _value(part: Part, stored: str | None) -> Any:
    return stored if part.choices is None or stored is None else part.choices(stored)
