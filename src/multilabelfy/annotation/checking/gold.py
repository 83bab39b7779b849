"""An image with known labels, and what an annotator's answer to it got right, missed and wrongly added."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Annotation
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import ImageId


@dataclass(frozen=True, slots=True)
class Gold:
    """The valid labels of an image (possibly none), what it is used for, and an explanation shown in practice."""

    image: ImageId
    kind: GoldKind
    labels: tuple[int, ...]
    why: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """An answer beside the known labels, each in ascending order.

    `right` got a yes and are valid, `missed` are valid and were asked but got no yes, `wrong` got a yes and are not valid. A label that
    was neither shown nor found is in none of them: not shown is not a vote.
    """

    right: tuple[int, ...]
    missed: tuple[int, ...]
    wrong: tuple[int, ...]

    @property
    def is_perfect(self) -> bool:
        """Nothing missed, nothing wrong."""
        return not self.missed and not self.wrong


def marks(annotation: Annotation, gold: Gold) -> Marks:
    """Compare an answer with the known labels. An annotator who could not tell cast no votes, and so missed nothing."""
    chosen, valid = annotation.chosen(), frozenset(gold.labels)
    asked = frozenset(votes_of(annotation))
    return Marks(
        right=tuple(sorted(chosen & valid)),
        missed=tuple(sorted((valid & asked) - chosen)),
        wrong=tuple(sorted(chosen - valid)),
    )


def dealt(images: Sequence[ImageId], n_practice: int) -> dict[ImageId, GoldKind]:
    """Deal images, in a random order already, over the kinds: so many to practice, then by turns to test and calibration.

    >>> [kind.value for kind in dealt([ImageId(7), ImageId(3), ImageId(5), ImageId(4)], n_practice=1).values()]
    ['practice', 'test', 'calibration', 'test']
    """
    turns = (GoldKind.TEST, GoldKind.CALIBRATION)
    rest = {image: turns[number % 2] for number, image in enumerate(images[n_practice:])}
    return {**dict.fromkeys(images[:n_practice], GoldKind.PRACTICE), **rest}
