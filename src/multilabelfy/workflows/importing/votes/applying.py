"""Make a study of votes that people cast elsewhere; every problem is found before anything is stored.

Images are stored in pieces, each with all its answers and settled, so that nobody who works in the workspace waits long, and a large file
needs little memory. An interrupted import leaves whole images alone; run again, it goes on with the others. The same file adds nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, FINAL_BY_ANNOTATORS, n_in
from multilabelfy.dataset.model import Image, ImageId, ImageState
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.store import people
from multilabelfy.store.answers import imported
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.importing.votes.answers import answer_id, answer_of, candidates_of
from multilabelfy.workflows.importing.votes.cast_votes import ImageVotes
from multilabelfy.workflows.importing.votes.request import SurveyedVotes, VotesRequest, VotesSummary
from multilabelfy.workflows.importing.votes.survey import survey_votes
from multilabelfy.workflows.settling.answers import settle
from multilabelfy.workflows.showing.inspecting import Progress, silent
from multilabelfy.workflows.workspace import Workspace

AT_ONCE = 250
"""So many images are stored in one transaction: answers of other studies wait no longer than for these."""
NO_PICTURES = ""


def import_votes(workspace: Workspace, request: VotesRequest, *, progress: Progress = silent, now: datetime) -> VotesSummary:
    """Import the votes that the request names; `progress` is told of images. Raises InvalidInput with all problems, and stores nothing.

    To an existing dataset, images that are new in the file are added with their votes; votes on the others must be as they are stored.
    """
    surveyed = survey_votes(workspace, request, _stored(workspace, request.name))
    dataset = surveyed.stored or _add_dataset(workspace, request, surveyed, now)
    raters, states = dict(surveyed.raters), dict.fromkeys(ImageState, 0)
    n_answers, n_votes, n_done = 0, 0, surveyed.n_known
    for chunk in chunked(surveyed.cast.each(surveyed.fresh), AT_ONCE):
        with workspace.store.writing() as c:
            for state in _add_chunk(c, workspace, dataset, surveyed, chunk, raters, now):
                states[state] += 1
        n_answers += sum(len(votes.by_rater) for votes in chunk)
        n_votes += sum(len(of_rater) for votes in chunk for _, of_rater in votes.by_rater)
        n_done += len(chunk)
        progress(n_done, len(surveyed.cast.images))
    with workspace.store.writing() as c:
        imported.refresh(c)
    return _summary(surveyed, dataset, states, n_answers, n_votes)


def _stored(workspace: Workspace, name: str) -> StoredDataset | None:
    with workspace.store.reading() as c:
        return datasets.named(c, name)


def _add_dataset(workspace: Workspace, request: VotesRequest, surveyed: SurveyedVotes, now: datetime) -> StoredDataset:
    with workspace.store.writing() as c:
        dataset = datasets.add(
            c,
            name=request.name,
            images_root=NO_PICTURES,
            reference_root=None,
            labels=surveyed.labels,
            protocol=surveyed.protocol,
            seed=surveyed.seed,
            now=now,
        )
        return datasets.get(c, dataset)


def _add_chunk(
    c: Connection,
    workspace: Workspace,
    dataset: StoredDataset,
    surveyed: SurveyedVotes,
    chunk: Sequence[ImageVotes],
    raters: dict[str, AnnotatorId],
    now: datetime,
) -> list[ImageState]:
    """Store images with all their answers, and settle them; returns what each came to. `raters` receives who is new."""
    new = [Image(votes.image, surveyed.given.get(votes.image)) for votes in chunk]
    images.add_many(
        c,
        dataset.id,
        new,
        token=lambda path: workspace.token("image", str(dataset.id), dataset.created_at.isoformat(), path),
        queue_place=lambda path: queue_place(path, dataset.seed),
        state=ImageState.OPEN,
    )
    stored = images.by_paths(c, dataset.id, [image.path for image in new])
    _add_raters(c, dataset, chunk, raters, now)
    asked = {stored[votes.image].id: candidates_of(votes.labels) for votes in chunk}
    answers = {stored[votes.image].id: _answers(dataset, stored[votes.image].id, votes, raters, now) for votes in chunk}
    imported.add_all(c, dataset, asked, answers, now)
    return [settle(c, dataset, image) for image in answers]


def _answers(
    dataset: StoredDataset, image: ImageId, votes: ImageVotes, raters: Mapping[str, AnnotatorId], now: datetime
) -> list[Annotation]:
    return [
        answer_of(answer_id(dataset, votes.image, rater, of_rater), image, raters[rater], of_rater, dataset, now)
        for rater, of_rater in votes.by_rater
    ]


def _add_raters(c: Connection, dataset: StoredDataset, chunk: Sequence[ImageVotes], raters: dict[str, AnnotatorId], now: datetime) -> None:
    """A person for each rater who comes for the first time."""
    new = [rater for rater in dict.fromkeys(rater for votes in chunk for rater, _ in votes.by_rater) if rater not in raters]
    if not new:
        return
    taken = set(people.names(c).values())
    for rater in new:
        name = name_of_rater(dataset.name, rater, taken)
        taken.add(name)
        raters[rater] = people.add_rater(c, name, now)


def name_of_rater(dataset: str, rater: str, taken: set[str]) -> str:
    """What a rater is called in the workspace, among people whose names are `taken`: after the dataset, and cut where it is too long.

    >>> name_of_rater("real", "12", set()), name_of_rater("pilot", "Ada", {"pilot: Ada"})
    ('real: rater 12', 'pilot: Ada, 2')
    """
    own = " ".join(f"rater {rater}".split() if rater.isascii() and rater.isdigit() else rater.split())
    number = 1
    while True:
        end = f", {number}" if number > 1 else ""
        name = f"{dataset}: {own}"[: people.MAX_NAME - len(end)].rstrip() + end
        if name not in taken:
            return name
        number += 1


def _summary(
    surveyed: SurveyedVotes, dataset: StoredDataset, states: Mapping[ImageState, int], n_answers: int, n_votes: int
) -> VotesSummary:
    fresh = [surveyed.cast.images[place] for place in surveyed.fresh]
    return VotesSummary(
        name=dataset.name,
        is_new=surveyed.stored is None,
        label_space=surveyed.labels.name,
        n_labels=len(surveyed.labels),
        n_images=len(fresh),
        n_known=surveyed.n_known,
        n_given=sum(image in surveyed.given for image in fresh),
        n_raters=len(surveyed.cast.raters),
        n_answers=n_answers,
        n_votes=n_votes,
        n_agreed=n_in(states, FINAL_BY_ANNOTATORS),
        n_disputed=n_in(states, AWAITING_EXPERTS),
        protocol=dataset.protocol.preset,
        overlap=dataset.protocol.overlap,
        seed=dataset.seed,
        notes=surveyed.notes,
    )
