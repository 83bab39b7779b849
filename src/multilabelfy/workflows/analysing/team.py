"""Add up what each person did over all datasets: images, time present, and how far their answers agree with the rest."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from multilabelfy.annotation.model import Annotator, AnnotatorId, Task
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.analysing.analysis import Analysis, RaterAgreement, agreement_with_the_rest
from multilabelfy.workflows.analysing.answer_quality import Quality, quality_by_person
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TeamWork:
    """One person: images annotated and decided, time present over both, and agreement (None before any question in common).

    `quality` is how they did on gold and on repeats; checks count as time, not as images annotated.
    """

    person: Annotator
    n_annotated: int
    n_decided: int
    present_ms: int
    percent: float | None
    positive: float | None
    n_questions: int
    quality: Quality = field(default_factory=Quality)

    @property
    def seconds_each(self) -> float | None:
        """Seconds of presence an image."""
        n = self.n_annotated + self.n_decided
        return self.present_ms / 1000 / n if n and self.present_ms else None


def team_work(workspace: Workspace, analysis_of: Callable[[str], Analysis]) -> list[TeamWork]:
    """Everybody by name, active people first; `analysis_of` gives the analysis of a dataset's name."""
    with workspace.store.reading() as c:
        everybody = people.everyone(c)
        found = datasets.all_datasets(c)
        done: dict[tuple[AnnotatorId, Task], int] = defaultdict(int)
        present: dict[AnnotatorId, int] = defaultdict(int)
        quality: dict[AnnotatorId, Quality] = defaultdict(Quality)
        for dataset in found:
            for task in Task:
                for person, n_images, present_ms in annotations.effort(c, dataset.id, task):
                    done[person, task] += n_images
                    present[person] += present_ms
            for person, one in quality_by_person(c, dataset).items():
                quality[person] += one
    agreements: dict[AnnotatorId, list[RaterAgreement]] = defaultdict(list)
    for dataset in found:
        for rater in agreement_with_the_rest(analysis_of(dataset.name)):
            agreements[rater.annotator].append(rater)
    ordered = sorted(everybody, key=lambda person: (not person.active, person.name.casefold()))
    works = [_work(person, done, present[person.id], agreements[person.id]) for person in ordered]
    return [replace(work, quality=quality[work.person.id]) for work in works]


def _work(person: Annotator, done: dict[tuple[AnnotatorId, Task], int], present_ms: int, agreements: list[RaterAgreement]) -> TeamWork:
    positive = [(one.positive, one.n_questions) for one in agreements if one.positive is not None]
    return TeamWork(
        person=person,
        n_annotated=done[person.id, Task.ANNOTATE],
        n_decided=done[person.id, Task.REFINE],
        present_ms=present_ms,
        percent=_mean([(one.percent, one.n_questions) for one in agreements]),
        positive=_mean(positive),
        n_questions=sum(one.n_questions for one in agreements),
    )


def _mean(weighed: list[tuple[float, int]]) -> float | None:
    weight = sum(n for _, n in weighed)
    return sum(value * n for value, n in weighed) / weight if weight else None
