"""People answering and deciding in a study, straight through the store and the workflows: what the tests of stages 3 and 4 start from."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from tests.studies import NOW, Study

from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Candidate, Outcome, Relation, Role, Screen, Task, Vote
from multilabelfy.dataset.model import ImageState
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import UnknownPerson
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations, machine_votes
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates, datasets, images
from multilabelfy.store.handing_out import assignments, handing_out
from multilabelfy.workflows.settling.answers import settle

N_SHOWN = 5


def person(study: Study, name: str, role: Role = Role.ANNOTATOR) -> Annotator:
    """The person of this name, added if new."""
    with study.workspace.store.reading() as c, suppress(UnknownPerson):
        return people.find(c, name)
    with study.workspace.store.writing() as c:
        added = people.add(c, name, role, NOW)
        for dataset in datasets.all_datasets(c):
            members.join(c, dataset.id, added.id, role, NOW)
        return added


def answer(
    study: Study,
    who: str,
    image: int,
    yes: Iterable[int] = (),
    *,
    maybe: Iterable[int] = (),
    added: Iterable[int] = (),
    outcome: Outcome | None = None,
    relation: Relation | None = None,
    note: str = "",
    missing_label: str = "",
    now: datetime = NOW,
) -> ImageState:
    """`who` answers the image of this number, on a screen of the labels image, image+1, … (five of them); returns the image's state."""
    annotator, stored = person(study, who), study.images[image]
    shown = tuple(Candidate((image + place) % 30, "a-secret-model", place + 1) for place in range(N_SHOWN))
    votes = {**dict.fromkeys([*yes, *added], Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}
    with study.workspace.store.writing() as c:
        before = annotations.latest_of(c, stored.id, annotator.id)
        assignment = _answered(c, study, annotator, stored) if before else _handed(c, study, annotator, stored, now)
        candidates.freeze(c, stored.id, shown, 1, now)
        annotation = Annotation(
            client_id=f"{who}-{image}-{now.timestamp()}-{0 if before is None else before.revision}",
            image=stored.id,
            annotator=annotator.id,
            outcome=outcome or (Outcome.LABELLED if votes else Outcome.NONE),
            answers=votes,
            screen=Screen(shown, 5, (now,)),
            submitted_at=now,
            unprompted=tuple(added),
            relation=relation,
            note=note,
            missing_label=missing_label,
            present_ms=4000,
        )
        annotations.append(c, annotation, assignment=assignment)
        return settle(c, study.dataset, stored.id)


def state_of(study: Study, image: int) -> ImageState:
    """Where the image of this number stands."""
    with study.workspace.store.reading() as c:
        return images.get(c, study.images[image].id).state


def _handed(c: Connection, study: Study, annotator: Annotator, image: StoredImage, now: datetime) -> AssignmentId:
    everything = handing_out.hand_out(
        c,
        study.dataset.id,
        annotator.id,
        task=Task.ANNOTATE,
        n=len(study.images),
        overlap=max(2, study.dataset.protocol.overlap),
        now=now,
        lease=timedelta(hours=1),
    )
    return next(assignment.id for assignment in everything if assignment.image == image.id)


def _answered(c: Connection, study: Study, annotator: Annotator, image: StoredImage) -> AssignmentId:
    found = assignments.previous(c, annotator.id, study.dataset.id, Task.ANNOTATE, None)
    while found is not None and found.image != image.id:
        found = assignments.previous(c, annotator.id, study.dataset.id, Task.ANNOTATE, found.id)
    assert found is not None
    return found.id


def machine_says(
    study: Study, image: int, answers: Mapping[int, Vote | None], *, name: str = "python:mine:look", now: datetime = NOW
) -> None:
    """A machine's votes on labels of the image of this number."""
    with study.workspace.store.writing() as c:
        machine = machine_votes.found_or_added(c, study.dataset.id, name, NOW)
        machine_votes.add(c, machine, study.images[image].id, answers, NOW)
