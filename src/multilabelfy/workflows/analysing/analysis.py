"""Stage 3: say over a whole dataset who disputes what, and how far its annotators agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import CONTESTED, DECIDED, IN_STUDY, SETTLED, n_in
from multilabelfy.dataset.model import ImageId, ImageState, Label
from multilabelfy.disagreement.agreement.agreement import Agreement, agreement
from multilabelfy.disagreement.agreement.pairwise import PairAgreement, agreement_by_pair
from multilabelfy.disagreement.comparison import Disagreement, Why, compare
from multilabelfy.disagreement.confusion import LabelDispute, Pair, labels_disputed, pairs_confused
from multilabelfy.disagreement.consensus.rules import RULES, is_valid
from multilabelfy.disagreement.questions import Questions, votes_by_origin
from multilabelfy.evaluation.experts.audit import Audited, audit_of
from multilabelfy.evaluation.experts.expert_agreement import expert_agreement
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.evaluation.experts.reveal import changes_after_reveal
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.decisions import refinements
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PairConfusion:
    """Two labels that annotators mixed up, and the images in which they did."""

    pair: Pair
    images: tuple[ImageId, ...]


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """One annotator's agreement with all others, averaged over pairs and weighted by the number of jointly answered questions."""

    annotator: AnnotatorId
    n_questions: int
    percent: float
    positive: float | None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """The result of applying a fixed rule to the votes alone: the number of images with no label, with one, and with several."""

    rule: str
    n_none: int
    n_one: int
    n_several: int


@dataclass(frozen=True)
class Analysis:
    """What the annotators of a dataset agree on and dispute, over the images that have all their answers.

    `disagreements` are by image, in import order; an image keeps its own after an expert's decision. `agreement` and `rater_pairs` are of
    votes on labels that were shown; sets hold labels found by search too. `names` has every label that anybody named.
    """

    n_images: int
    disagreements: Mapping[ImageId, Disagreement]
    reasons: Mapping[Why, int]
    labels: Sequence[LabelDispute]
    pairs: Sequence[PairConfusion]
    agreement: Agreement
    rater_pairs: Sequence[PairAgreement]
    raters: Sequence[AnnotatorId]
    rules: Sequence[RuleOutcome]
    experts: ExpertWork
    names: Mapping[int, Label]

    @property
    def n_compared(self) -> int:
        """How many images have all their answers."""
        return len(self.disagreements)

    @cached_property
    def to_experts(self) -> Sequence[ImageId]:
        """Those that go to experts, for a disputed label or for another reason: first those with the most disputed labels."""
        disputed = [image for image, disagreement in self.disagreements.items() if disagreement.is_disputed]
        return sorted(disputed, key=lambda image: -len(self.disagreements[image].disputed))

    @property
    def n_disputed(self) -> int:
        """How many go to experts."""
        return len(self.to_experts)

    @property
    def n_agreed(self) -> int:
        """On how many of those the annotators agree."""
        return self.n_compared - self.n_disputed


@dataclass(frozen=True)
class AnalysedAnswers:
    """An analysis with the answers that it is of: much larger in a large study, so that pages keep the analysis alone.

    `answers` are those that count, by image, in import order, without the reference pictures on their screens; `questions` hold every vote.
    """

    analysis: Analysis
    answers: Mapping[ImageId, Sequence[Annotation]]
    questions: Questions


def analyse(workspace: Workspace, name: str) -> Analysis:
    """The analysis of the dataset of this name. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return analysis_of(c, datasets.find(c, name))


def analysis_of(c: Connection, dataset: StoredDataset) -> Analysis:
    """As `analyse`, in an open transaction."""
    return analysed_answers(c, dataset).analysis


def analysed_answers(c: Connection, dataset: StoredDataset) -> AnalysedAnswers:
    """The same with the answers themselves."""
    by_image = dict(annotations.iterate_counting(c, dataset.id, SETTLED))
    disagreements = _disagreements(by_image)
    named = {label for disagreement in disagreements.values() for label in disagreement.agreed + disagreement.disputed}
    votes = votes_by_origin(by_image.values())
    seed = dataset.seed % 2**32
    analysis = Analysis(
        n_images=n_in(images.counts(c, dataset.id), IN_STUDY),
        disagreements=disagreements,
        reasons=Counter(why for disagreement in disagreements.values() for why in disagreement.why),
        labels=labels_disputed(disagreements.values()),
        pairs=_pairs(by_image),
        agreement=agreement(votes.shown, votes.found, seed=seed),
        rater_pairs=agreement_by_pair(votes.shown),
        raters=votes.raters,
        rules=[_by_rule(votes.every, rule, len(by_image)) for rule in RULES],
        experts=expert_work(c, dataset),
        names=labels.labels_by_index(c, dataset.id, sorted(named)),
    )
    return AnalysedAnswers(analysis, by_image, votes.every)


def answers_to(
    workspace: Workspace, name: str, wanted: Iterable[ImageId]
) -> tuple[Mapping[ImageId, Sequence[Annotation]], Mapping[int, Label]]:
    """The standing answers that count to each of these images that has any, and the labels that they name. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        standing = annotations.latest_of_images(c, wanted)
        answers = {image: counted for image, of_image in standing.items() if (counted := counting(of_image))}
        named = {label for of_image in answers.values() for answer in of_image for label in answer.answers}
        return answers, labels.labels_by_index(c, dataset.id, sorted(named))


def agreement_with_the_rest(analysis: Analysis) -> list[RaterAgreement]:
    """Each annotator against all others, the least agreeing first (then by id)."""
    parts: dict[AnnotatorId, list[PairAgreement]] = defaultdict(list)
    for pair in analysis.rater_pairs:
        parts[analysis.raters[pair.first]].append(pair)
        parts[analysis.raters[pair.second]].append(pair)
    return sorted(
        (_against_all(rater, pairs) for rater, pairs in parts.items()), key=lambda agreement: (agreement.percent, agreement.annotator)
    )


def _disagreements(by_image: Mapping[ImageId, Sequence[Annotation]]) -> dict[ImageId, Disagreement]:
    """What annotators of each image dispute; equal ones are kept once, since most images of a large study are alike."""
    once: dict[Disagreement, Disagreement] = {}
    compared = ((image, compare(answers)) for image, answers in by_image.items())
    return {image: once.setdefault(disagreement, disagreement) for image, disagreement in compared}


def _pairs(by_image: Mapping[ImageId, Sequence[Annotation]]) -> list[PairConfusion]:
    """The most frequent pairs first, then in order of their labels."""
    images_of: dict[Pair, list[ImageId]] = defaultdict(list)
    for image, answers in by_image.items():
        for pair in pairs_confused(answers):
            images_of[pair].append(image)
    ordered = sorted(images_of.items(), key=lambda item: (-len(item[1]), item[0]))
    return [PairConfusion(pair, tuple(where)) for pair, where in ordered]


def _by_rule(questions: Questions, rule: str, n_images: int) -> RuleOutcome:
    valid = questions.image[is_valid(questions.counts(), rule)]
    n_labels = np.bincount(valid, minlength=n_images)
    return RuleOutcome(rule, int((n_labels == 0).sum()), int((n_labels == 1).sum()), int((n_labels > 1).sum()))


def _against_all(rater: AnnotatorId, pairs: Sequence[PairAgreement]) -> RaterAgreement:
    n = sum(pair.n_questions for pair in pairs)
    positive = [(pair.positive, pair.n_questions) for pair in pairs if pair.positive is not None]
    weight = sum(n_questions for _, n_questions in positive)
    return RaterAgreement(
        annotator=rater,
        n_questions=n,
        percent=sum(pair.percent * pair.n_questions for pair in pairs) / n,
        positive=sum(value * n_questions for value, n_questions in positive) / weight if weight else None,
    )


def expert_work(c: Connection, dataset: StoredDataset) -> ExpertWork:
    """What all decisions of a dataset say, in an open transaction."""
    decisions = list(refinements.iterate(c, dataset.id))
    return ExpertWork(
        agreement=expert_agreement(decisions, seed=dataset.seed % 2**32),
        changes=changes_after_reveal(decisions),
        audit=audit_of(audited_images(c, dataset, decisions)),
        n_contested=n_in(images.counts(c, dataset.id), CONTESTED),
    )


def audited_images(c: Connection, dataset: StoredDataset, decisions: Sequence[Refinement]) -> list[Audited]:
    """Every image that the audit drew, decided or not, in the order of their first decisions.

    Where the share was raised after an image was drawn, its probability is the share that holds now: with a greater share everything agreed
    so far was drawn anew, and kept what a smaller one had drawn (refinement.lots).
    """
    first: dict[ImageId, Refinement] = {}
    for decision in decisions:
        if decision.policy == RefinePolicy.AUDIT:
            first.setdefault(decision.image, decision)
    states = images.get_many(c, first)
    standing = refinements.standing_of_images(c, first)
    waiting = [image for image in images.before_experts(c, dataset.id, RefinePolicy.AUDIT.value) if image not in first]
    seen = [
        Audited(
            agreed=frozenset(decision.before),
            decided=_decided(states[image].state, standing.get(image, [])),
            inclusion_probability=max(decision.inclusion_probability, dataset.protocol.audit_share),
        )
        for image, decision in first.items()
    ]
    share = dataset.protocol.audit_share or max((image.inclusion_probability for image in seen), default=1.0)
    return seen + [Audited(frozenset(), None, share)] * len(waiting)


def _decided(state: ImageState, standing: Sequence[Refinement]) -> frozenset[int] | None:
    final = final_labels(state, decisions=standing) if state in DECIDED else None
    return None if final is None else frozenset(final.labels)
