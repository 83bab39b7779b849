"""Choose which labels of a disputed image an expert is shown, in which order, and who may be that expert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Vote
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.annotation.votes import votes_of
from multilabelfy.disagreement.comparison import Disagreement
from multilabelfy.refinement.final_labels.resolution import union_of_ticks


@dataclass(frozen=True, slots=True)
class Tally:
    """How the annotators of an image split over one label, without names: `n_unasked` had no vote on it."""

    label: int
    n_yes: int
    n_maybe: int
    n_no: int
    n_unasked: int


def labels_to_show(
    disagreement: Disagreement, candidates: Sequence[Candidate], style: RefinementStyle, seed: Sequence[int], at_least: int = 0
) -> tuple[int, ...]:
    """The labels before an expert, in their order on the page.

    They are what was chosen, doubted or added by anybody: disputed ones first in the open style; in the blind style shuffled by `seed`
    (dataset, image, expert), so that neither place nor order tells what was said. Where nobody named any, they are the image's candidates.

    In the blind style other candidates fill them up to `at_least`, drawn by the dataset and the image: an audited image, of which all chose
    the same one label, must not be told by its one label.
    """
    named = [*disagreement.disputed, *disagreement.agreed] or [candidate.label for candidate in candidates]
    if style is RefinementStyle.OPEN:
        return tuple(named)
    others = [candidate.label for candidate in candidates if candidate.label not in named]
    filling = np.random.default_rng(list(seed[:2])).permutation(len(others))[: max(at_least - len(named), 0)]
    shown = sorted([*named, *(others[place] for place in filling)])
    order = np.random.default_rng(list(seed)).permutation(len(shown))
    return tuple(shown[place] for place in order)


def start_from(annotations: Sequence[Annotation], style: RefinementStyle) -> tuple[int, ...]:
    """The labels that are ticked when the page opens: the union of the ticks in the open style, none in the blind one."""
    return union_of_ticks(annotations) if style is RefinementStyle.OPEN else ()


def tallies(annotations: Sequence[Annotation], labels: Iterable[int]) -> dict[int, Tally]:
    """How the earlier answers split over each label."""
    votes = [votes_of(annotation) for annotation in annotations]
    return {label: _tally(label, [by_label.get(label) for by_label in votes]) for label in labels}


def may_refine(expert: AnnotatorId, annotations: Iterable[Annotation]) -> bool:
    """An expert never decides on an image that they annotated."""
    return all(annotation.annotator != expert for annotation in annotations)


def _tally(label: int, votes: Sequence[Vote | None]) -> Tally:
    return Tally(label, votes.count(Vote.YES), votes.count(Vote.MAYBE), votes.count(Vote.NO), votes.count(None))
