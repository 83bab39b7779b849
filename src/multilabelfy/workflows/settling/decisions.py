"""Settle an image when an expert's decision arrives: final, back to another expert, or contested."""

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.refinement.empty_reasons import is_withheld
from multilabelfy.refinement.final_labels.verdict import Standing, verdict
from multilabelfy.refinement.lots import RefinePolicy, lot, share_of
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import refinements
from multilabelfy.store.handing_out import checks

STATES = {
    Standing.WAITING: ImageState.DISPUTED,
    Standing.FINAL: ImageState.REFINED,
    Standing.CONTESTED: ImageState.CONTESTED,
}


def settle_decisions(c: Connection, image: ImageId) -> ImageState:
    """Set an image's state by its standing decisions. To be called in the transaction that stored one; returns the state."""
    stored = images.get(c, image)
    decisions = refinements.standing_of_image(c, image)
    outcome = verdict(decisions, stored.n_experts)
    if is_withheld([decision.reason for decision in decisions]):
        checks.call_off(c, image)
    if outcome.n_experts > stored.n_experts:
        images.want_experts(c, image, outcome.n_experts, policy=RefinePolicy.THIRD_EXPERT.value, probability=1.0)
    images.move(c, stored, STATES[outcome.standing])
    return STATES[outcome.standing]


def settle_waiting(c: Connection, dataset: StoredDataset) -> None:
    """After a change of the shares: settle images that wait for a second expert but are no longer drawn, by the first one's decision."""
    for image in list(images.iterate(c, dataset.id)):
        if image.state not in AWAITING_EXPERTS or image.expert_policy is None or image.n_experts != 2:
            continue
        policy = RefinePolicy(image.expert_policy)
        if lot(dataset.seed, image.id, policy) >= share_of(policy, dataset.protocol) and refinements.standing_of_image(c, image.id):
            images.want_experts(c, image.id, 1, policy=policy.value, probability=1.0)
            settle_decisions(c, image.id)
