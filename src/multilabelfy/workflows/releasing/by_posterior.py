"""Settle the images that wait for an expert by the posterior of the votes, for a release that asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Outcome
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior, Cut, CutOutcome, Weighed, settle
from multilabelfy.refinement.final_labels.resolution import union_of_ticks
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.refinement.reopening import is_reopened
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset import datasets, images, progress, proposals
from multilabelfy.store.decisions import refinements
from multilabelfy.workflows.analysing.chances import Chances, Counted, chances_of
from multilabelfy.workflows.workspace import Workspace

CHUNK = 500


@dataclass(frozen=True, slots=True)
class PosteriorWanted:
    """Where the chances are cut, and what counts beside votes. A threshold or a margin that is left out is the protocol's."""

    threshold: float | None = None
    margin: float | None = None
    counted: Counted = field(default_factory=Counted)

    def cut_under(self, protocol: AnnotationProtocol) -> Cut:
        """The cut, in a dataset under this protocol. Raises InvalidInput for one that settles nothing."""
        default = cut_of(protocol) or Cut()
        return Cut(default.threshold if self.threshold is None else self.threshold, default.margin if self.margin is None else self.margin)


def cut_of(protocol: AnnotationProtocol) -> Cut | None:
    """Where a protocol cuts; None where experts alone decide what is disputed."""
    return Cut(protocol.posterior_threshold, protocol.posterior_margin) if protocol.settles_by_posterior else None


@dataclass(frozen=True, slots=True)
class Fitted:
    """Chances, where they are cut, what counted, and the mark of the answers and proposals that they were fitted to."""

    mark: object
    cut: Cut
    chances: Chances
    counted: Counted

    def still(self, c: Connection, dataset: StoredDataset) -> Chances:
        """These chances, or newly fitted ones if somebody has answered since."""
        return self.chances if self.mark == _mark(c, dataset) else chances_of(c, dataset, self.counted)


def fitted_before(workspace: Workspace, name: str, wanted: PosteriorWanted | None) -> Fitted | None:
    """Fit before anything is written, so that nobody's answer waits for it; None if neither the wish nor the protocol wants the posterior.

    Raises UnknownDataset, and InvalidInput for a cut that settles nothing.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        if wanted is None and not dataset.protocol.settles_by_posterior:
            return None
        wanted = wanted or PosteriorWanted()
        cut = wanted.cut_under(dataset.protocol)
        return Fitted(_mark(c, dataset), cut, chances_of(c, dataset, wanted.counted), wanted.counted)


def with_posterior(
    c: Connection, dataset: StoredDataset, finals: Sequence[FinalLabels], chances: Chances, cut: Cut
) -> tuple[list[FinalLabels], ByPosterior]:
    """These final labels and those of the images that the cut settles, in the order of the import, and how the latter were made."""
    settled, outcomes = settle(waiting(c, dataset, chances), cut)
    made_by = replace(
        chances.made_by(cut),
        n_settled=outcomes[CutOutcome.SETTLED],
        n_below=outcomes[CutOutcome.BELOW],
        n_in_doubt=outcomes[CutOutcome.IN_DOUBT],
        n_for_experts=outcomes[CutOutcome.FOR_EXPERTS],
    )
    by_image = {final.image: final for final in (*finals, *settled)}
    return [by_image[image.id] for image in images.iterate(c, dataset.id) if image.id in by_image], made_by


def n_settled_under(c: Connection, dataset: StoredDataset, chances: Chances | None) -> int:
    """How many images that wait for an expert the dataset's protocol settles in a release: 0 if it leaves all of them to experts."""
    cut = cut_of(dataset.protocol)
    return 0 if cut is None or chances is None else len(settle(waiting(c, dataset, chances), cut)[0])


def waiting(c: Connection, dataset: StoredDataset, chances: Chances) -> Iterator[Weighed]:
    """The images that wait for an expert, in the order of the import, with their labels' chances."""
    for chunk in chunked((image for image in images.iterate(c, dataset.id) if image.state in AWAITING_EXPERTS), CHUNK):
        ids = [image.id for image in chunk]
        answers, decided = annotations.latest_of_images(c, ids), refinements.standing_of_images(c, ids)
        for image in chunk:
            counts = counting(answers[image.id])
            is_for_experts = bool(decided.get(image.id)) or _asks_for_expert(image, counts)
            yield Weighed(image.id, chances.of(image.id), union_of_ticks(counts), is_for_experts)


def _asks_for_expert(image: StoredImage, answers: Sequence[Annotation]) -> bool:
    """Whether a person asked for an expert, which no chance answers."""
    return is_reopened(image.state, image.expert_policy) or any(answer.outcome is Outcome.UNFIT for answer in answers)


def _mark(c: Connection, dataset: StoredDataset) -> object:
    """As long as it is the same, so are votes and evidence."""
    return progress.stamp(c, dataset.id), [(run.id, run.n_done) for run in proposals.runs(c, dataset.id)]
