"""Gather the panel of a study whose overlap adapts: its images with the probabilities of their draw, and their final labels."""

from collections.abc import Sequence

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.evaluation.labels.panel import PanelHeadline, panel_headline
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import overlap_decisions


def panel_of(c: Connection, dataset: StoredDataset, finals: Sequence[FinalLabels]) -> PanelHeadline | None:
    """The panel's headline by these final labels; None where the overlap is fixed, or no image of the panel is finished."""
    if not dataset.protocol.is_adaptive:
        return None
    decisions = overlap_decisions.of_dataset(c, dataset.id)
    outside = {image for image, state, _ in images.states_and_answers(c, dataset.id) if not state.meaning.is_in_study}
    drawn = {
        image: decision.probability for image, decision in decisions.items() if decision.probability is not None and image not in outside
    }
    finished = [final for final in finals if final.image in drawn]
    return panel_headline([len(final.labels) for final in finished], [drawn[final.image] for final in finished], len(drawn))
