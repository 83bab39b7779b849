"""Join what several proposers bring for one image into one ranked list."""

from collections.abc import Iterable

from multilabelfy.proposals.model import Proposal


def union(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Every label once, best rank first; of equal ranks the proposer that comes first in `proposals`.

    A label that several proposers bring keeps the rank, score and source of the one that ranks it best: scores of two models are not
    comparable, ranks are. One proposer's list comes back as it is.
    """
    by_label: dict[int, Proposal] = {}
    for proposal in sorted(proposals, key=lambda proposal: proposal.rank):  # stable: equal ranks stay in the proposers' order
        by_label.setdefault(proposal.label, proposal)
    return tuple(by_label.values())
