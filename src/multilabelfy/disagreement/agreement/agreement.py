"""Say how far people agree by every measure of the table `measures`, each with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass

from multilabelfy.disagreement.agreement.answer_agreement import JointAnswers, joint_answers, measured, share_measured
from multilabelfy.disagreement.agreement.measures import MEASURES, AgreementMeasure, Needs, OfAnswers, OfPairs, OfSets, ShareOfAnswers
from multilabelfy.disagreement.agreement.set_agreement import JointSets, joint_sets, means_over_images
from multilabelfy.disagreement.questions import Questions
from multilabelfy.statistics.intervals import Measured, if_moved


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree: every measure by its key, of single answers and of whole sets, these also with a maybe counted as a yes.

    `n_questions` were answered by at least two, on `n_images` of the `n_images_compared` that at least two answered.
    """

    n_images: int
    n_questions: int
    n_answers: int
    n_images_compared: int
    answers: Mapping[str, Measured]
    sets: Mapping[str, Measured]
    sets_with_maybe: Mapping[str, Measured]

    def of(self, measure: AgreementMeasure) -> Measured:
        """The figure of one measure, a maybe counted as a no."""
        return (self.answers if measure.key in self.answers else self.sets)[measure.key]


def agreement(questions: Questions, by_search: Questions | None = None, *, seed: int) -> Agreement:
    """All measures with their intervals; the same seed gives the same intervals.

    `questions` are votes on labels that were shown; `by_search` those on labels that annotators found by search, which count in sets alone:
    nobody was asked about them, and yet whoever chose one chose another set than somebody who did not.
    """
    joint = joint_answers(questions, seed=seed)
    sets = joint_sets(questions, by_search, maybe_is_yes=False)
    return Agreement(
        n_images=len(joint.by_image),
        n_questions=joint.n_questions,
        n_answers=joint.n_answers,
        n_images_compared=sets.n_images,
        answers=_of_answers(joint),
        sets=_of_sets(sets, seed),
        sets_with_maybe=_of_sets(joint_sets(questions, by_search, maybe_is_yes=True), seed),
    )


def _of_answers(joint: JointAnswers) -> dict[str, Measured]:
    beyond_chance = {
        measure.key: _if_moved(measured(measure.worked_out.statistic, joint))
        if joint.has_equal_overlap or measure.needs is not Needs.EQUAL_OVERLAP
        else Measured(None)
        for measure in MEASURES
        if isinstance(measure.worked_out, OfAnswers)
    }
    shares = {
        measure.key: share_measured(measure.worked_out.part, measure.worked_out.whole, joint)
        for measure in MEASURES
        if isinstance(measure.worked_out, ShareOfAnswers)
    }
    return {**shares, **beyond_chance}


def _if_moved(figure: Measured) -> Measured:
    """A figure of 0 or 1 that no resample moves is not certain: of its error nothing is known."""
    return Measured(figure.value, if_moved(figure.interval)) if figure.value in (0.0, 1.0) else figure


def _of_sets(sets: JointSets, seed: int) -> dict[str, Measured]:
    by_pair = {measure.key: measure.worked_out.by_pair(sets) for measure in MEASURES if isinstance(measure.worked_out, OfPairs)}
    means = means_over_images(sets, list(by_pair.values()))
    together = {measure.key: measure.worked_out.figure(sets, seed) for measure in MEASURES if isinstance(measure.worked_out, OfSets)}
    return {**dict(zip(by_pair, means, strict=True)), **together}
