"""Sit simulated people at the real desks: what a workflow hands them they answer from the truth, and their answer goes back through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from multilabelfy.annotation.model import Annotator
from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS, confusions
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.simulation import annotators, experts
from multilabelfy.simulation.annotators import SheetShown, SimulatedAnswer
from multilabelfy.simulation.campaign import Turn
from multilabelfy.simulation.experts import SimulatedDecision
from multilabelfy.simulation.truth import Truth
from multilabelfy.workflows.annotating import desk as annotating
from multilabelfy.workflows.annotating.sheets import Sheet
from multilabelfy.workflows.annotating.taking import Answer
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.refining.cases import Case, Stage
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AnsweredSheet:
    """A sheet with the answer to it."""

    sheet: Sheet
    answer: SimulatedAnswer


@dataclass(frozen=True, slots=True)
class Decided:
    """A case with the decision on it."""

    case: Case
    verdict: SimulatedDecision


@dataclass
class AnnotatorsAtWork:
    """The annotators of a campaign. Like a browser, each keeps the sheets handed ahead; `truths` go by the picture's opaque name."""

    workspace: Workspace
    name: str
    staff: Sequence[Annotator]
    truths: Mapping[str, Truth]
    seed: int
    _ahead: dict[int, list[Sheet]] = field(default_factory=dict)

    def next_answer(self, person: int, now: datetime) -> AnsweredSheet | None:
        """The answer to the next sheet; None if there is nothing to do."""
        sheets = self._ahead.get(person) or list(annotating.next_work(self.workspace, self.name, self.staff[person], now).sheets)
        if not sheets:
            return None
        sheet, self._ahead[person] = sheets[0], sheets[1:]
        asked = SheetShown(tuple(option.label.index for option in sheet.options()), sheet.protocol.group_size, sheet.protocol.maybe_allowed)
        habits, rng = ANNOTATORS[self.staff[person].name], np.random.default_rng((self.seed, 5, person, sheet.assignment))
        return AnsweredSheet(sheet, annotators.answer(habits, self.truths[sheet.picture], asked, confusions(), rng))

    def submit(self, turn: Turn[AnsweredSheet]) -> None:
        """Send an answer as its form would."""
        sheet, simulated = turn.answered.sheet, turn.answered.answer
        strips = {option.label.index: option.strip for option in sheet.options() if option.strip}
        answer = Answer(
            submission=simulated.submission,
            timing=simulated.timing,
            protocol_version=sheet.protocol_version,
            guidelines_version=sheet.guidelines_version,
            exemplars={label: tuple(str(exemplar.id) for exemplar in strip.exemplars) for label, strip in strips.items()},
            search_used=bool(simulated.submission.added),
        )
        annotating.submit(self.workspace, self.name, self.staff[turn.person], sheet.assignment, answer, turn.done)

    @staticmethod
    def seconds(answered: AnsweredSheet) -> float:
        """How long the answer took."""
        return answered.answer.timing.elapsed / 1000


@dataclass
class ExpertsAtWork:
    """The experts of a campaign; `truths` go by the picture's path, which experts may see."""

    workspace: Workspace
    name: str
    staff: Sequence[Annotator]
    truths: Mapping[str, Truth]
    seed: int

    def next_decision(self, person: int, now: datetime) -> Decided | None:
        """The decision on the next case, before the earlier votes are seen; None where nothing is disputed."""
        case = refining.next_work(self.workspace, self.name, self.staff[person], now).case
        if case is None:
            return None
        asked = SheetShown(tuple(option.label.index for option in case.shown), max(len(case.shown), 1), maybe_allowed=False)
        rng = np.random.default_rng((self.seed, 6, person, case.assignment))
        habits = EXPERTS[self.staff[person].name]
        return Decided(case, experts.decide(habits, self.truths[case.image.path], asked, confusions(), rng))

    def submit(self, turn: Turn[Decided]) -> None:
        """Send the decision and, where the earlier votes are revealed then, the second one."""
        expert, first = self.staff[turn.person], turn.answered.verdict
        self._send(expert, turn.answered.case, first, turn.done)
        opened = refining.open_case(self.workspace, self.name, expert, turn.answered.case.assignment, turn.done).case
        if opened is not None and opened.stage is Stage.REVEAL:
            rng = np.random.default_rng((self.seed, 7, turn.person, opened.assignment))
            truth = self.truths[opened.image.path]
            self._send(expert, opened, experts.reconsider(first, truth, _support(opened), rng), turn.done)

    @staticmethod
    def seconds(decided: Decided) -> float:
        """How long the decision took."""
        return decided.verdict.seconds

    def _send(self, expert: Annotator, case: Case, verdict: SimulatedDecision, now: datetime) -> None:
        decision = Decision(
            client_id=verdict.client_id,
            chosen=verdict.chosen,
            reason=verdict.reason,
            relation=verdict.relation,
            present_ms=round(verdict.seconds * 1000),
        )
        refining.decide(self.workspace, self.name, expert, case.assignment, decision, now)


def _support(case: Case) -> dict[int, float]:
    """The share of the annotators who said yes to each label."""
    return {label: tally.n_yes / max(len(case.annotations), 1) for label, tally in case.tallies.items()}
