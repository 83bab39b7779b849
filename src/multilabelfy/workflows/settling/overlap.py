"""Let an adaptive overlap follow the votes: decide which images are asked about again, and which have had enough.

The posterior is fitted before anything is written, so that nobody's answer waits for it; what is written then are the columns that handing
out reads. An image that was answered meanwhile keeps what it has until the next time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from multilabelfy.annotation.overlap import OverlapDecision, OverlapReason, answers_wanted, is_in_panel, place_behind
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_PROPOSALS, MOVABLE
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.policy.adaptive import NEEDS, VisitNeed, decide, rule_of
from multilabelfy.disagreement.policy.gain import expected_seconds
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.refinement.reopening import is_reopened
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import cursors, datasets, images
from multilabelfy.store.handing_out import overlap_decisions
from multilabelfy.store.handing_out.overlap_decisions import Visits
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.settling.answers import settle
from multilabelfy.workflows.workspace import Workspace

AT_ONCE = 50
"""So many images are written in one transaction: answers wait no longer than for these."""
SAME_PLACE = 0.01
REASONS: Mapping[VisitNeed, OverlapReason] = {
    VisitNeed.IN_DOUBT: OverlapReason.IN_DOUBT,
    VisitNeed.ENOUGH: OverlapReason.ENOUGH,
    VisitNeed.AT_CAP: OverlapReason.AT_CAP,
}
NOT_VISITED = Visits(0, 0.0)


@dataclass(frozen=True, slots=True)
class OverlapNow:
    """Where a study with an adaptive overlap stands: images by what the policy said of them last, and those that wait for one more
    annotator since their votes leave doubt."""

    by_reason: Mapping[OverlapReason, int]
    n_asked_again: int


def decide_overlap(workspace: Workspace, name: str, now: datetime) -> OverlapNow:
    """Decide every image that has its least answers, from all votes so far. The same votes give the same decisions.

    Raises UnknownDataset; InvalidInput where every image gets the same overlap.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        if not dataset.protocol.is_adaptive:
            problem = Problem(name, f"every image is put before as many annotators: {dataset.protocol.overlap}")
            raise InvalidInput("Cannot decide who is asked again", [problem], "Set an overlap that adapts on the settings page.")
        news = _news(overlap_decisions.of_dataset(c, dataset.id), _decisions(c, dataset))
    for chunk in chunked(news, AT_ONCE):
        with workspace.store.writing() as c:
            current = datasets.get(c, dataset.id)
            if current.protocol_version != dataset.protocol_version:
                break
            _apply(c, current, chunk, now)
    with workspace.store.reading() as c:
        return overlap_now(c, dataset)


def overlap_now(c: Connection, dataset: StoredDataset) -> OverlapNow:
    """What was decided last, in an open transaction."""
    return OverlapNow(overlap_decisions.counts(c, dataset.id), overlap_decisions.n_asked_again(c, dataset.id))


def begin_anew(c: Connection, dataset: StoredDataset, now: datetime) -> None:
    """Under another protocol forget what the policy said, and draw the panel, if there is one. Images are to be settled afterwards."""
    moved = images.get_many(c, overlap_decisions.forget(c, dataset.id)).values()
    images.set_queue_places(c, dataset.id, [(image.id, queue_place(image.path, dataset.seed)) for image in moved])
    drawn = list(_panel(c, dataset, overlap_decisions.visits(c, dataset.id), {}))
    stored = images.get_many(c, [decision.image for decision in drawn])
    for decision in drawn:
        overlap_decisions.want(c, decision.image, answers_wanted(decision, dataset.protocol, _n_taken(stored[decision.image])))
    overlap_decisions.write(c, dataset.id, drawn, now)


def _decisions(c: Connection, dataset: StoredDataset) -> dict[ImageId, OverlapDecision]:
    """What the policy says of each image that is not below the floor, and of the panel, which comes last."""
    chances = chances_of(c, dataset, Counted())
    seen, before = overlap_decisions.visits(c, dataset.id), overlap_decisions.of_dataset(c, dataset.id)
    of_images = [seen.get(image, NOT_VISITED) for image in chances.images]
    n_visits = np.array([visits.n for visits in of_images], dtype=np.int64)
    seconds = expected_seconds(n_visits, np.array([visits.seconds for visits in of_images], dtype=np.float64))
    had_enough = np.array([_had_enough(before.get(image)) for image in chances.images], dtype=np.bool_)
    says = decide(chances.questions, chances.fit, rule_of(dataset.protocol), n_visits, seconds=seconds, had_enough=had_enough)
    columns = (says.need.tolist(), n_visits.tolist(), says.wrong.tolist(), says.gain_per_second.tolist())
    by_image = {
        image: OverlapDecision(image, REASONS[NEEDS[need]], n, wrong, gain)
        for image, need, n, wrong, gain in zip(chances.images, *columns, strict=True)
        if NEEDS[need] in REASONS
    }
    return by_image | {decision.image: decision for decision in _panel(c, dataset, seen, by_image)}


def _had_enough(before: OverlapDecision | None) -> bool:
    return before is not None and before.reason is OverlapReason.ENOUGH


def _panel(
    c: Connection, dataset: StoredDataset, seen: Mapping[ImageId, Visits], says: Mapping[ImageId, OverlapDecision]
) -> Iterator[OverlapDecision]:
    """The images of the panel, each with the probability of being drawn, in the order of the import."""
    for image in images.iterate(c, dataset.id):
        if is_in_panel(dataset.protocol, dataset.seed, image.id):
            known = says.get(image.id) or OverlapDecision(image.id, OverlapReason.PANEL, seen.get(image.id, NOT_VISITED).n, 0.0, 0.0)
            yield replace(known, reason=OverlapReason.PANEL, probability=dataset.protocol.panel_share)


def _news(before: Mapping[ImageId, OverlapDecision], says: Mapping[ImageId, OverlapDecision]) -> Iterable[OverlapDecision]:
    """The decisions that differ from what is stored, beyond what other images' votes move."""
    return [decision for image, decision in says.items() if not _is_as_before(before.get(image), decision)]


def _is_as_before(before: OverlapDecision | None, decision: OverlapDecision) -> bool:
    if before is None or (before.reason, before.n_visits) != (decision.reason, decision.n_visits):
        return False
    return decision.reason is not OverlapReason.IN_DOUBT or abs(place_behind(before) - place_behind(decision)) < SAME_PLACE


def _apply(c: Connection, dataset: StoredDataset, decisions: Sequence[OverlapDecision], now: datetime) -> None:
    ids = [decision.image for decision in decisions]
    stored, seen, busy = images.get_many(c, ids), overlap_decisions.visits(c, dataset.id, ids), overlap_decisions.with_experts(c, ids)
    written = []
    for decision in decisions:
        image = stored.get(decision.image)
        if image is None or not _is_current(image, decision, seen):
            continue
        if image.id in busy or is_reopened(image.state, image.expert_policy):
            is_doubted = decision.reason is OverlapReason.IN_DOUBT
            written.append(replace(decision, reason=OverlapReason.WITH_EXPERT) if is_doubted else decision)
            continue
        _want(c, dataset, image, decision)
        written.append(decision)
    overlap_decisions.write(c, dataset.id, written, now)


def _is_current(image: StoredImage, decision: OverlapDecision, seen: Mapping[ImageId, Visits]) -> bool:
    """Whether nobody has answered or decided the image since."""
    states = (*MOVABLE, *AWAITING_PROPOSALS) if decision.reason is OverlapReason.PANEL else MOVABLE
    return image.state in states and seen.get(image.id, NOT_VISITED).n == decision.n_visits


def _want(c: Connection, dataset: StoredDataset, image: StoredImage, decision: OverlapDecision) -> None:
    """Let an image want as many answers as it should, and settle it by that."""
    if decision.reason is OverlapReason.IN_DOUBT:
        overlap_decisions.move_behind(c, image.id, place_behind(decision))
        cursors.pull_back(c, dataset.id, place_behind(decision))
    n = answers_wanted(decision, dataset.protocol, _n_taken(image))
    if n != image.wants(dataset.protocol.least_overlap):
        overlap_decisions.want(c, image.id, n)
        freed_places.fill(c, dataset, [image.id])
        settle(c, dataset, image.id)


def _n_taken(image: StoredImage) -> int:
    return image.n_answers + image.n_leases
