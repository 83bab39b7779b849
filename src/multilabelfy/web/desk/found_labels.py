"""The labels that a page's search found, as the list that its template draws."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from multilabelfy.workflows.annotating.label_search import FoundLabels

Text = Annotated[str, Query(max_length=100)]
Below = Annotated[str | None, Query(max_length=200)]
"""The key of a concept to look into, empty for the top of the hierarchy; not given where a text is searched."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """The labels that are shown ticked."""

    yes: frozenset[int]
    maybe: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundPage:
    """The list of one sheet or case."""

    labels: FoundLabels
    assignment: int

    @property
    def filled(self) -> Ticked:
        """Choosing a found label ticks it."""
        return Ticked(yes=frozenset(option.label.index for option in self.labels.options))
