"""People at work in a study whose protocol has quality checks: what the tests of gold, repeats and search-first start from."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from tests.answering import person
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.answers import Submission
from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.checking.checks import CheckPolicy, GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import Annotation, Outcome, Task, Vote
from multilabelfy.annotation.response_times import Timing
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import assignments, checks, gold
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.annotating.sheets import Sheet
from multilabelfy.workflows.annotating.taking import Answer

LATER = NOW + timedelta(minutes=5)
NO_CHECKS = AnnotationProtocol("mine")
Says = Callable[[Sheet], Iterable[int]]


def gold_study(
    folder: Path,
    protocol: AnnotationProtocol,
    known: Mapping[int, tuple[GoldKind, tuple[int, ...]]],
    *,
    n_images: int = 12,
    **options: object,
) -> Study:
    """A study in which the images of these numbers are decided, and gold of this kind with these labels."""
    study = ready_study(folder, protocol=protocol, n_images=n_images, n_exemplars=1, **options)  # type: ignore[arg-type]
    found = [Gold(study.images[number].id, kind, labels, f"because of {number}") for number, (kind, labels) in known.items()]
    with study.workspace.store.writing() as c:
        for one in found:
            images.set_state(c, one.image, ImageState.REFINED)
        gold.add(c, study.dataset.id, found, NOW)
    return study


def next_sheet(study: Study, who: str) -> Sheet | None:
    """The sheet that lies before this person; None where there is none."""
    sheets = desk.next_work(study.workspace, "pilot", person(study, who), NOW, n=1).sheets
    return sheets[0] if sheets else None


def say(
    study: Study,
    who: str,
    sheet: Sheet,
    yes: Iterable[int] = (),
    *,
    first: dict[int, Vote] | None = None,
    outcome: Outcome | None = None,
    note: str = "",
) -> Annotation:
    """This person answers a sheet with these labels, all its fives open."""
    chosen = frozenset(yes)
    said = Submission(f"answer-{token_hex(8)}", outcome or (Outcome.LABELLED if chosen else Outcome.NONE), chosen, note=note)
    timing = Timing(age=0, elapsed=4000, opened=(0,) * len(sheet.groups), present=4000)
    answer = Answer(said, timing, sheet.protocol_version, sheet.guidelines_version, {}, search_first=first)
    return desk.submit(study.workspace, "pilot", person(study, who), sheet.assignment, answer, LATER).stored


def work_through(study: Study, who: str, says: Says = lambda _: (), *, most: int = 1000) -> list[Assignment]:
    """This person answers all that they are given, at most so much; returns the assignments in that order."""
    done: list[Assignment] = []
    while len(done) < most and (sheet := next_sheet(study, who)) is not None:
        say(study, who, sheet, says(sheet))
        done.append(assignment_of(study, sheet))
    return done


def assignment_of(study: Study, sheet: Sheet) -> Assignment:
    """The assignment behind a sheet."""
    with study.workspace.store.reading() as c:
        return assignments.get(c, sheet.assignment)


def checks_among(done: Iterable[Assignment]) -> list[Assignment]:
    """Those that are no votes."""
    return [one for one in done if one.task is Task.CHECK]


def answer_again(study: Study, who: str, image: int, yes: Iterable[int] = ()) -> Annotation:
    """This person is given an earlier image of theirs once more, as a check, and answers it with these labels."""
    annotator, drawn = person(study, who), checks.Planned(study.images[image].id, CheckPolicy.REPEAT.value, 0.25, 0)
    with study.workspace.store.writing() as c:
        checks.plan(c, study.dataset.id, annotator.id, [drawn])
    held = desk.next_work(study.workspace, "pilot", annotator, NOW, n=len(study.images)).sheets
    return say(study, who, next(sheet for sheet in held if assignment_of(study, sheet).task is Task.CHECK), yes)
