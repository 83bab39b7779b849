"""Plan a study: what label quality so many answers, annotators' hours and experts' hours bring, from a pilot or from stated error rates.

The pilot is the study's own answers; `planning_of_votes` has the votes of a file. Everything else is simulated in advance
(`simulation.plan`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from multilabelfy.annotation.model import Annotation, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import IN_STUDY, n_in
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.policy.gain import expected_wrong
from multilabelfy.disagreement.questions import Questions, questions_of
from multilabelfy.disagreement.raters.review import rests_on_assumptions
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.simulation.pilot import ErrorLevel, Pilot, of_error_level, of_votes
from multilabelfy.simulation.plan import Forecast, WayOutcome, forecast
from multilabelfy.statistics.intervals import Interval, Measured, wilson_of_share
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.analysing.analysis_cache import KeptFigures
from multilabelfy.workflows.analysing.annotators import decided_labels
from multilabelfy.workflows.workspace import Workspace

Advance = Callable[[int, int], None]
SECONDS_AN_ANSWER, SECONDS_A_DECISION = 20.0, 40.0
"""What is assumed where it was neither measured nor stated (our choice)."""
FEWEST_IMAGES = 20
"""With answers on fewer images a pilot tells little."""
N_IMAGES, N_LABELS = 1000, 20
ATTEMPT, WAY_OUT = "Cannot plan", "State an error level instead: --sensitivity 0.8 --false-yes 0.05."


@dataclass(frozen=True, slots=True)
class WantedPlan:
    """What a plan is for. What is None is taken from the pilot, else assumed."""

    n_images: int | None = None
    n_people: int | None = None
    n_labels: int | None = None
    answer_seconds: float | None = None
    decision_seconds: float | None = None
    n_studies: int = 20
    n_simulated: int = 300
    seed: int = 0


ON_A_PAGE = WantedPlan(n_studies=6, n_simulated=150)
"""A page is there at once, so that fewer studies of fewer images are simulated."""


@dataclass(frozen=True, slots=True)
class Today:
    """A study as it stands, over the images with an answer: answers an image, and what its own posterior expects, the F1 of labels and the
    share of images with all labels right."""

    n_images: int
    visits: float
    f1: float
    images_right: float


@dataclass(frozen=True)
class StudyPlan:
    """A forecast, and what it is for: so many images and people, at this pace.

    `n_pilot` images had answers; 0 where error rates were stated. `today` is of a study only. `rests_on_assumptions` where hardly any label
    of the pilot has three votes.
    """

    forecast: Forecast
    n_images: int
    n_people: int
    answer_seconds: float
    decision_seconds: float
    are_seconds_known: bool
    correlation: float
    is_correlation_measured: bool
    n_pilot: int = 0
    rests_on_assumptions: bool = False
    today: Today | None = None

    @property
    def is_small(self) -> bool:
        """Whether the pilot has too few images to tell much."""
        return 0 < self.n_pilot < FEWEST_IMAGES

    @property
    def lacks_people(self) -> bool:
        """Whether some ways ask for more answers an image than there are people."""
        return self.n_people < max(outcome.way.rule.cap for outcome in self.forecast.outcomes)

    def headline_interval(self, outcome: WayOutcome) -> Interval:
        """Where the interval of the share of images with at least two labels is expected to be: Wilson's for as many images, around the
        ends of what the simulated studies found."""
        errors = outcome.headline.interval or Interval(0.0, 0.0)
        low, high = (min(max(self.forecast.several + error, 0.0), 1.0) for error in (errors.low, errors.high))
        return Interval(wilson_of_share(low, self.n_images).low, wilson_of_share(high, self.n_images).high)

    def annotator_hours(self, outcome: WayOutcome) -> Measured:
        """What annotators need in all."""
        return _times(outcome.visits, self.n_images * self.answer_seconds / 3600)

    def expert_hours(self, outcome: WayOutcome) -> Measured:
        """What experts need in all."""
        return _times(outcome.experts, self.n_images * self.decision_seconds / 3600)


def plan_study(workspace: Workspace, name: str, wanted: WantedPlan, advance: Advance | None = None) -> StudyPlan:
    """From a dataset's own answers. Raises UnknownDataset; InvalidInput where nobody has answered yet."""
    with workspace.store.reading() as c:
        made = plan_of(c, datasets.find(c, name), wanted, advance)
    if made is None:
        raise InvalidInput(ATTEMPT, [Problem(name, "there are no answers yet")], WAY_OUT)
    return made


def plan_of(c: Connection, dataset: StoredDataset, wanted: WantedPlan, advance: Advance | None = None) -> StudyPlan | None:
    """The same in an open transaction; None where nobody has answered yet."""
    questions, known, n_answers = _votes(c, dataset)
    if not len(questions.vote):
        return None
    fitted = posterior.fit(questions, known=known)
    n_images = n_in(images.counts(c, dataset.id), IN_STUDY)
    made = plan_from_votes(questions, fitted, filled(wanted, n_images, *seconds_of(c, dataset)), advance)
    return replace(made, today=_today(questions, fitted, n_answers))


def plan_error_level(level: ErrorLevel, correlation: float | None, wanted: WantedPlan, advance: Advance | None = None) -> StudyPlan:
    """From stated error rates, without any answer; how far people err together is assumed if it is None."""
    pilot = of_error_level(level, wanted.n_labels or N_LABELS, correlation, wanted.seed)
    return _planned(pilot, wanted, advance)


def plan_from_votes(questions: Questions, fitted: Posterior, wanted: WantedPlan, advance: Advance | None) -> StudyPlan:
    """From the posterior of votes on some images, of a study or of a file."""
    made = _planned(of_votes(questions, fitted), wanted, advance)
    n_pilot = len(np.unique(questions.image))
    return replace(made, n_pilot=n_pilot, rests_on_assumptions=rests_on_assumptions(questions, fitted))


def _planned(pilot: Pilot, wanted: WantedPlan, advance: Advance | None) -> StudyPlan:
    n_people = wanted.n_people or len(pilot.crowd)
    made = forecast(pilot, n_people=n_people, n_images=wanted.n_simulated, n_studies=wanted.n_studies, seed=wanted.seed, advance=advance)
    return StudyPlan(
        forecast=made,
        n_images=wanted.n_images or N_IMAGES,
        n_people=n_people,
        answer_seconds=wanted.answer_seconds or SECONDS_AN_ANSWER,
        decision_seconds=wanted.decision_seconds or SECONDS_A_DECISION,
        are_seconds_known=bool(wanted.answer_seconds and wanted.decision_seconds),
        correlation=pilot.crowd.correlation,
        is_correlation_measured=pilot.is_correlation_measured,
    )


def filled(wanted: WantedPlan, n_images: int, answer_seconds: float | None = None, decision_seconds: float | None = None) -> WantedPlan:
    """What is wanted, with the pilot's own values where nothing is stated."""
    return replace(
        wanted,
        n_images=wanted.n_images or n_images,
        answer_seconds=wanted.answer_seconds or answer_seconds,
        decision_seconds=wanted.decision_seconds or decision_seconds,
    )


def _votes(c: Connection, dataset: StoredDataset) -> tuple[Questions, posterior.Floats, int]:
    """Every standing vote on a label that was shown, what experts decided of these labels, and the number of answers."""
    by_image: dict[ImageId, list[Annotation]] = {}
    for annotation in annotations.iterate_latest(c, dataset.id):
        by_image.setdefault(annotation.image, []).append(annotation)
    questions, _ = questions_of(by_image.values(), shown_only=True)
    return questions, decided_labels(c, dataset, list(by_image), questions), sum(map(len, by_image.values()))


def seconds_of(c: Connection, dataset: StoredDataset) -> tuple[float | None, float | None]:
    """Of an answer and of a decision, on average; None before the first."""
    of = [annotations.effort(c, dataset.id, task) for task in (Task.ANNOTATE, Task.REFINE)]
    answer, decision = ((sum(n for _, n, _ in effort), sum(ms for _, _, ms in effort)) for effort in of)
    return _each(*answer), _each(*decision)


def _each(n: int, present_ms: int) -> float | None:
    return present_ms / 1000 / n if n and present_ms else None


def _today(questions: Questions, fitted: Posterior, n_answers: int) -> Today:
    chance = fitted.score
    taken = chance >= 0.5
    right = np.ones(questions.n_images)
    np.multiply.at(right, questions.image, 1 - expected_wrong(chance))
    answered = np.unique(questions.image)
    f1 = 2 * float(chance[taken].sum()) / max(float(taken.sum() + chance.sum()), 1e-9)
    return Today(len(answered), n_answers / len(answered), f1, float(right[answered].mean()))


def _times(measured: Measured, factor: float) -> Measured:
    ends = measured.interval
    return Measured((measured.value or 0.0) * factor, ends and Interval(ends.low * factor, ends.high * factor))


class StudyPlans(KeptFigures[StudyPlan | None]):
    """One plan for each dataset, made again once somebody has answered since; None before the first answer."""

    def make(self, c: Connection, dataset: StoredDataset, _begin: None) -> StudyPlan | None:
        """In an open transaction."""
        return plan_of(c, dataset, ON_A_PAGE)

    def needs_of(self, workspace: Workspace, name: str) -> tuple[int, float | None, float | None]:
        """How many images a dataset has, and the seconds of an answer and a decision as far as they are measured. Raises UnknownDataset."""
        with workspace.store.reading() as c:
            dataset = datasets.find(c, name)
            return n_in(images.counts(c, dataset.id), IN_STUDY), *seconds_of(c, dataset)


@lru_cache(maxsize=32)
def plan_for_page(level: ErrorLevel, n_images: int, answer_seconds: float | None, decision_seconds: float | None) -> StudyPlan:
    """From stated error rates, as a page shows it."""
    wanted = replace(ON_A_PAGE, n_images=n_images, answer_seconds=answer_seconds, decision_seconds=decision_seconds)
    return plan_error_level(level, None, wanted)
