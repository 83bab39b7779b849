"""Single images whose given label is not final: which models name it nevertheless, whether it was proposed, how many ticked it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from multilabelfy.evaluation.labels.given_on_the_way import GivenOnTheWay
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Picture
from multilabelfy.report.wording import NameOf

MOST_NAMED = 4
"""Models up to which those that name a label are listed; of more, they are counted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of images beyond their labels, by image path.

    `ways` follows the given labels that annotators were asked about, `reasons` says why images are empty. With `has_pictures`, findings
    show the images themselves, but for `withheld` ones.
    """

    ways: Mapping[str, GivenOnTheWay] = field(default_factory=dict)
    reasons: Mapping[str, EmptyReason] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    has_pictures: bool = False


@dataclass(frozen=True, slots=True)
class ImageCase:
    """One image, its given label (None where it has none) and its final ones.

    `n_agreeing` of `n_models` models name the given label first (None where no model was measured on the image); `agreeing` lists
    them where there are few. Nothing shows the picture of one that `is_withheld`.
    """

    image: str
    given: int | None
    final: tuple[int, ...]
    reason: EmptyReason | None
    n_agreeing: int | None
    n_models: int
    agreeing: tuple[str, ...]
    way: GivenOnTheWay | None
    is_withheld: bool = False

    @property
    def doubt(self) -> tuple[float, float]:
        """The evidence for the given label: the shares of annotators who ticked it and of models that name it."""
        ticked = self.way.n_ticked / self.way.n_answers if self.way and self.way.n_answers else 0.0
        return ticked, (self.n_agreeing or 0) / max(1, self.n_models)

    @property
    def is_named_by_most(self) -> bool:
        """Whether more than half of the models name the given label first."""
        return 2 * (self.n_agreeing or 0) > self.n_models


def cases_of(
    labelled: LabelledImages, rows: Sequence[int], models: Sequence[EvaluatedModel], measured_on: LabelledImages | None, evidence: Evidence
) -> tuple[ImageCase, ...]:
    """The images at these rows, in their order; `models` were measured on `measured_on` (None: on all labelled images)."""
    images = [labelled.sets.images[row] for row in rows]
    hits = _given_hits(images, models, measured_on or labelled)
    return tuple(
        _case(labelled, row, [model.model for model in models], hits.get(image), evidence) for row, image in zip(rows, images, strict=True)
    )


def pictures_of(cases: Iterable[ImageCase], name_of: NameOf, most: int) -> tuple[Picture, ...]:
    """The first of these images that may be shown, at most `most`, each with its labels and evidence in words."""
    return tuple(_picture(case, name_of) for case in islice((case for case in cases if not case.is_withheld), most))


def _picture(case: ImageCase, name_of: NameOf) -> Picture:
    return Picture(case.image, tuple(line for line in (_given_line(case, name_of), _final_line(case, name_of), *_doubts(case)) if line))


def _case(labelled: LabelledImages, row: int, models: Sequence[str], hits: Sequence[bool] | None, evidence: Evidence) -> ImageCase:
    image = labelled.sets.images[row]
    given = NO_LABEL if labelled.given is None else int(labelled.given[row])
    agreeing = tuple(model for model, hit in zip(models, hits or (), strict=False) if hit)
    return ImageCase(
        image=image,
        given=None if given == NO_LABEL else given,
        final=tuple(labelled.sets.row(row)),
        reason=evidence.reasons.get(image),
        n_agreeing=None if hits is None else len(agreeing),
        n_models=len(models),
        agreeing=agreeing if len(models) <= MOST_NAMED else (),
        way=evidence.ways.get(image),
        is_withheld=image in evidence.withheld,
    )


def _given_hits(images: Sequence[str], models: Sequence[EvaluatedModel], measured_on: LabelledImages) -> dict[str, list[bool]]:
    """For each measured image, whether each model's first label is the given one."""
    if not models or any(model.hits.given is None for model in models):
        return {}
    place = {image: position for position, image in enumerate(measured_on.sets.images)}
    measured = [image for image in images if image in place]
    rows = np.array([place[image] for image in measured], dtype=np.int64)
    hits = np.stack([model.hits.given[rows] for model in models if model.hits.given is not None], axis=1)
    return dict(zip(measured, hits.tolist(), strict=True))


def _given_line(case: ImageCase, name_of: NameOf) -> str:
    return "" if case.given is None else f"given: {name_of(case.given)}"


def _final_line(case: ImageCase, name_of: NameOf) -> str:
    return f"valid: {', '.join(map(name_of, case.final))}" if case.final else ""


def _doubts(case: ImageCase) -> list[str]:
    """The evidence for the given label: models, proposals, annotators."""
    if case.given is None:
        return []
    told = []
    if case.n_agreeing is not None:
        told.append(f"named by {case.n_agreeing} of {case.n_models} model{'' if case.n_models == 1 else 's'}")
    if case.way is not None:
        told.append(f"{'proposed' if case.way.proposed else 'not proposed'}, ticked by {case.way.n_ticked} of {case.way.n_answers}")
    return told
