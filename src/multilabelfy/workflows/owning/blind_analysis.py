"""An analysis as its reader may see it: without figures over few images, for whoever may still have to decide one of them blind."""

from collections import Counter
from dataclasses import replace

from multilabelfy.annotation.model import Annotator
from multilabelfy.disagreement.small_groups import SMALLEST_GROUP
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.refining.unseen import stays_blind
from multilabelfy.workflows.workspace import Workspace


def is_blind_there(workspace: Workspace, name: str, person: Annotator) -> bool:
    """Whether figures over few images are withheld from this person. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return stays_blind(c, datasets.find(c, name), person)


def without_small_groups(analysis: Analysis) -> Analysis:
    """The analysis without labels, pairs and reasons that concern fewer than SMALLEST_GROUP disputed images; it names no other label."""
    named = {dispute.label for dispute in analysis.labels if dispute.n_disputed >= SMALLEST_GROUP}
    return replace(
        analysis,
        labels=[dispute for dispute in analysis.labels if dispute.label in named],
        pairs=[confusion for confusion in analysis.pairs if len(confusion.images) >= SMALLEST_GROUP],
        reasons=Counter({why: n for why, n in analysis.reasons.items() if n >= SMALLEST_GROUP}),
        names={label: name for label, name in analysis.names.items() if label in named},
    )
