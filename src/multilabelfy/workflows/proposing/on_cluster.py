"""Propose on the machines of a cluster: what waits is sent as shards, and what comes back is ranked already."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.inference.cluster.engine import Cluster, Crew, cluster_at, outcomes, shard_size
from multilabelfy.inference.cluster.work import ShardImage, WorkOrder
from multilabelfy.inference.running.ranked import RankedBatch
from multilabelfy.inference.running.streaming import usual_batch
from multilabelfy.inference.spec import ScorerKind
from multilabelfy.pictures.remote.pictures import RemoteRoot
from multilabelfy.proposals.model import Scorer
from multilabelfy.settings import Settings
from multilabelfy.workflows.proposing.jobs import Jobs, ProposalJob, ranking_of
from multilabelfy.workflows.showing.inspecting import max_pixels, root_of


def connected(cluster: Cluster | None) -> AbstractContextManager[Crew | None]:
    """The crew of the cluster while it is needed, or None where this machine's threads do the work. Raises ExtraMissing, ClusterFailed."""
    return nullcontext() if cluster is None else cluster_at(cluster)


def ranked_by(
    crew: Crew, settings: Settings, jobs: Jobs, job: ProposalJob, pending: Iterator[StoredImage], looks: dict[ImageId, int]
) -> Iterator[RankedBatch[ShardImage]]:
    """The ranks of what waits, as they come in; `looks` receives the fingerprint of each decoded picture.

    Raises what a scorer raises on one machine, and ClusterFailed.
    """
    model = job.model
    assert model is not None
    scorer: Scorer = model.scorer  # type: ignore[assignment]  # scores of a file go to no cluster
    order = WorkOrder(
        spec=model.spec,
        checkpoint=jobs.wish.checkpoint,
        folder=jobs.wish.folder,
        ranking=ranking_of(jobs, job, model),
        images_root=jobs.dataset.images_root,
        seconds=settings.remote_seconds,
        max_pixels=max_pixels(settings),
        batch_size=settings.batch_size,
        n_threads=settings.decode_threads or crew.n_cores,
        wording=jobs.wording if model.spec.kind is ScorerKind.CLIP else None,
        embeddings=jobs.wish.embeddings,
        precision=jobs.wish.precision,
    )
    size = shard_size(job.n_pending, crew, settings.batch_size or usual_batch(scorer))
    root = root_of(settings, jobs.dataset.images_root)
    place_of = root.place if isinstance(root, RemoteRoot) else lambda _: None
    images = (ShardImage(image.id, image.path, image.given_label, place_of(image.path)) for image in pending)
    for outcome in outcomes(order, images, size, crew):
        looks.update(outcome.looks)
        yield from (replace(ranked, remark=outcome.remark) for ranked in outcome.ranked)
        if outcome.error is not None:
            raise outcome.error
