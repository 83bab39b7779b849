"""Compare ways to ask on the demo's known truth: its pictures, candidates and models as they are, its people in simulated studies."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS, confusions, truth_of
from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.scenes import Scene
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked
from multilabelfy.simulation.halfway import Staff
from multilabelfy.simulation.known_truth import KnownImage, SimulatedStaff
from multilabelfy.simulation.same_effort import both_ways
from multilabelfy.store.dataset import candidates, datasets, images, proposals
from multilabelfy.workflows.annotating.sheets import chosen_candidates
from multilabelfy.workflows.workspace import Workspace

N_STUDIES = 8
"""So many cost the demo three seconds of a processor."""
DEFAULT = AdaptiveOverlap()
PROTOCOL = replace(
    BLIND,
    overlap_floor=DEFAULT.floor,
    overlap_cap=DEFAULT.cap,
    overlap_bound=DEFAULT.bound,
    posterior_threshold=DEFAULT.threshold,
    panel_share=0.25,
)
"""The demo's own protocol with the stopping rule as it comes: nothing of it was tuned on this truth."""


def known_images(workspace: Workspace, name: str, scenes: Iterable[Scene]) -> list[KnownImage]:
    """The dataset's images as people and models see them, with the truth of their scenes; every model must have proposed for every image.

    Raises UnknownDataset.
    """
    truths = {scene.name: truth_of(scene) for scene in scenes}
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        stored = list(images.iterate(c, dataset.id))
        ids = [image.id for image in stored]
        frozen, proposed = candidates.frozen(c, ids), proposals.of_images(c, ids)
        models = [run.source for run in proposals.runs(c, dataset.id)]
    return [
        KnownImage(
            path=image.path,
            truth=truths[image.path],
            candidates=frozen.get(image.id) or chosen_candidates(dataset, image, proposed[image.id]),
            ranks=tuple({of.label: of.rank for of in proposed[image.id] if of.source == model} for model in models),
        )
        for image in stored
    ]


def asked_both_ways(known: list[KnownImage], studies: Iterable[int]) -> list[ImageAsked]:
    """The demo's people under both ways to ask, once for each of these seeds."""
    return [row for staff in staffs(known, studies) for row in both_ways(staff)]


def staffs(known: list[KnownImage], studies: Iterable[int]) -> Iterator[SimulatedStaff]:
    """The demo's people in one study for each of these seeds."""
    cast = Staff(list(ANNOTATORS.values()), list(EXPERTS.values()), confusions(), len(label_space()))
    return (SimulatedStaff(known, cast, PROTOCOL, seed) for seed in studies)
