"""Gather what the experts' decisions say: how far two agree, how often they change after the reveal, and what the audit saw."""

from collections.abc import Sequence

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import DECIDED
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.evaluation.experts.audit import Audited, audit_of
from multilabelfy.evaluation.experts.expert_agreement import expert_agreement
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.evaluation.experts.reveal import changes_after_reveal
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import refinements


def expert_work(c: Connection, dataset: StoredDataset) -> ExpertWork:
    """What all decisions of a dataset say, in an open transaction."""
    decisions = list(refinements.iterate(c, dataset.id))
    return ExpertWork(
        agreement=expert_agreement(decisions, seed=dataset.seed % 2**32),
        changes=changes_after_reveal(decisions),
        audit=audit_of(audited_images(c, dataset, decisions)),
        n_contested=images.counts(c, dataset.id)[ImageState.CONTESTED],
    )


def audited_images(c: Connection, dataset: StoredDataset, decisions: Sequence[Refinement]) -> list[Audited]:
    """Every image that the audit drew, decided or not, in the order of their first decisions.

    Where the share was raised after an image was drawn, its probability is the share that holds now: with a greater share everything agreed
    so far was drawn anew, and kept what a smaller one had drawn (refinement.lots).
    """
    first: dict[ImageId, Refinement] = {}
    for decision in decisions:
        if decision.policy == RefinePolicy.AUDIT:
            first.setdefault(decision.image, decision)
    states = images.get_many(c, first)
    standing = refinements.standing_of_images(c, first)
    waiting = [image for image in images.before_experts(c, dataset.id, RefinePolicy.AUDIT.value) if image not in first]
    undecided = [Audited(frozenset(), None, 1.0)] * len(waiting)
    return [
        Audited(
            agreed=frozenset(decision.before),
            decided=_decided(states[image].state, standing.get(image, [])),
            inclusion_probability=max(decision.inclusion_probability, dataset.protocol.audit_share),
        )
        for image, decision in first.items()
    ] + undecided


def _decided(state: ImageState, standing: Sequence[Refinement]) -> frozenset[int] | None:
    final = final_labels(state, decisions=standing) if state in DECIDED else None
    return None if final is None else frozenset(final.labels)
