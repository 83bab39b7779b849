"""Choose the labels that are put before the annotators of one image (the presets `paper` and `blind` differ in values alone).

`paper` (arXiv 2401.17736, stage 1) shows the best ranks. `blind` wants the given label among them without betraying it: where no
proposer brought it, it and some decoys, which are as unlikely as it is, replace the last candidates.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from multilabelfy.proposals.model import DECOY, GIVEN, Candidate, Proposal
from multilabelfy.proposals.union import union

DEPTH = 3
"""Decoys come from the ranks k+1 … 3k, so that many ranks are worth keeping for each k that is shown."""


def depth(k: int, n_labels: int) -> int:
    """How many ranks to keep of an image where k are shown: enough to draw decoys from."""
    return min(DEPTH * k, n_labels)


def candidates(
    proposals: Iterable[Proposal], *, n_candidates: int, seed: int | Sequence[int], given: int | None = None, n_decoys: int = 0
) -> tuple[Candidate, ...]:
    """The candidates of one image, best first; a pure function, so that freezing its result is a matter of keeping it.

    `proposals` are those of all proposers, as deep as they were kept, in the proposers' order. `given` is the label that must be among
    the candidates, None where the protocol asks for no such thing or the image came without one. Where it is not among the first
    `n_candidates`, it and `n_decoys` labels drawn by `seed` from the ranks n_candidates+1 … 3·n_candidates replace the last ones, in
    an order drawn by `seed` too. Fewer decoys where there are fewer such ranks.
    """
    ranked = union(proposals, n_candidates)
    best = ranked[:n_candidates]
    if given is None or any(proposal.label == given for proposal in best):
        return tuple(map(_proposed, best))
    newcomers = _newcomers(ranked, given, n_candidates, n_decoys, np.random.default_rng(seed))
    return tuple(map(_proposed, best[: max(n_candidates - len(newcomers), 0)])) + newcomers


def _newcomers(
    ranked: Sequence[Proposal], given: int, n_candidates: int, n_decoys: int, random: np.random.Generator
) -> tuple[Candidate, ...]:
    """The given label and its decoys, shuffled: neither its place nor its rank tells it from them."""
    rank = next((proposal.rank for proposal in ranked if proposal.label == given), None)
    deeper = [proposal for proposal in ranked[n_candidates : DEPTH * n_candidates] if proposal.label != given]
    drawn = random.permutation(len(deeper))[: min(n_decoys, n_candidates - 1)]
    newcomers = [Candidate(given, GIVEN, rank), *(Candidate(deeper[place].label, DECOY, deeper[place].rank) for place in drawn)]
    return tuple(newcomers[place] for place in random.permutation(len(newcomers)))


def _proposed(proposal: Proposal) -> Candidate:
    return Candidate(proposal.label, proposal.source, proposal.rank)
