"""Order the experts' queue by what a second of their time is expected to gain, where the protocol says so.

The posterior is fitted before anything is written, so that nobody's answer waits for it; what is written then is the column by which cases
are handed out. A case that came meanwhile stands behind those that were weighed until the next time. Agreed images that the audit drew take
the place of a disputed one: by their place nobody can tell them apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.study.protocol import ExpertOrder
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.policy.adaptive import EVEN_ODDS
from multilabelfy.disagreement.policy.expert_gain import gain_of_decision, worth_of_decisions
from multilabelfy.disagreement.triage import uncertainty, weighed
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import overlap_decisions, queue
from multilabelfy.store.handing_out.overlap_decisions import Visits
from multilabelfy.store.handing_out.queue import WaitingCase
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.workspace import Workspace

AT_ONCE = 200
"""So many cases are written in one transaction: answers wait no longer than for these."""
NOT_VISITED = Visits(0, 0.0)


@dataclass(frozen=True, slots=True)
class QueueOrdered:
    """How many cases wait for experts; each has its place by what a decision is expected to gain."""

    n_waiting: int


def order_queue(workspace: Workspace, name: str) -> QueueOrdered:
    """Weigh every case that waits for an expert, from all votes so far. The same votes give the same order.

    Raises UnknownDataset; InvalidInput where the protocol orders the queue by votes.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        if dataset.protocol.expert_order is not ExpertOrder.GAIN:
            problem = Problem(name, "its protocol gives experts first what the votes leave most open")
            raise InvalidInput("Cannot order the experts' queue by gain", [problem], "Choose the other order on the settings page.")
        waiting = queue.waiting_cases(c, dataset.id)
        places = {image: weighed(worth) for image, worth in hidden_among(waiting, _worth(c, dataset)).items()}
    for chunk in chunked(places, AT_ONCE):
        with workspace.store.writing() as c:
            if datasets.get(c, dataset.id).protocol_version != dataset.protocol_version:
                break
            _apply(c, {image: places[image] for image in chunk})
    return QueueOrdered(len(waiting))


def order_by_votes(c: Connection, dataset: StoredDataset) -> None:
    """Give every case that waits the place that its votes give it, as if no posterior had weighed it."""
    waiting = queue.waiting_cases(c, dataset.id)
    answers = annotations.latest_of_images(c, [case.image for case in waiting])
    bits = {image: uncertainty(counting(of_image)) for image, of_image in answers.items()}
    for image, place in hidden_among(waiting, bits).items():
        images.set_triage(c, image, place)


def hidden_among(waiting: Sequence[WaitingCase], urgency: Mapping[ImageId, float]) -> dict[ImageId, float]:
    """The urgency of each case that waits, 0 where nothing is known; one that the audit drew has that of the next disputed one.

    The cases come in the order of the draw, and behind the last one comes the first: an agreed image stands anywhere among them.
    """
    disputed = [place for place, case in enumerate(waiting) if case.policy != RefinePolicy.AUDIT.value]
    following = np.searchsorted(disputed, np.arange(len(waiting))) % max(len(disputed), 1)
    like = [waiting[disputed[place]].image for place in following.tolist()] if disputed else [case.image for case in waiting]
    return {case.image: urgency.get(other, 0.0) for case, other in zip(waiting, like, strict=True)}


def _worth(c: Connection, dataset: StoredDataset) -> Mapping[ImageId, float]:
    """What a second of an expert's time is expected to gain on each image with a vote, in wrong labels."""
    chances, seen = chances_of(c, dataset, Counted()), overlap_decisions.visits(c, dataset.id)
    of_images = [seen.get(image, NOT_VISITED) for image in chances.images]
    n_visits = np.array([visits.n for visits in of_images], dtype=np.int64)
    seconds = np.array([visits.seconds for visits in of_images], dtype=np.float64)
    threshold = dataset.protocol.posterior_threshold or EVEN_ODDS
    gain = gain_of_decision(chances.questions, chances.fit, len(chances.images), threshold)
    return dict(zip(chances.images, worth_of_decisions(gain, n_visits, seconds).tolist(), strict=True))


def _apply(c: Connection, places: Mapping[ImageId, float]) -> None:
    """Write the places of the cases that still wait."""
    for image in images.get_many(c, places).values():
        if image.state in AWAITING_EXPERTS:
            images.set_triage(c, image.id, places[image.id])
