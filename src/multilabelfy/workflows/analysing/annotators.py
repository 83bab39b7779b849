"""Review those who answered in a study: by their answers, times, checks and experts' decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import DECIDED
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Floats
from multilabelfy.disagreement.questions import Questions
from multilabelfy.disagreement.raters.answer_log import logged
from multilabelfy.disagreement.raters.review import RaterReview, review
from multilabelfy.formats.tables_of_results import NamedReview
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import refinements
from multilabelfy.workflows.analysing.analysis_cache import KeptFigures
from multilabelfy.workflows.analysing.answer_quality import Quality, quality_by_person
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True)
class StudyReview:
    """The review of a dataset's annotators: who they are, by code, how they did on checks, and the images of the concerns, by code."""

    review: RaterReview
    annotators: tuple[AnnotatorId, ...]
    quality: tuple[Quality, ...]
    images: Mapping[int, StoredImage]


class Reviews(KeptFigures[StudyReview]):
    """One review for each dataset, made again once somebody has answered since."""

    def make(self, c: Connection, dataset: StoredDataset, _begin: None) -> StudyReview:
        """See `review_of`."""
        return review_of(c, dataset)


def review_annotators(workspace: Workspace, name: str, *, with_names: bool = False) -> NamedReview:
    """The review of a dataset's annotators, who have pseudonyms unless `with_names`. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        made = review_of(c, dataset)
        called = people.names(c, dataset.id).__getitem__ if with_names else workspace.pseudonym
    return NamedReview(
        review=made.review,
        annotators=tuple(called(person) for person in made.annotators),
        images={code: image.path for code, image in made.images.items()},
        gold=tuple(quality.gold for quality in made.quality),
        again=tuple(quality.again for quality in made.quality),
    )


def review_of(c: Connection, dataset: StoredDataset) -> StudyReview:
    """The review of a dataset's annotators, in an open transaction: of every answer that stands, also those beyond the overlap.

    Labels that experts decided on count as known. Whoever cast no vote is not in it.
    """
    by_image: dict[ImageId, list[Annotation]] = {}
    for annotation in annotations.iterate_latest(c, dataset.id):
        by_image.setdefault(annotation.image, []).append(annotation)
    questions, log, annotators = logged(list(by_image.values()))
    known = decided_labels(c, dataset, list(by_image), questions)
    quality = quality_by_person(c, dataset)
    made = review(questions, log, partial(posterior.fit, known=known))
    return StudyReview(
        review=made,
        annotators=annotators,
        quality=tuple(quality.get(person, Quality()) for person in annotators),
        images=_images(c, made, list(by_image)),
    )


def _images(c: Connection, made: RaterReview, answered: Sequence[ImageId]) -> dict[int, StoredImage]:
    """The images that the concerns name."""
    concerns = [concern for profile in made.profiles for concern in profile.concerns]
    concerns += [pair.concern for pair in made.pairs if pair.concern]
    codes = {code for concern in concerns for code in concern.images}
    stored = images.get_many(c, [answered[code] for code in sorted(codes)])
    return {code: stored[answered[code]] for code in codes}


def decided_labels(c: Connection, dataset: StoredDataset, answered: Sequence[ImageId], questions: Questions) -> Floats:
    """What experts decided of each question, (n_questions,): 1 valid, 0 not, NaN where they did not look at the label."""
    states = images.get_many(c, answered)
    known = np.full(len(questions), np.nan)
    decisions = dict(refinements.iterate_standing(c, dataset.id))
    by_image = np.split(np.arange(len(questions)), np.flatnonzero(np.diff(questions.image)) + 1) if len(questions) else []
    for asked in by_image:
        image = answered[int(questions.image[asked[0]])]
        final = final_labels(states[image].state, decisions=decisions.get(image, [])) if states[image].state in DECIDED else None
        if final is None:
            continue
        looked_at = {label for decision in decisions[image] for label in decision.shown} | set(final.labels)
        for question in asked:
            label = int(questions.label[question])
            if label in looked_at:
                known[question] = float(label in final.labels)
    return known
