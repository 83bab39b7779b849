"""Say how likely each label of a study's images is valid, from the study's own votes and from what models proposed (`posterior`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import groupby

import numpy as np
import numpy.typing as npt

from multilabelfy import __version__
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.evidence import FIRST_RANKS, of_given_label, of_models
from multilabelfy.disagreement.consensus.posterior import Posterior, Start
from multilabelfy.disagreement.questions import N_ANSWERS, Ints, MachineVotes, Questions, questions_of
from multilabelfy.disagreement.raters.review import rests_on_assumptions
from multilabelfy.plurals import counted
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior, Cut
from multilabelfy.store.answers import annotations, machine_votes
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, proposals
from multilabelfy.store.dataset.proposals import BestOfRun

Ranks = npt.NDArray[np.int8]
FEW_IMAGES = 20
"""With votes on fewer images than these, nobody's errors are well known (our choice)."""
MOST_NEW = 0.1
"""So many votes more or fewer, as a part of them, are a few."""
NO_CHANCES: Mapping[int, float] = {}


class Caution(StrEnum):
    """Why chances are to be taken with care."""

    UNCHECKED = "unchecked"  # no label has two votes
    ONE_PERSON = "one-person"
    ASSUMED = "assumed"  # hardly any label has three votes
    FEW_IMAGES = "few-images"
    STILL_MOVING = "still-moving"
    LEFT_OUT = "left-out"  # models have not proposed for every answered image


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts beside people's votes: what models proposed, the label that each image came with (never to audit these), and the votes
    of machines, which nothing counts unasked."""

    models: bool = True
    given_label: bool = False
    machines: bool = False


@dataclass(frozen=True)
class EarlierFit:
    """Where a fit ended, for one that goes on from there: its parameters by the `raters` of its codes, and what it was a fit of."""

    raters: tuple[AnnotatorId, ...]
    weights: npt.NDArray[np.float64]
    confusion: npt.NDArray[np.float64]
    models: tuple[str, ...]
    has_given_label: bool
    n_votes: int
    has_converged: bool

    def is_near(self, questions: Questions, models: tuple[str, ...], *, has_given_label: bool) -> bool:
        """Whether it has converged on much the same votes with the same evidence: where they differ more, it is no better than none."""
        has_same_evidence = self.models == models and self.has_given_label == has_given_label
        return self.has_converged and has_same_evidence and abs(len(questions.vote) - self.n_votes) <= MOST_NEW * self.n_votes

    def start(self, raters: Sequence[AnnotatorId]) -> Start:
        """Its parameters for these people, in their order: their codes may have changed."""
        code = {rater: number for number, rater in enumerate(self.raters)}
        unknown = np.full((2, N_ANSWERS), np.nan)
        confusion = [self.confusion[code[rater]] if rater in code else unknown for rater in raters]
        return Start(self.weights, np.array(confusion).reshape(-1, 2, N_ANSWERS))


@dataclass(frozen=True)
class Chances:
    """The fit over all votes of a study. `images` are those with an answer, in import order; `questions.image` is a place among them.

    `models` are those whose first ranks were evidence; `left_out` those that have not proposed for every one of these images. `questions`
    hold people's votes alone, by the `raters` of their codes; `machines` are those whose `machine_votes` counted beside them.
    """

    images: tuple[ImageId, ...]
    questions: Questions
    fit: Posterior
    models: tuple[str, ...]
    left_out: tuple[str, ...]
    has_given_label: bool
    sha256: str
    machines: tuple[str, ...] = ()
    machine_votes: MachineVotes | None = None
    raters: tuple[AnnotatorId, ...] = ()

    @cached_property
    def by_image(self) -> Mapping[ImageId, Mapping[int, float]]:
        """The chance of each label of each image that has a vote."""
        rows = zip(self.questions.image.tolist(), self.questions.label.tolist(), self.fit.score.tolist(), strict=True)
        return {
            self.images[place]: {label: chance for _, label, chance in of_image}
            for place, of_image in groupby(rows, key=lambda row: row[0])
        }

    def of(self, image: ImageId) -> Mapping[int, float]:
        """The chances of an image's labels; none where nobody voted."""
        return self.by_image.get(image, NO_CHANCES)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The cautions, a sentence each."""
        return tuple(_sentence(caution, self) for caution in self.cautions)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What to know before these chances are believed."""
        return tuple(_cautions(self))

    @property
    def n_images(self) -> int:
        """How many images have a vote."""
        return len(self.by_image)

    @property
    def end(self) -> EarlierFit:
        """Where the fit ended."""
        fit, n_votes = self.fit, len(self.questions.vote)
        return EarlierFit(self.raters, fit.weights, fit.confusion, self.models, self.has_given_label, n_votes, fit.has_converged)

    @property
    def n_machine_votes(self) -> int:
        """How many votes of machines counted."""
        return 0 if self.machine_votes is None else len(self.machine_votes.vote)

    def made_by(self, cut: Cut) -> ByPosterior:
        """What a release says of labels that were cut from these chances."""
        return ByPosterior(
            threshold=cut.threshold,
            margin=cut.margin,
            version=__version__,
            parameters=asdict(self.fit.parameters),
            models=self.models,
            has_given_label=self.has_given_label,
            n_votes=len(self.questions.vote),
            n_annotators=self.questions.n_raters,
            n_iterations=self.fit.n_iterations,
            has_converged=self.fit.has_converged,
            sha256=self.sha256,
            machines=self.machines,
            n_machine_votes=self.n_machine_votes,
        )


def chances_of(c: Connection, dataset: StoredDataset, what: Counted, before: EarlierFit | None = None) -> Chances:
    """Fit the method `posterior` to every standing vote of a dataset, surplus ones included. The same votes give the same chances.

    From where a fit `before` a few more votes ended it takes a fraction of the iterations, and comes as near to the same: good for a page,
    and never for a release, whose chances depend on nothing but votes and evidence.
    """
    answered, (questions, raters) = _asked(c, dataset)
    ranks = _ranks(c, dataset, answered, questions) if what.models else {}
    complete = {model: rank for model, rank in ranks.items() if rank is not None}
    given = _is_given(c, answered, questions) if what.given_label else None
    features = [of_models(np.array(list(complete.values())))] if complete and len(questions) else []
    features += [] if given is None else [of_given_label(given)]
    machines = _machines(c, dataset, answered, questions) if what.machines else None
    is_near = before is not None and before.is_near(questions, tuple(complete), has_given_label=given is not None)
    start = before.start(raters) if before is not None and is_near else None
    fit = posterior.fit(questions, np.hstack(features) if features else None, machines=machines, start=start)
    return Chances(
        images=answered,
        questions=questions,
        fit=fit,
        models=tuple(complete),
        left_out=tuple(model for model in ranks if model not in complete),
        has_given_label=given is not None,
        sha256=_fingerprint(questions, complete, given, machines),
        machines=tuple(machine.title for machine in machine_votes.all_machines(c, dataset.id)) if machines else (),
        machine_votes=machines,
        raters=raters,
    )


def _asked(c: Connection, dataset: StoredDataset) -> tuple[tuple[ImageId, ...], tuple[Questions, tuple[AnnotatorId, ...]]]:
    """The answered images, and their questions with the raters; answers are read one after another and not kept."""
    answered: list[ImageId] = []

    def answers() -> Iterator[Sequence[Annotation]]:
        for image, of_image in annotations.iterate_counting(c, dataset.id, with_surplus=True):
            answered.append(image)
            yield of_image

    asked = questions_of(answers())
    return tuple(answered), asked


def _ranks(c: Connection, dataset: StoredDataset, answered: Sequence[ImageId], questions: Questions) -> dict[str, Ranks | None]:
    """Each model's rank of each question's label, (n_questions,): 0 beyond its first five. None where it lacks an image."""
    runs = proposals.best_of_runs(c, dataset.id, answered, FIRST_RANKS)
    return {run.source: _ranks_of(run, questions) if len(run.place) == len(answered) else None for run in runs}


def _ranks_of(run: BestOfRun, questions: Questions) -> Ranks:
    if not len(questions):
        return np.zeros(0, dtype=np.int8)
    n_labels = 1 + int(max(run.labels.max(initial=0), questions.label.max(initial=0)))
    keys = questions.image * n_labels + questions.label  # ascending
    ranks = np.zeros(len(questions), dtype=np.int8)
    for rank, labels in enumerate(run.labels.T, start=1):
        wanted = (run.place * n_labels + labels)[labels >= 0]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        ranks[at[keys[at] == wanted]] = rank
    return ranks


def _machines(c: Connection, dataset: StoredDataset, answered: Sequence[ImageId], questions: Questions) -> MachineVotes | None:
    """What the dataset's machines say of the questions that people were asked; of all others nothing counts. None without any vote."""
    code = {machine.id: number for number, machine in enumerate(machine_votes.all_machines(c, dataset.id))}
    if not code:
        return None
    at = {(place, label): number for number, (place, label) in enumerate(_keys(questions))}
    place_of = {image: place for place, image in enumerate(answered)}
    votes = [
        (number, code[cast.machine], int(cast.vote))
        for cast in machine_votes.iterate(c, dataset.id)
        if cast.vote is not None and (number := at.get((place_of.get(cast.image, -1), cast.label))) is not None
    ]
    question, machine, vote = np.array(votes, dtype=np.int64).reshape(-1, 3).T
    return MachineVotes(question, machine, vote, len(code)) if votes else None


def _keys(questions: Questions) -> list[tuple[int, int]]:
    return list(zip(questions.image.tolist(), questions.label.tolist(), strict=True))


def _is_given(c: Connection, answered: Sequence[ImageId], questions: Questions) -> npt.NDArray[np.bool_]:
    stored = images.get_many(c, answered)
    given = np.array([-1 if stored[image].given_label is None else stored[image].given_label for image in answered], dtype=np.int64)
    return np.asarray(given[questions.image] == questions.label, dtype=np.bool_)


def _fingerprint(
    questions: Questions, ranks: Mapping[str, Ranks], given: npt.NDArray[np.bool_] | None, machines: MachineVotes | None
) -> str:
    """SHA-256 of votes and evidence, each array as little-endian numbers of 8 bytes, people in the order of their first votes."""
    arrays: list[Ints] = [questions.image, questions.label, questions.question, questions.rater, questions.vote]
    arrays += [rank.astype(np.int64) for rank in ranks.values()]
    arrays += [] if given is None else [given.astype(np.int64)]
    arrays += [] if machines is None else [machines.question, machines.machine, machines.vote]
    digest = sha256()
    for array in arrays:
        digest.update(array.astype("<i8").tobytes())
    return digest.hexdigest()


def _cautions(chances: Chances) -> list[Caution]:
    questions = chances.questions
    is_unchecked = bool(len(questions)) and not questions.n_checked
    holds = {
        Caution.UNCHECKED: is_unchecked,
        Caution.ONE_PERSON: questions.n_raters == 1,
        Caution.ASSUMED: not is_unchecked and rests_on_assumptions(questions, chances.fit),
        Caution.FEW_IMAGES: 0 < chances.n_images < FEW_IMAGES,
        Caution.STILL_MOVING: not chances.fit.has_converged,
        Caution.LEFT_OUT: bool(chances.left_out),
    }
    return [caution for caution, is_so in holds.items() if is_so]


def _sentence(caution: Caution, chances: Chances) -> str:
    fit = chances.fit
    match caution:
        case Caution.UNCHECKED:
            return (
                "No label of an image has two votes, so that nothing tells how people err. Typical errors are assumed. "
                "Ask a second person about some images."
            )
        case Caution.ONE_PERSON:
            return "All votes are one person's: what this person gets wrong, the chances get wrong."
        case Caution.ASSUMED:
            return (
                "Hardly any label has three votes: chances rest on what is assumed of typical annotators. "
                "Ask a third person about some images."
            )
        case Caution.FEW_IMAGES:
            return f"There are votes on {counted(chances.n_images, 'image')} only, too few to know how people err: the chances are rough."
        case Caution.STILL_MOVING:
            return f"After {fit.n_iterations} iterations chances still move by more than {fit.parameters.tolerance}."
        case Caution.LEFT_OUT:
            return f"Not counted, since they have not proposed for every image that was answered: {', '.join(chances.left_out)}."
