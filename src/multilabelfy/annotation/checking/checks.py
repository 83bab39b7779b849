"""Decide which quality checks a person gets among the images they annotate: gold, and their own earlier images again.

Except in practice, nothing on the page distinguishes a check from another image. The draws depend only on the dataset's seed, the person
and the image, so they can be reproduced; a check's answer is kept apart from the votes. Shares and kinds are those of our protocol
`blind`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId


class GoldKind(StrEnum):
    """What an image with known labels is used for; each image has one kind."""

    PRACTICE = "practice"  # a new annotator's first images, with feedback after the answer
    CALIBRATION = "calibration"  # measures each annotator's errors for the consensus; drawn at random, never placed
    TEST = "test"  # tells how well annotators answer


class CheckPolicy(StrEnum):
    """Why a person is given an image that is not a vote of theirs; stored on the assignment."""

    PRACTICE = "practice"
    CALIBRATION = "gold-calibration"
    TEST = "gold-test"
    REPEAT = "repeat"


SEARCH_FIRST = "search-first"
"""The policy on the assignment of an ordinary image that is answered by search alone first."""

KIND_OF = {
    CheckPolicy.PRACTICE: GoldKind.PRACTICE,
    CheckPolicy.CALIBRATION: GoldKind.CALIBRATION,
    CheckPolicy.TEST: GoldKind.TEST,
}


@dataclass(frozen=True, slots=True)
class CheckDraw:
    """A further check for a person: drawn with `probability`, to be handed out after `wait` more answered images."""

    policy: CheckPolicy
    probability: float
    wait: int = 0


def draws_after(protocol: AnnotationProtocol, *, seed: int, annotator: AnnotatorId, image: ImageId) -> tuple[CheckDraw, ...]:
    """The checks that follow a person's first answer to an image: at most one of each policy, each drawn independently.

    >>> always = AnnotationProtocol("mine", repeat_share=1.0, repeat_after=7)
    >>> draws_after(always, seed=1, annotator=AnnotatorId(1), image=ImageId(1))
    (CheckDraw(policy=<CheckPolicy.REPEAT: 'repeat'>, probability=1.0, wait=7),)
    """
    shares = {
        CheckPolicy.CALIBRATION: (protocol.calibration_share, 0),
        CheckPolicy.TEST: (protocol.test_gold_share, 0),
        CheckPolicy.REPEAT: (protocol.repeat_share, protocol.repeat_after),
    }
    return tuple(
        CheckDraw(policy, share, wait)
        for policy, (share, wait) in shares.items()
        if share and lot(seed, policy.value, annotator, image) < share
    )


def is_search_first(protocol: AnnotationProtocol, *, seed: int, image: ImageId) -> bool:
    """Whether everybody who gets this image first answers it by search alone."""
    return bool(protocol.search_first_share) and lot(seed, SEARCH_FIRST, image) < protocol.search_first_share


def drawn_from(pool: Iterable[ImageId], *, seed: int, annotator: AnnotatorId, n: int = 1) -> tuple[ImageId, ...]:
    """n gold images of a pool, all equally likely: the first in this person's own shuffled order."""
    return tuple(sorted(pool, key=lambda image: lot(seed, "gold", annotator, image))[:n])


def n_checks_expected(protocol: AnnotationProtocol, n_images: int, n_gold: Mapping[GoldKind, int]) -> int:
    """The expected number of unmarked checks over n images, rounded. Progress includes them from the start, so that no step of it
    betrays a check. Gold runs out where there is less of it than its share asks for."""
    calibration = min(protocol.calibration_share * n_images, n_gold.get(GoldKind.CALIBRATION, 0))
    test = min(protocol.test_gold_share * n_images, n_gold.get(GoldKind.TEST, 0))
    return round(calibration + test + protocol.repeat_share * max(n_images - protocol.repeat_after, 0))


def lot(seed: int, *what: object) -> float:
    """A uniform number in [0, 1) determined by the seed and what it is drawn for: the first 53 bits of their SHA-256."""
    text = "/".join(map(str, (seed, *what)))
    return (int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 11) / 2**53
