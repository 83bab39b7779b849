"""Order the experts' queue by how uncertain an image's final set is, in bits: what an hour of an expert's time is worth.

Each label that somebody named counts the binary entropy of its share of yes, a maybe as half a yes, with half a vote added on either side
(Jeffreys' prior), so that one lone yes is less certain than two. "Cannot tell" and an unfit picture count one bit a head: whoever looked
learned nothing.

Where the protocol says so, the posterior weighs cases by what a second of an expert's time is expected to gain (`policy/expert_gain`). Its
places lie above all bits, so that a case that it does not know yet comes behind.
"""

from collections.abc import Sequence
from math import log2

from multilabelfy.annotation.model import Annotation, Outcome, Vote
from multilabelfy.annotation.votes import votes_of

WEIGHT = {Vote.NO: 0.0, Vote.MAYBE: 0.5, Vote.YES: 1.0}
PSEUDO_VOTE = 0.5
WEIGHED_FROM = 10_000.0
"""More bits than any image has labels: places from here on are those that the posterior gave."""


def uncertainty(annotations: Sequence[Annotation]) -> float:
    """The bits of doubt about one image's final set, at least 0; the higher, the sooner an expert should look.

    Where nobody named a label the question is whether there is any: it counts as one label with a no from each.

    >>> round(bits([Vote.YES, Vote.NO]), 3), round(bits([Vote.YES, Vote.YES]), 3)
    (1.0, 0.65)
    """
    votes = [votes_of(annotation) for annotation in annotations]
    named = sorted(frozenset[int]().union(*(annotation.answers.keys() for annotation in annotations)))
    silent = sum(annotation.outcome in (Outcome.CANNOT_TELL, Outcome.UNFIT) for annotation in annotations)
    if not named:
        return bits([Vote.NO] * (len(annotations) - silent)) + silent
    return sum(bits([by_label[label] for by_label in votes if label in by_label]) for label in named) + silent


def weighed(worth: float) -> float:
    """The place of a case that the posterior has weighed: before every case that it has not.

    >>> weighed(0.02) > weighed(0.01) > WEIGHED_FROM - 1 > bits([Vote.YES, Vote.NO])
    True
    """
    return WEIGHED_FROM + worth


def bits(votes: Sequence[Vote]) -> float:
    """The binary entropy of one label's share of yes, in bits (0 to 1)."""
    share = (sum(WEIGHT[vote] for vote in votes) + PSEUDO_VOTE) / (len(votes) + 2 * PSEUDO_VOTE)
    return -share * log2(share) - (1 - share) * log2(1 - share)
