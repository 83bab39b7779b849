"""How far people agree with themselves: an own earlier image, answered again without knowing it (intra-rater agreement).

Compared are the labels that they voted on both times: the share answered alike (of the three answers), and positive agreement on yes,
2·both / (yes then + yes now), which easy noes do not raise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from multilabelfy.annotation.model import Annotation, Vote
from multilabelfy.annotation.votes import votes_of
from multilabelfy.statistics.shares import Share


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """Over images answered twice: questions answered alike, yes answers that agree, and images with the same set of yes."""

    alike: Share = field(default_factory=Share)
    positive: Share = field(default_factory=Share)
    same_set: Share = field(default_factory=Share)

    @property
    def n_images(self) -> int:
        """Images with votes both times."""
        return self.same_set.n

    def __add__(self, other: "SelfAgreement") -> "SelfAgreement":
        return SelfAgreement(self.alike + other.alike, self.positive + other.positive, self.same_set + other.same_set)


def self_agreement(pairs: Iterable[tuple[Annotation, Annotation]]) -> SelfAgreement:
    """Over pairs of (first answer, answer to the repeat) of one person each; a pair without common questions adds nothing."""
    return sum((_of_one(first, again) for first, again in pairs), SelfAgreement())


def _of_one(first: Annotation, again: Annotation) -> SelfAgreement:
    then, now = votes_of(first), votes_of(again)
    both = then.keys() & now.keys() - {*first.unprompted, *again.unprompted}  # nobody is asked about what a search finds
    if not both:
        return SelfAgreement()
    yes_then, yes_now = ({label for label in both if votes[label] is Vote.YES} for votes in (then, now))
    return SelfAgreement(
        alike=Share(sum(then[label] is now[label] for label in both), len(both)),
        positive=Share(2 * len(yes_then & yes_now), len(yes_then) + len(yes_now)),
        same_set=Share(int(yes_then == yes_now), 1),
    )
