"""What became of the given label on its way: proposed, shown, ticked, final (the paper's comparison of given labels with annotations)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import Annotation


@dataclass(frozen=True, slots=True)
class GivenOnTheWay:
    """One answered image with a given label: how far that label came. `is_empty`: the image ended without any label.

    `n_ticked` of `n_answers` annotators ticked it.
    """

    proposed: bool
    shown: bool
    ticked_by_any: bool
    ticked_by_all: bool
    final: bool
    is_empty: bool
    n_ticked: int = 0
    n_answers: int = 0


STEPS: Mapping[str, Callable[[GivenOnTheWay], bool]] = {
    "proposed": lambda image: image.proposed,
    "shown": lambda image: image.shown,
    "ticked by at least one annotator": lambda image: image.ticked_by_any,
    "ticked by every annotator": lambda image: image.ticked_by_all,
    "final": lambda image: image.final,
}


@dataclass(frozen=True, slots=True)
class Step:
    """How many given labels passed this step: of all images, and of those that ended without a label."""

    name: str
    n_images: int
    n_empty: int


def on_the_way(given: int, answers: Sequence[Annotation], final: Sequence[int], *, proposed: bool) -> GivenOnTheWay:
    """Follow one image's given label, whether any model proposed it or not; `answers` are the annotations that count."""
    ticked = [given in annotation.chosen() for annotation in answers]
    return GivenOnTheWay(
        proposed=proposed,
        shown=any(given in annotation.screen.shown() for annotation in answers),
        ticked_by_any=any(ticked),
        ticked_by_all=all(ticked) and bool(ticked),
        final=given in final,
        is_empty=not final,
        n_ticked=sum(ticked),
        n_answers=len(ticked),
    )


def steps(images: Iterable[GivenOnTheWay]) -> tuple[Step, ...]:
    """Count how far the given labels came, step by step."""
    followed = list(images)
    return tuple(
        Step(name, sum(map(came, followed)), sum(came(image) for image in followed if image.is_empty)) for name, came in STEPS.items()
    )
