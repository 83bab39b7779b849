"""Open images with embeddings, each where it is drawn in the queue."""

import numpy as np
import numpy.typing as npt
from tests.store.campaigns import NOW, Campaign, new_campaign, path_of

from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.store.dataset import images, proposals
from multilabelfy.store.dataset.looks import embeddings, kin
from multilabelfy.workflows.workspace import Workspace

N = 40
SEED = 1


def campaign_of(workspace: Workspace, n: int = N, overlap: int = 2) -> Campaign:
    """So many open images."""
    campaign = new_campaign(workspace.store, n, overlap=overlap)
    with workspace.store.writing() as c:
        ids = images.ids_by_path(c, campaign.dataset)
        images.set_queue_places(c, campaign.dataset, [(ids[path], queue_place(path, SEED)) for path in ids])  # type: ignore[misc]
    return campaign


def embed(campaign: Campaign, vectors: npt.NDArray[np.floating], source: str = "model") -> None:
    """Embeddings of as many images, from the first on, by a run of this name."""
    with campaign.store.writing() as c:
        run = proposals.start_run(c, campaign.dataset, source, 5, NOW)
        ids = images.by_paths(c, campaign.dataset, map(path_of, range(len(vectors))))
        embeddings.add_chunk(c, run, [image.id for image in ids.values()], vectors)


def all_kin(campaign: Campaign, n: int = N) -> list[list[kin.Kin]]:
    """The kin of each of so many images, in the order of the import."""
    with campaign.store.reading() as c:
        ids = images.by_paths(c, campaign.dataset, map(path_of, range(n)))
        return [kin.of_image(c, image.id) for image in ids.values()]
