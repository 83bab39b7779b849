"""Gather what an expert's page shows of a disputed image: the labels in question and, once they may be seen, earlier votes and notes.

Nobody is named: the earlier answers appear in the order in which they were given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, AssignmentId, Vote
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.comparison import Disagreement, Why, compare
from multilabelfy.refinement.cases.queue import Tally, labels_to_show, start_from, tallies
from multilabelfy.refinement.cases.quick import chosen_by_votes
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates, images, labels
from multilabelfy.store.decisions import quick_answers, refinements
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import AtWork
from multilabelfy.workflows.refining.talk import Discussion, discussion_of


class Stage(StrEnum):
    """The stage of a decision."""

    ANSWER = "answer"  # not answered yet
    REVEAL = "reveal"  # the blind answer is kept; the earlier votes are open beside it
    REVISE = "revise"  # decided; may be changed


@dataclass(frozen=True, slots=True)
class Case:
    """One disputed image on an expert's page.

    `shown` are the labels in their order, `ticked` those that are ticked when it opens, `added` ticked ones beyond `shown`. Whatever
    reveals the earlier answers is empty until they may be seen: `disputed`, `why`, `tallies`, and `annotations` (without names).
    """

    assignment: AssignmentId
    image: StoredImage
    style: RefinementStyle
    stage: Stage
    shown: tuple[Option, ...]
    added: tuple[Option, ...]
    ticked: frozenset[int]
    disputed: frozenset[int]
    why: tuple[Why, ...]
    tallies: Mapping[int, Tally]
    annotations: tuple[Annotation, ...]
    names: Mapping[int, Label]
    own_decision: Refinement | None
    by_label: frozenset[int]
    discussion: Discussion

    @property
    def is_open(self) -> bool:
        """Whether the earlier votes may be seen."""
        return self.style is RefinementStyle.OPEN or self.stage is not Stage.ANSWER


def case_of(at: AtWork, assignment: Assignment) -> Case:
    """The case of an assignment as this expert sees it now."""
    c, dataset, expert = at.c, at.dataset, at.person
    answers = answers_that_count(c, assignment.image)
    own_decision = refinements.latest_of(c, assignment.image, expert.id)
    style, stage = dataset.protocol.refinement, _stage(own_decision)
    disagreement = compare(answers)
    shown = own_decision.shown if own_decision else shown_labels(at, assignment.image, disagreement)
    votes = {label: answer.vote for label, answer in quick_answers.standing(c, [assignment.id]).get(assignment.id, {}).items()}
    ticked = _ticked(own_decision, answers, style, votes)
    is_open = style is RefinementStyle.OPEN or stage is not Stage.ANSWER
    earlier = tuple(answers) if is_open else ()
    named = {label for annotation in earlier for label in (*annotation.answers, *annotation.unsure_between)}
    image = images.get(c, assignment.image)
    offered = options(at, {*shown, *ticked}, beside=image)
    return Case(
        assignment=assignment.id,
        image=image,
        style=style,
        stage=stage,
        shown=tuple(offered[label] for label in shown if label in offered),
        added=tuple(offered[label] for label in sorted(ticked - set(shown)) if label in offered),
        ticked=ticked,
        disputed=frozenset(disagreement.disputed) if is_open else frozenset(),
        why=disagreement.why if is_open else (),
        tallies=tallies(earlier, {*shown, *ticked}) if earlier else {},
        annotations=earlier,
        names=labels.labels_by_index(c, dataset.id, sorted(named)),
        own_decision=own_decision,
        by_label=frozenset(votes),
        discussion=discussion_of(c, dataset, expert, assignment),
    )


def shown_labels(at: AtWork, image: ImageId, disagreement: Disagreement) -> tuple[int, ...]:
    """The labels that this expert is shown, in their order on the page."""
    frozen, dataset = candidates.frozen(at.c, [image]).get(image, ()), at.dataset
    at_least = dataset.protocol.group_size if dataset.protocol.audit_share else 0
    return labels_to_show(disagreement, frozen, dataset.protocol.refinement, (dataset.seed % 2**32, image, at.person.id), at_least)


def _ticked(
    own_decision: Refinement | None, answers: Collection[Annotation], style: RefinementStyle, votes: Mapping[int, Vote]
) -> frozenset[int]:
    """The labels ticked when the page opens: this expert's answer, or before that what they answered label by label."""
    if own_decision is None:
        return chosen_by_votes(start_from(list(answers), style), votes)
    answer = own_decision.answer_revealed if own_decision.answer_revealed is not None else own_decision.answer_blind
    return frozenset(label for label, vote in (answer or {}).items() if vote is Vote.YES)


def _stage(own_decision: Refinement | None) -> Stage:
    if own_decision is None:
        return Stage.ANSWER
    return Stage.REVISE if own_decision.is_decided else Stage.REVEAL


def answers_that_count(c: Connection, image: ImageId) -> list[Annotation]:
    """The answers that count, in the order of the first answers."""
    return counting(annotations.latest_of_image(c, image))
