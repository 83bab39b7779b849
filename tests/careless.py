"""A study with somebody who never chooses, and two who answer alike: what the tests of the page about annotators start from."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.answering import N_SHOWN, person
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Annotation, Candidate, Outcome, Screen, Task, Vote
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import candidates
from multilabelfy.store.handing_out import handing_out
from multilabelfy.workflows.settling.answers import settle

N_IMAGES = 30
Says = Callable[[int], Iterable[int]]
"""From an image's number to the labels that get a yes, by their place on the page."""
TEAM: dict[str, Says] = {
    "Ada": lambda image: [image % 5],
    "Bob": lambda _: [],
    "Cleo": lambda image: [(image + 2) % 5] if image % 3 == 0 else [image % 5, (image + 1) % 5] if image % 4 == 0 else [image % 5],
    "Dora": lambda image: [image % 5] if image % 7 else [],
    "Eli": lambda image: [image % 5, (image + 3) % 5] if image % 11 == 0 else [image % 5],
}
"""Of each image one label is valid: Ada is always right, Bob never chooses, and Cleo errs often; Finn answers as Cleo does."""
TEAM["Finn"] = TEAM["Cleo"]
OVERLAP = len(TEAM)


def careless_study(folder: Path, make: Callable[..., Study] = ready_study, now: datetime = NOW) -> Study:
    """Everybody of the team has answered every image."""
    study = make(folder, protocol=replace(PAPER, overlap=OVERLAP), n_images=N_IMAGES)
    for who, says in TEAM.items():
        answer_all(study, who, says, now)
    return study


def answer_all(study: Study, who: str, says: Says, now: datetime) -> None:
    """This person answers every image in 4 seconds, on a screen of the labels image, image + 1, … (five of them), in one transaction."""
    annotator, numbers = person(study, who), {image.id: number for number, image in enumerate(study.images)}
    with study.workspace.store.writing() as c:
        held = handing_out.hand_out(
            c, study.dataset.id, annotator.id, task=Task.ANNOTATE, n=N_IMAGES, overlap=OVERLAP, now=now, lease=timedelta(hours=1)
        )
        for assignment in held:
            number = numbers[assignment.image]
            shown = tuple(Candidate((number + place) % 30, "a-secret-model", place + 1) for place in range(N_SHOWN))
            yes = [shown[place].label for place in says(number)]
            candidates.freeze(c, assignment.image, shown, 1, now)
            annotation = Annotation(
                client_id=f"{who}-{number}",
                image=assignment.image,
                annotator=annotator.id,
                outcome=Outcome.LABELLED if yes else Outcome.NONE,
                answers=dict.fromkeys(yes, Vote.YES),
                screen=Screen(shown, N_SHOWN, (now,)),
                submitted_at=now + timedelta(seconds=4),
                present_ms=4000,
            )
            annotations.append(c, annotation, assignment=assignment.id)
            settle(c, study.dataset, assignment.image)
