"""Say which labels of an image are final now: its state says who decided them (dataset.image_states)."""

from collections.abc import Sequence

from multilabelfy.annotation.model import Annotation
from multilabelfy.dataset.image_states import FinalBy, ImageState
from multilabelfy.refinement.final_labels.resolution import agreed_labels
from multilabelfy.refinement.final_labels.verdict import final_by_experts
from multilabelfy.refinement.model import FinalLabels, Refinement


def final_labels(
    state: ImageState,
    annotations: Sequence[Annotation] = (),
    decisions: Sequence[Refinement] = (),
    imported: FinalLabels | None = None,
) -> FinalLabels | None:
    """The final labels of an image in this state; None where it has none.

    `annotations` are its standing answers (surplus ones are left out here), `decisions` its standing decisions in the order of the experts'
    first ones, `imported` what the newest release holds of it. Only what the state asks for is read, so the rest may be left out.
    """
    match state.meaning.final_by:
        case FinalBy.ANNOTATORS:
            return agreed_labels(annotations) if annotations else None
        case FinalBy.EXPERTS:
            return final_by_experts(decisions)
        case FinalBy.IMPORT:
            return imported
        case FinalBy.NOBODY:
            return None
