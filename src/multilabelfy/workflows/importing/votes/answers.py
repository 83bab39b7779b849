"""An image's votes as answers: what each rater was shown, and what they ticked."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from multilabelfy.annotation.model import IMPORTED, Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId


def answer_id(dataset: StoredDataset, image: str, rater: str, votes: Sequence[tuple[int, int]]) -> str:
    """The id of an answer, made of all that it says: the same votes of the same file have it again, other votes have another."""
    content = json.dumps([dataset.id, dataset.created_at.isoformat(), image, rater, sorted(votes)])
    return sha256(content.encode()).hexdigest()


def candidates_of(labels: Sequence[int]) -> tuple[Candidate, ...]:
    """Labels that people were asked about elsewhere."""
    return tuple(Candidate(label, IMPORTED) for label in labels)


def answer_of(
    client_id: str, image: ImageId, person: AnnotatorId, votes: Sequence[tuple[int, int]], dataset: StoredDataset, now: datetime
) -> Annotation:
    """The answer that these votes are: the screen has exactly their labels, opened; a no was shown and not ticked."""
    ticked = {label: Vote(vote) for label, vote in votes if vote != Vote.NO}
    shown = candidates_of([label for label, _ in votes])
    screen = Screen(shown, len(shown), (now,), protocol_version=dataset.protocol_version)
    return Annotation(client_id, image, person, Outcome.LABELLED if ticked else Outcome.NONE, ticked, screen, now)
