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
    """One person's work: images annotated and decided, time present over both, and agreement (None without a question in common).

    `quality` is their result on gold and on repeats; checks count as time, not as annotated images.
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
        """Seconds of presence for each image."""
        n = self.n_annotated + self.n_decided
        return self.present_ms / 1000 / n if n and self.present_ms else None


def team_work(workspace: Workspace, analysis_of: Callable[[str], Analysis]) -> list[TeamWork]:
    """Everybody's work by name, active people first; `analysis_of` returns the analysis of a dataset by its name.

    Those who cast votes elsewhere are left out: they never worked here.
    """
    with workspace.store.reading() as c:
        raters = people.raters(c)
        everybody = [person for person in people.everyone(c) if person.id not in raters]
        all_datasets = datasets.all_datasets(c)
        n_done: dict[tuple[AnnotatorId, Task], int] = defaultdict(int)
        present: dict[AnnotatorId, int] = defaultdict(int)
        quality: dict[AnnotatorId, Quality] = defaultdict(Quality)
        for dataset in all_datasets:
            for task in Task:
                for person, n_images, present_ms in annotations.effort(c, dataset.id, task):
                    n_done[person, task] += n_images
                    present[person] += present_ms
            for person, of_dataset in quality_by_person(c, dataset).items():
                quality[person] += of_dataset
    agreements: dict[AnnotatorId, list[RaterAgreement]] = defaultdict(list)
    for dataset in all_datasets:
        for rater in agreement_with_the_rest(analysis_of(dataset.name)):
            agreements[rater.annotator].append(rater)
    ordered = sorted(everybody, key=lambda person: (not person.active, person.name.casefold()))
    works = [_work(person, n_done, present[person.id], agreements[person.id]) for person in ordered]
    return [replace(work, quality=quality[work.person.id]) for work in works]


def _work(person: Annotator, n_done: dict[tuple[AnnotatorId, Task], int], present_ms: int, agreements: list[RaterAgreement]) -> TeamWork:
    positive = [(agreement.positive, agreement.n_questions) for agreement in agreements if agreement.positive is not None]
    return TeamWork(
        person=person,
        n_annotated=n_done[person.id, Task.ANNOTATE],
        n_decided=n_done[person.id, Task.REFINE],
        present_ms=present_ms,
        percent=_mean([(agreement.percent, agreement.n_questions) for agreement in agreements]),
        positive=_mean(positive),
        n_questions=sum(agreement.n_questions for agreement in agreements),
    )


def _mean(weighed: list[tuple[float, int]]) -> float | None:
    weight = sum(n for _, n in weighed)
    return sum(value * n for value, n in weighed) / weight if weight else None
