"""Which images a row of a report's table is about: the address of the page that shows them, below the dataset's own address."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from multilabelfy.refinement.empty_reasons import REASONS

REASON_OF = {entry.words: reason.value for reason, entry in REASONS.items()}
"""The reasons of empty sets, by what reports call them."""
BY_NUMBER_OF_LABELS = ("several-labels", "accuracy-by-number-of-labels")
"""The findings whose rows are numbers of final labels."""


def images_behind(slug: str, row: Mapping[str, Any], image_of: Callable[[str], int | None]) -> str:
    """The image that a row names, else those that it counts; empty where no page shows them. `image_of` finds an image by its path.

    >>> images_behind("errors-by-class", {"given": "“tiger cat”", "wrong": 3}, {}.get)
    'images?given=tiger+cat'
    >>> images_behind("replacements", {"given": "“lynx”", "instead": "“tabby”"}, {}.get)
    'images?given=lynx&final=tabby'
    >>> images_behind("several-labels", {"labels": 2, "images": 7}, {}.get), images_behind("models", {"model": "a"}, {}.get)
    ('images?n_labels=2', '')
    """
    if isinstance(row.get("image"), str):
        image = image_of(row["image"])
        return "" if image is None else f"images/{image}"
    wanted = {
        "given": _name(row.get("given")),
        "label": None if slug == "proposals-by-class" else _name(row.get("label")),
        "final": _name(row.get("label") if slug == "proposals-by-class" else row.get("instead")),
        "reason": REASON_OF.get(str(row.get("reason"))),
        "n_labels": row.get("labels") if slug in BY_NUMBER_OF_LABELS else None,
    }
    query = urlencode({field: value for field, value in wanted.items() if value is not None})
    return f"images?{query}" if query else ""


def _name(cell: Any) -> str | None:
    """The name in a cell; None for a number, and for a label that the report itself knows no name of."""
    return cell.strip("“”") if isinstance(cell, str) and cell.startswith("“") else None
