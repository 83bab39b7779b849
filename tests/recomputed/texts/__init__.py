"""What must stand below the titles: every figure of a finding's texts, with the words around it; one module a chapter, as above."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tests.recomputed.comparing import Difference
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, untold
from tests.recomputed.texts import (
    by_posterior,
    drop,
    experts,
    given,
    labels,
    many_models,
    models,
    near_copies,
    people,
    proposals,
    trend_line,
    two_labellings,
    ways_to_ask,
)

ROOMS = (
    labels,
    by_posterior,
    models,
    many_models,
    trend_line,
    drop,
    given,
    people,
    experts,
    two_labellings,
    proposals,
    ways_to_ask,
    near_copies,
)
TEXTS: Mapping[str, Callable[[Exports, Table], Texts]] = {slug: text for room in ROOMS for slug, text in room.TEXTS.items()}


def misstated(of: Exports, table: Table, finding: Mapping[str, Any], names: Iterable[str]) -> Iterator[Difference]:
    """Figures of subtitle and definition that are not ours, and numbers in any text but the title that nobody recomputes."""
    yield from untold(f"{finding['subtitle']}. {finding['definition']}", TEXTS[finding["slug"]](of, table), names)
    headings = [column["heading"] for column in finding["table"]["columns"]]
    for text in (*finding["axes"], *finding["series"].values(), *headings):
        yield from untold(text, [], names)
