"""In which order the images of a dataset are browsed: as they were imported, or those first that are worth a look."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import gallery, images, proposals
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.refining.unseen import unseen_among

CHUNK = 1000


class Order(StrEnum):
    """The orders. Ties stay in the order of the import, and images about which an order knows nothing come last."""

    IMPORT = "import"
    DISPUTED = "disputed"  # the most disputed labels first
    SUSPICIOUS = "suspicious"  # the given label that the models believe least first
    SCORE = "score"  # the image whose best label the models score highest first
    LABELS = "labels"  # the most labels first: final ones, else those that anybody chose


def in_order(
    c: Connection, dataset: StoredDataset, wanted: ImageFilter, order: Order, analysis: Analysis | None, seen_by: Annotator
) -> list[ImageId]:
    """Every matching image in this order. Images whose votes this person may not see are not placed by them."""
    matching = gallery.ids(c, dataset.id, wanted)
    if order is Order.IMPORT:
        return matching
    if order in (Order.DISPUTED, Order.LABELS):
        hidden = unseen_among(c, dataset, seen_by, matching)
        heights = _disputed(analysis) if order is Order.DISPUTED else gallery.n_labels(c, dataset.id)
        height: Mapping[ImageId, float] = {image: n for image, n in heights.items() if image not in hidden}
    else:
        height = dict(_by_models(c, matching, order))
    return sorted(matching, key=lambda image: -height.get(image, float("-inf")))


def _disputed(analysis: Analysis | None) -> Mapping[ImageId, int]:
    return {} if analysis is None else {image: len(disagreement.disputed) for image, disagreement in analysis.disagreements.items()}


def _by_models(c: Connection, matching: Sequence[ImageId], order: Order) -> Iterator[tuple[ImageId, float]]:
    for chunk in chunked(matching, CHUNK):
        given = {image.id: image.given_label for image in images.get_many(c, chunk).values()}
        for image, proposed in proposals.of_images(c, chunk).items():
            if not proposed:
                continue
            if order is Order.SCORE:
                yield image, max(proposal.score for proposal in proposed)
            elif (label := given.get(image)) is not None:
                yield image, -_belief(proposed, label)


def _belief(proposed: Sequence[Proposal], label: int) -> float:
    """The mean score of a label over the models that proposed for the image; 0 where a model did not keep it."""
    sources = {proposal.source for proposal in proposed}
    return sum(proposal.score for proposal in proposed if proposal.label == label) / len(sources)
