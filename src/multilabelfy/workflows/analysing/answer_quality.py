"""Gather how well people answer: against gold, against themselves, and what the candidates suggest. For owners and reports alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy, gold_accuracy
from multilabelfy.disagreement.answer_quality.self_agreement import SelfAgreement, self_agreement
from multilabelfy.disagreement.answer_quality.suggestion import suggestion
from multilabelfy.report.about_people.answer_quality import AnswerQuality
from multilabelfy.store.answers import annotations, check_answers
from multilabelfy.store.answers.check_answers import Checked
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.handing_out import gold

MEASURED = (CheckPolicy.CALIBRATION, CheckPolicy.TEST)
"""Gold that counts: practice is there to learn from."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One person's accuracy on gold and agreement with their own earlier answers. Adds up over datasets."""

    gold: GoldAccuracy = field(default_factory=GoldAccuracy)
    again: SelfAgreement = field(default_factory=SelfAgreement)

    def __add__(self, other: "Quality") -> "Quality":
        return Quality(self.gold + other.gold, self.again + other.again)


def quality_by_person(c: Connection, dataset: StoredDataset) -> dict[AnnotatorId, Quality]:
    """The quality of each person who answered a check that counts."""
    checked = list(check_answers.iterate_latest(c, dataset.id))
    on_gold = _with_gold(c, [check.answer for check in checked if check.policy in MEASURED])
    twice = _with_first(c, [check for check in checked if check.policy is CheckPolicy.REPEAT])
    return {
        person: Quality(gold_accuracy(on_gold.get(person, ())), self_agreement(twice.get(person, ())))
        for person in sorted(on_gold.keys() | twice.keys())
    }


def answer_quality(c: Connection, dataset: StoredDataset) -> AnswerQuality:
    """The quality of everybody's answers together, as a report states it."""
    everybody = quality_by_person(c, dataset).values()
    together = sum(everybody, Quality())
    return AnswerQuality(
        gold=together.gold,
        again=together.again,
        suggested=suggestion(annotations.searched_first(c, dataset.id)),
        n_tested=sum(quality.gold.n_images > 0 for quality in everybody),
        n_again=sum(quality.again.n_images > 0 for quality in everybody),
    )


def _with_gold(c: Connection, answers: Iterable[Annotation]) -> Mapping[AnnotatorId, list[tuple[Annotation, Gold]]]:
    """Each person's answers to images that are still gold, with the gold."""
    answers = list(answers)
    known = gold.of_images(c, {answer.image for answer in answers})
    by_person: dict[AnnotatorId, list[tuple[Annotation, Gold]]] = defaultdict(list)
    for answer in answers:
        if answer.image in known and not known[answer.image].is_retired:
            by_person[answer.annotator].append((answer, known[answer.image]))
    return by_person


def _with_first(c: Connection, repeats: Iterable[Checked]) -> Mapping[AnnotatorId, list[tuple[Annotation, Annotation]]]:
    """Each person's answers to repeats, each preceded by the same person's vote."""
    repeats = list(repeats)
    answers = annotations.latest_of_images(c, {repeat.answer.image for repeat in repeats})
    first: dict[tuple[ImageId, AnnotatorId], Annotation] = {
        (image, vote.annotator): vote for image, everybody in answers.items() for vote in everybody
    }
    by_person: dict[AnnotatorId, list[tuple[Annotation, Annotation]]] = defaultdict(list)
    for repeat in repeats:
        key = (repeat.answer.image, repeat.answer.annotator)
        if key in first:
            by_person[repeat.answer.annotator].append((first[key], repeat.answer))
    return by_person
