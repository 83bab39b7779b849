"""Let models propose labels for a dataset's images: each model's best ranks, stored every second, so that a run can be resumed.

Three times as many ranks are stored as are shown: decoys are drawn from the deeper ones, even if the dataset changes to the blind protocol
later.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL.Image import Image as Picture

from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.errors import PicturesUnreachable, UnreadablePicture
from multilabelfy.formats.reading.prompt_templates import read_templates
from multilabelfy.inference.choosing.machine import forget_peak_memory
from multilabelfy.inference.cluster.engine import Cluster, Crew, require_ray
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.running.ahead import coming_from
from multilabelfy.inference.running.batches import ScoredBatch, in_chunks, read_rows
from multilabelfy.inference.running.ranked import ranked_chunk
from multilabelfy.inference.running.streaming import score_pictures, smallest
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.pictures.likeness import fingerprint
from multilabelfy.pictures.opening import open_picture
from multilabelfy.pictures.roots import Folder, PictureRoot
from multilabelfy.proposals.model import Scorer
from multilabelfy.proposals.runs import Run
from multilabelfy.settings import Settings
from multilabelfy.store.dataset import proposals
from multilabelfy.workflows.proposing import speeds
from multilabelfy.workflows.proposing.foreseen import Expect, foreseen, unexpected
from multilabelfy.workflows.proposing.jobs import Jobs, Model, ProposalJob, Wish, jobs_of, n_finished, ranking_of
from multilabelfy.workflows.proposing.made_with import keep_made_with
from multilabelfy.workflows.proposing.on_cluster import connected, ranked_by
from multilabelfy.workflows.proposing.pace import RunPace, Watch, unwatched
from multilabelfy.workflows.proposing.rows import row_finder
from multilabelfy.workflows.proposing.storing import Ranked, StoredChunk, store_chunk
from multilabelfy.workflows.showing.inspecting import Progress, max_pixels, root_of, silent
from multilabelfy.workflows.workspace import Workspace

DEFAULT_K = 20
ROWS_AT_ONCE = 1000
GO_ON = "What was proposed so far is kept; run the same command to go on."


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One model's results. Of the `n_new` images with new proposals, `n_given` have a given label and `n_held` have it among the k best.

    `n_before` images had its proposals before, and `n_embedded` have new embeddings.
    """

    source: str
    n_new: int
    n_before: int
    n_given: int
    n_held: int
    seconds: float
    n_embedded: int = 0

    @property
    def n_scored(self) -> int:
        """How many images it looked at: for proposals, embeddings or both."""
        return max(self.n_new, self.n_embedded)

    @property
    def images_per_second(self) -> float | None:
        """Its speed over the images that it looked at; None where there were none."""
        return self.n_scored / self.seconds if self.n_scored and self.seconds else None


@dataclass(frozen=True, slots=True)
class ProposalSummary:
    """The results of `propose`, model by model in the order of the SPECs, and the newly found unreadable pictures with the reasons.

    `changed` are images whose pictures look otherwise than when they were first read: what is stored of them belongs to the earlier ones.
    `embeddings`: they were asked for.
    """

    dataset: str
    k: int
    runs: tuple[RunSummary, ...]
    unreadable: tuple[tuple[str, str], ...]
    changed: tuple[str, ...] = ()
    embeddings: bool = False


def propose(
    workspace: Workspace,
    name: str,
    specs: Sequence[str],
    *,
    k: int = DEFAULT_K,
    checkpoint: Path | None = None,
    templates: Path | None = None,
    precision: Precision = Precision.FLOAT32,
    folder: Path | None = None,
    cluster: Cluster | None = None,
    embeddings: bool = False,
    progress: Progress = silent,
    watch: Watch = unwatched,
    expect: Expect = unexpected,
    now: datetime,
    timer: Callable[[], float] = time.monotonic,
) -> ProposalSummary:
    """Store each model's k best labels (and deeper ranks, for decoys) for every readable image without proposals by it, model after model.

    On a `cluster`, its machines score, and this one stores. An image whose picture cannot be read is put aside and listed, and the run
    continues; one whose picture changed since it was first read is proposed for, and listed. `python:` modules are also searched for in
    `folder`, by default the working directory. `templates` is a file for clip: models. Another `precision` than float32 is tried out with
    the first pictures before anything is stored. With `embeddings`, those of the same pass are stored, too; an image that has the proposals
    alone is looked at again, and its proposals stay as they are. `timer` counts seconds, `expect` is told what a run will take, where that
    can be said before it begins, and `watch` is told the pace. After an interruption, the same call resumes from what is stored.

    Raises UnknownDataset, ScorerUnavailable, ScorerFailed, InvalidScores, InvalidInput, UnreadablePicture if no picture is there,
    PicturesUnreachable, ExtraMissing, and ClusterFailed.
    """
    began = timer()
    if cluster is not None:
        require_ray()
    read = None if templates is None else read_templates(templates)
    wish = Wish(specs, k, checkpoint, folder or Path.cwd(), read, embeddings, precision)
    jobs = jobs_of(workspace.store, name, wish, now)
    n_done = jobs.n_done
    progress(n_done, jobs.n_total)
    runs = []
    unreadable: dict[str, str] = {}
    changed: dict[str, None] = {}
    try:
        with connected(cluster if any(job.model for job in jobs.each) else None) as crew:
            for job in jobs.each:
                started, parts = timer(), []
                forget_peak_memory()
                pace = RunPace(job.run.source, job.n_pending)
                if job.model is not None:
                    keep_made_with(workspace, name, job.run.source, job.model.spec.kind, job.model.scorer, now)
                if (run := foreseen(workspace, job, cluster)) is not None:
                    expect(run)
                for stored, storing in _stored_chunks(workspace, jobs, job, crew):
                    parts.append(stored)
                    unreadable |= dict(stored.unreadable)
                    changed |= dict.fromkeys(stored.changed)
                    n_done += stored.n_done
                    progress(n_done, jobs.n_total)
                    remark = stored.remark if crew is not None else getattr(job.model and job.model.scorer, "remark", "")
                    pace = pace.after(stored.n_done, timer() - started, stored.spent, storing, remark)
                    watch(pace)
                with workspace.store.writing() as c:
                    proposals.finish_run(c, job.run.id, now + timedelta(seconds=timer() - began))
                runs.append(_summary(job, parts, timer() - started))
                if crew is None:
                    _keep_speed(workspace, jobs, job, runs[-1], now)
    except PicturesUnreachable as error:
        raise PicturesUnreachable(f"{error} {GO_ON}", error.why) from None
    except KeyboardInterrupt:
        progress(_n_stored(workspace, jobs), jobs.n_total)  # the last chunk may be stored and not told yet
        raise
    return ProposalSummary(name, k, tuple(runs), tuple(unreadable.items()), tuple(changed), embeddings)


def _keep_speed(workspace: Workspace, jobs: Jobs, job: ProposalJob, run: RunSummary, now: datetime) -> None:
    """For the next choice of a model. Scores that were read from a file say nothing of a model."""
    if job.model is None or isinstance(job.model.scorer, ScoresFile):
        return
    is_alone = sum(each.model is not None for each in jobs.each) == 1
    speeds.keep(workspace, job.run.source, job.model.scorer, n_images=run.n_scored, seconds=run.seconds, is_alone=is_alone, now=now)


def _n_stored(workspace: Workspace, jobs: Jobs) -> int:
    with workspace.store.reading() as c:
        stored = {run.id: n_finished(c, run, embedded=jobs.wish.embeddings) for run in proposals.runs(c, jobs.dataset.id)}
    return sum(stored[job.run.id] for job in jobs.each)


def _stored_chunks(workspace: Workspace, jobs: Jobs, job: ProposalJob, crew: Crew | None) -> Iterator[tuple[StoredChunk, float]]:
    """Score what is pending, and store it chunk by chunk, with the seconds that storing took: this thread alone writes."""
    if job.model is None:
        return
    looks: dict[ImageId, int] = {}
    for ranked in _ranked(workspace, jobs, job, job.model, crew, looks):
        if ranked.unreadable:
            _check_root(root_of(workspace.settings, jobs.dataset.images_root))
        began = time.perf_counter()
        stored = store_chunk(workspace, job.run, ranked, looks)
        yield stored, time.perf_counter() - began


def _ranked(
    workspace: Workspace, jobs: Jobs, job: ProposalJob, model: Model, crew: Crew | None, looks: dict[ImageId, int]
) -> Iterator[Ranked]:
    """The best labels of what is pending, deeper than k, by this machine's threads or by the crew."""
    if crew is not None and not isinstance(model.scorer, ScoresFile):
        yield from ranked_by(crew, workspace.settings, jobs, job, _pending(workspace, jobs, job.run), looks)
        return
    for chunk in in_chunks(_scored_batches(workspace, jobs, job, model.scorer, looks)):
        yield from ranked_chunk(chunk, ranking_of(jobs, job, model), lambda image: image.path)


def _scored_batches(
    workspace: Workspace, jobs: Jobs, job: ProposalJob, scorer: Scorer | ScoresFile, looks: dict[ImageId, int]
) -> Iterator[ScoredBatch[StoredImage]]:
    """Batches of scores, computed from the pictures or read from a file. `looks` receives the fingerprint of each decoded picture."""
    pending = _pending(workspace, jobs, job.run)
    if isinstance(scorer, ScoresFile):
        with workspace.store.reading() as c:
            row_of = row_finder(c, jobs.dataset.id, scorer)
        return read_rows(scorer, pending, row_of=row_of, batch_size=ROWS_AT_ONCE)
    root = root_of(workspace.settings, jobs.dataset.images_root)
    return _scored_pictures(workspace.settings, root, scorer, pending, looks, embeddings=jobs.wish.embeddings)


def _scored_pictures(
    settings: Settings, root: PictureRoot, scorer: Scorer, pending: Iterator[StoredImage], looks: dict[ImageId, int], *, embeddings: bool
) -> Iterator[ScoredBatch[StoredImage]]:
    limit, edge = max_pixels(settings), smallest(scorer)
    with coming_from(root, pending, lambda image: image.path) as coming:

        def open_image(image: StoredImage) -> Picture:
            picture = open_picture(coming.picture(image), max_pixels=limit, at_least=edge)
            looks[image.id] = fingerprint(picture)
            return picture

        yield from score_pictures(
            scorer,
            coming.items,
            open_item=open_image,
            name_of=lambda image: image.path,
            batch_size=settings.batch_size,
            n_threads=settings.decode_threads,
            embeddings=embeddings,
        )


def _pending(workspace: Workspace, jobs: Jobs, run: Run) -> Iterator[StoredImage]:
    """The images that this run has not done, a thousand in memory at once."""
    after = ImageId(0)
    while True:
        with workspace.store.reading() as c:
            pending_images = proposals.pending(c, run.id, after=after, embedded=jobs.wish.embeddings)
        if not pending_images:
            return
        yield from pending_images
        after = pending_images[-1].id


def _check_root(root: PictureRoot) -> None:
    """Stop if the pictures' disk or bucket is gone, before every image is put aside. Raises UnreadablePicture, PicturesUnreachable."""
    why = root.why_closed()
    if not why:
        return
    if isinstance(root, Folder):
        where = f"the folder of pictures '{root}' {why.removeprefix('it ')}. Is its disk connected?"
        raise UnreadablePicture(f"Cannot go on proposing labels: {where} {GO_ON}")
    raise PicturesUnreachable(f"Cannot go on proposing labels from '{root}': {why}.", why)


def _summary(job: ProposalJob, parts: Sequence[StoredChunk], seconds: float) -> RunSummary:
    return RunSummary(
        source=job.run.source,
        n_new=sum(part.n_new for part in parts),
        n_before=job.run.n_done,
        n_given=sum(part.n_given for part in parts),
        n_held=sum(part.n_held for part in parts),
        seconds=seconds,
        n_embedded=sum(part.n_embedded for part in parts),
    )
