"""The figures below the titles about ways to ask."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed import ways_to_ask
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told


def of_studies(of: Exports, _: Table) -> Texts:
    """How many studies, of how many images."""
    return [told("{} simulated studies of {} images", len(ways_to_ask.studies(of)), len(ways_to_ask.images(of)))]


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = dict.fromkeys(ways_to_ask.TABLES, of_studies)
