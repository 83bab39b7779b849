"""Two ways to ask about images of known truth, for the same milliseconds of people's time: two votes and an expert, or the adaptive policy.

Two votes and an expert: so many annotators as the protocol's overlap says answer each image, and an expert decides what they dispute. The
time that this takes is what the policy may spend. Its panel, drawn at random, is asked and decided in the same way. The other images are
visited by the rule, those that are worth most first, as long as there is time; what is left then goes to experts, who take the disputed
image that is worth most a second. The posterior of all votes settles what experts do not come to, as a release does.

Whatever decides is what a study runs: `decide` under `rule_of`, `worth_of_decisions`, `is_in_panel`, `compare` and `settle`. Time is an
answer's from the picture's appearance until it is sent, and a decision's, both as the people's paces have them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from multilabelfy.annotation.model import Annotation, Outcome
from multilabelfy.annotation.overlap import is_in_panel
from multilabelfy.annotation.study.protocol import ExpertOrder
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.disagreement.comparison import compare
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.evidence import FIRST_RANKS, of_models
from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.policy.adaptive import decide, rule_of
from multilabelfy.disagreement.policy.expert_gain import gain_of_decision, worth_of_decisions
from multilabelfy.disagreement.policy.gain import Floats, expected_seconds
from multilabelfy.disagreement.questions import Ints, Questions, questions_of
from multilabelfy.disagreement.triage import uncertainty
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WayOfAsking
from multilabelfy.refinement.final_labels.by_posterior import Cut, Weighed, settle
from multilabelfy.simulation.known_truth import MS, ExpertVerdict, SimulatedStaff


@dataclass
class _Study:
    """A study under way: how many answers each image has, what experts decided, and the milliseconds spent, of at most `limit`."""

    people: SimulatedStaff
    limit: int | None = None
    spent: int = 0
    n_answers: list[int] = field(default_factory=list)
    verdicts: dict[int, ExpertVerdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.n_answers = [0] * len(self.people.images)

    def answers(self, image: int) -> list[Annotation]:
        return self.people.answers(image, self.n_answers[image])

    def is_disputed(self, image: int) -> bool:
        return self.n_answers[image] > 0 and compare(self.answers(image)).is_disputed

    def visit(self, image: int) -> bool:
        """One more annotator, if there is time; whether there was."""
        next_answer = self.people.answers(image, self.n_answers[image] + 1)[-1]
        if not self._spend(next_answer.present_ms):
            return False
        self.n_answers[image] += 1
        return True

    def refer(self, image: int) -> bool:
        """The image's expert decides, if there is time; whether there was."""
        verdict = self.people.verdict(image, self.answers(image))
        if not self._spend(verdict.ms):
            return False
        self.verdicts[image] = verdict
        return True

    def milliseconds(self, image: int) -> int:
        """What its answers took."""
        return sum(answer.present_ms for answer in self.answers(image))

    def _spend(self, milliseconds: int) -> bool:
        if self.limit is not None and self.spent + milliseconds > self.limit:
            return False
        self.spent += milliseconds
        return True


@dataclass(frozen=True)
class _Fitted:
    """The posterior of the votes so far, with the visits and seconds of each image, (n_images,)."""

    questions: Questions
    fit: Posterior
    n_visits: Ints
    seconds: Floats


def both_ways(people: SimulatedStaff) -> list[ImageAsked]:
    """The same people under both ways, for the same time: a row for each image and way, with what became of it. Deterministic by seed.

    Raises ValueError for a protocol whose overlap does not adapt.
    """
    fixed = _two_and_an_expert(people)
    adaptive, fitted = _adaptive(people, fixed.spent)
    return [*_rows(fixed, WayOfAsking.FIXED, None), *_rows(adaptive, WayOfAsking.ADAPTIVE, fitted)]


def with_part_of_the_experts(people: SimulatedStaff, share: float, order: ExpertOrder) -> list[ImageAsked]:
    """What two votes an image come to if experts have this share of the time that all disputes would take them, in this order.

    The posterior settles the rest. A row for each image. Deterministic by seed.
    """
    study = _Study(people)
    images = range(len(people.images))
    for image in images:
        for _ in range(people.protocol.overlap):
            study.visit(image)
    now, disputed = _fitted(study), [image for image in images if study.is_disputed(image)]
    study.limit = study.spent + round(share * sum(people.verdict(image, study.answers(image)).ms for image in disputed))
    if order is ExpertOrder.GAIN:
        _refer_by_worth(study, disputed, now, rule_of(people.protocol).threshold)
    else:
        _refer(study, sorted(disputed, key=lambda image: -uncertainty(study.answers(image))))
    return _rows(study, WayOfAsking.FIXED, now)


def _two_and_an_expert(people: SimulatedStaff) -> _Study:
    study = _Study(people)
    for image in range(len(people.images)):
        _ask_with_expert(study, image)
    return study


def _ask_with_expert(study: _Study, image: int) -> None:
    for _ in range(study.people.protocol.overlap):
        study.visit(image)
    if study.is_disputed(image):
        study.refer(image)


def _adaptive(people: SimulatedStaff, limit: int) -> tuple[_Study, _Fitted]:
    study = _Study(people, limit)
    everywhere = sorted(range(len(people.images)), key=lambda image: queue_place(people.images[image].path, people.seed))
    panel = frozenset(image for image in everywhere if _is_in_panel(people, image))
    for image in sorted(panel):
        _ask_with_expert(study, image)
    others = [image for image in everywhere if image not in panel]
    rule = rule_of(people.protocol)
    has_time = all(study.visit(image) for _ in range(rule.floor) for image in others)
    had_enough = np.zeros(len(people.images), dtype=np.bool_)
    while True:
        now = _fitted(study)
        seconds = expected_seconds(now.n_visits, now.seconds)
        says = decide(now.questions, now.fit, rule, now.n_visits, seconds=seconds, had_enough=had_enough)
        had_enough = says.is_enough
        wanting = [image for image in says.queue().tolist() if image not in panel and study.n_answers[image] < people.n_annotators]
        if not has_time or not wanting:
            break
        has_time = all(study.visit(image) for image in wanting)
    _refer_by_worth(study, others, now, rule.threshold)
    return study, now


def _refer_by_worth(study: _Study, images: Iterable[int], now: _Fitted, threshold: float) -> None:
    """Experts take what is disputed, that which is worth most a second first, until there is no time for the next."""
    gain = gain_of_decision(now.questions, now.fit, len(now.n_visits), threshold)
    worth = worth_of_decisions(gain, now.n_visits, now.seconds)
    _refer(study, sorted((image for image in images if study.is_disputed(image)), key=lambda image: (-worth[image], image)))


def _refer(study: _Study, images: Iterable[int]) -> None:
    for image in images:
        if not study.refer(image):
            break


def _fitted(study: _Study) -> _Fitted:
    images = range(len(study.n_answers))
    questions, _ = questions_of(study.answers(image) for image in images)
    ranks = _ranks(study.people, questions)
    seconds = np.array([study.milliseconds(image) / MS for image in images])
    fit = posterior.fit(questions, of_models(ranks) if len(ranks) else None)
    return _Fitted(questions, fit, np.array(study.n_answers, dtype=np.int64), seconds)


def _ranks(people: SimulatedStaff, questions: Questions) -> Ints:
    """Each model's rank of each question's label, (n_models, n_questions): 0 beyond its first five."""
    of_images = [known.ranks for known in people.images]
    n_models = min(map(len, of_images), default=0)
    keys = list(zip(questions.image.tolist(), questions.label.tolist(), strict=True))
    ranks = [[of_images[image][model].get(label, 0) for image, label in keys] for model in range(n_models)]
    by_model = np.array(ranks, dtype=np.int64).reshape(n_models, len(keys))
    return np.where(by_model <= FIRST_RANKS, by_model, 0)


def _rows(study: _Study, way: WayOfAsking, fitted: _Fitted | None) -> list[ImageAsked]:
    people, chances = study.people, _chances(fitted) if fitted else {}
    rows = []
    for image, known in enumerate(people.images):
        labels = _final_labels(study, image, chances.get(image, {}))
        verdict = study.verdicts.get(image)
        rows.append(
            ImageAsked(
                study=people.seed,
                way=way,
                image=known.path,
                n_answers=study.n_answers[image],
                annotator_ms=study.milliseconds(image),
                expert_ms=verdict.ms if verdict else 0,
                probability=people.protocol.panel_share if way is WayOfAsking.ADAPTIVE and _is_in_panel(people, image) else None,
                is_settled=labels is not None,
                labels=labels or frozenset(),
                valid=known.truth.valid(),
            )
        )
    return rows


def _final_labels(study: _Study, image: int, chances: dict[int, float]) -> frozenset[int] | None:
    """An expert's, else what annotators agree on, else what a release takes from the posterior; None where it leaves the image out."""
    if image in study.verdicts:
        return study.verdicts[image].labels
    answers = study.answers(image)
    if answers and not study.is_disputed(image):
        return frozenset(compare(answers).agreed)
    is_for_experts = any(answer.outcome is Outcome.UNFIT for answer in answers)
    cut = Cut(rule_of(study.people.protocol).threshold)
    settled, _ = settle([Weighed(ImageId(image), chances, is_for_experts=is_for_experts)], cut)
    return frozenset(settled[0].labels) if settled else None


def _chances(fitted: _Fitted) -> dict[int, dict[int, float]]:
    questions, chances = fitted.questions, dict[int, dict[int, float]]()
    for image, label, chance in zip(questions.image.tolist(), questions.label.tolist(), fitted.fit.score.tolist(), strict=True):
        chances.setdefault(image, {})[label] = chance
    return chances


def _is_in_panel(people: SimulatedStaff, image: int) -> bool:
    return is_in_panel(people.protocol, people.seed, ImageId(image))
