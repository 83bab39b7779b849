"""What candidates suggest: of the labels that people chose with the candidates in view, the share that they had found by search alone.

Measured on a seeded share of all images, which are answered by search alone first. The rest was brought to mind by the candidates, rightly
or not; gold says which. Labels given up once the candidates were seen are counted apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from multilabelfy.annotation.model import Annotation, Vote
from multilabelfy.statistics.shares import Share


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Over answers given by search first: labels found by search of all chosen in the end, and labels of the search given up."""

    n_answers: int = 0
    found: Share = field(default_factory=Share)
    given_up: Share = field(default_factory=Share)

    def __add__(self, other: "Suggestion") -> "Suggestion":
        return Suggestion(self.n_answers + other.n_answers, self.found + other.found, self.given_up + other.given_up)


def suggestion(answers: Iterable[Annotation]) -> Suggestion:
    """What candidates suggested over these answers; those with the candidates in view from the start are ignored."""
    return sum((_of_one(annotation) for annotation in answers if annotation.search_first is not None), Suggestion())


def _of_one(annotation: Annotation) -> Suggestion:
    first = {label for label, vote in (annotation.search_first or {}).items() if vote is Vote.YES}
    chosen = annotation.chosen()
    return Suggestion(1, Share(len(first & chosen), len(chosen)), Share(len(first - chosen), len(first)))
