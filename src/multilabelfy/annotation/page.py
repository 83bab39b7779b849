"""Put the candidates of an image on an annotator's page: in which order, and in which groups (the "fives")."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from multilabelfy.annotation.model import IMPORTED, AnnotatorId, Candidate
from multilabelfy.annotation.study.protocol import AnnotationProtocol, CandidateOrder
from multilabelfy.dataset.model import ImageId


def ordered(
    candidates: Sequence[Candidate], protocol: AnnotationProtocol, *, seed: int, image: ImageId, annotator: AnnotatorId
) -> tuple[Candidate, ...]:
    """The candidates as this annotator sees them: as frozen (the models' order), or shuffled by a seed made of image and annotator.

    The same arguments give the same order on any machine, so that the server knows a screen without asking the browser. The shuffle
    sorts by SHA-256, which orders all permutations alike; equal digests do not happen (a label stands once among the candidates).
    """
    if protocol.order is CandidateOrder.RANKED:
        return tuple(candidates)
    return as_drawn(candidates, seed=seed, image=image, annotator=annotator)


def as_drawn(candidates: Sequence[Candidate], *, seed: int, image: ImageId, annotator: AnnotatorId) -> tuple[Candidate, ...]:
    """The candidates in the order that the seed draws for this image and annotator, whatever order they come in."""
    return tuple(sorted(candidates, key=lambda candidate: _lot(seed, image, annotator, candidate.label)))


def is_as_drawn(candidates: Sequence[Candidate], *, seed: int, image: ImageId, annotator: AnnotatorId) -> bool:
    """Whether the candidates stood in the order that the seed draws; of a single one, there is nothing to draw.

    Imported ones never did: nobody knows in which order people saw them elsewhere.
    """
    if any(candidate.source == IMPORTED for candidate in candidates):
        return False
    lots = (_lot(seed, image, annotator, candidate.label) for candidate in candidates)
    return len(candidates) > 1 and all(first <= second for first, second in pairwise(lots))


def grouped(candidates: Sequence[Candidate], group_size: int) -> tuple[tuple[Candidate, ...], ...]:
    """The candidates in groups of `group_size`; the last may be smaller."""
    return tuple(tuple(candidates[start : start + group_size]) for start in range(0, len(candidates), group_size))


def _lot(seed: int, image: ImageId, annotator: AnnotatorId, label: int) -> bytes:
    return sha256(f"{seed}/{image}/{annotator}/{label}".encode()).digest()
