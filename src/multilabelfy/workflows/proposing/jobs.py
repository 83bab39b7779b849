"""Prepare proposing: each SPEC becomes a job with its run, its scorer and the meaning of its columns, or an error that explains why not."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId, LabelSpace
from multilabelfy.errors import InvalidInput, NoPictures, of_option
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.registry import HINTS, open_scorer
from multilabelfy.inference.running.ranked import Ranking
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.inference.spec import NETWORKS, NO_PRECISION, ScorerKind, Spec, parse_spec, source_of
from multilabelfy.proposals.candidates import depth
from multilabelfy.proposals.columns import IMAGENET1K, Columns, columns
from multilabelfy.proposals.model import Scorer
from multilabelfy.proposals.prompts import TEMPLATES, Wording
from multilabelfy.proposals.runs import Run
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.store.dataset.looks import embeddings


@dataclass(frozen=True, slots=True)
class Wish:
    """The request: the k best labels by these models; `python:` modules are also searched for in `folder`.

    `templates` make the prompts of clip: models; None stands for ours. With `embeddings`, those of every image are wanted, too.
    """

    specs: Sequence[str]
    k: int
    checkpoint: Path | None
    folder: Path
    templates: tuple[str, ...] | None = None
    embeddings: bool = False
    precision: Precision = Precision.FLOAT32


@dataclass(frozen=True, slots=True)
class Model:
    """An opened model: what its columns mean in the dataset, and a hint to give if its numbers are not a softmax."""

    spec: Spec
    scorer: Scorer | ScoresFile
    columns: Columns
    hint: str


@dataclass(frozen=True, slots=True)
class ProposalJob:
    """One model's share of the work; `model` is None, and not loaded, if nothing is left to do.

    `n_before` images have all that is wanted of the model: proposals, and embeddings where these are asked for.
    """

    run: Run
    n_before: int
    n_pending: int
    model: Model | None


@dataclass(frozen=True, slots=True)
class Jobs:
    """The request, the dataset, its labels, and one job for each model, in the order of the SPECs."""

    wish: Wish
    dataset: StoredDataset
    space: LabelSpace
    each: tuple[ProposalJob, ...]

    @property
    def wording(self) -> Wording:
        """The labels as a model of texts reads them."""
        return wording_of(self.wish, self.space)

    @property
    def n_done(self) -> int:
        """How many pairs of image and model are done already."""
        return sum(job.n_before for job in self.each)

    @property
    def n_total(self) -> int:
        """How many pairs of image and model there are in all."""
        return sum(job.n_before + job.n_pending for job in self.each)


def jobs_of(store: Store, name: str, wish: Wish, now: datetime) -> Jobs:
    """Find the dataset and open every scorer that has work to do, before any of them begins.

    Raises UnknownDataset; NoPictures for a model to look at; ScorerUnavailable, InvalidScores and InvalidInput for a SPEC that cannot be
    opened or does not fit.
    """
    with store.reading() as c:
        dataset = datasets.find(c, name)
        space = stored_labels.label_space(c, dataset.id)
    specs = _specs(wish, name)
    _require_pictures(dataset, specs)
    wording = wording_of(wish, space)
    sources = {source_of(spec, _checkpoint(spec, wish), wording, wish.precision): spec for spec in specs}
    return Jobs(wish, dataset, space, tuple(_job(store, dataset.id, space, source, spec, wish, now) for source, spec in sources.items()))


def wording_of(wish: Wish, space: LabelSpace) -> Wording:
    """The dataset's labels in the words that are asked for."""
    return Wording(space.labels, wish.templates or TEMPLATES)


def ranking_of(jobs: Jobs, job: ProposalJob, model: Model) -> Ranking:
    """How this model's scores become what is stored."""
    return Ranking(job.run.source, model.columns, depth(job.run.k, len(jobs.space)), model.hint)


def _specs(wish: Wish, name: str) -> list[Spec]:
    specs = [parse_spec(text) for text in wish.specs]
    n_timm = sum(spec.kind is ScorerKind.TIMM for spec in specs)
    problems = []
    if not specs:
        problems.append(of_option("model", "none is named"))
    if wish.k < 1:
        problems.append(of_option("k", f"{wish.k} labels an image are asked for, at least 1 is needed", "-k"))
    if wish.checkpoint is not None and n_timm != 1:
        problems.append(of_option("checkpoint", f"it belongs to one timm/ model, and {n_timm} are named"))
    if wish.embeddings and (files := [str(spec) for spec in specs if spec.kind is ScorerKind.SCORES]):
        problems.append(of_option("embeddings", f"a file of scores has none: {', '.join(files)}. Propose from files without it"))
    if wish.templates is not None and not any(spec.kind is ScorerKind.CLIP for spec in specs):
        problems.append(of_option("templates", "they are read by clip: models, and none is named"))
    if wish.precision is not Precision.FLOAT32:
        problems += [of_option("precision", f"not for '{spec}': {NO_PRECISION}") for spec in specs if spec.kind not in NETWORKS]
    if problems:
        raise InvalidInput(f"Cannot propose labels for '{name}'", problems, "See `multilabelfy models` for what can propose.")
    return specs


def _require_pictures(dataset: StoredDataset, specs: Sequence[Spec]) -> None:
    """Raise NoPictures where a model would have nothing to look at; scores that it gave elsewhere need none."""
    if not dataset.has_pictures and any(spec.kind is not ScorerKind.SCORES for spec in specs):
        way_out = f"Propose scores that it gave elsewhere (`--model {ScorerKind.SCORES.value}:FILE`), or give the dataset its pictures"
        relocate = f"`multilabelfy relocate {shlex.quote(dataset.name)} --images DIR`"
        raise NoPictures(f"'{dataset.name}' was imported without pictures: a model has nothing to look at. {way_out}: {relocate}.")


def _checkpoint(spec: Spec, wish: Wish) -> Path | None:
    return wish.checkpoint if spec.kind is ScorerKind.TIMM else None


def _job(store: Store, dataset: DatasetId, space: LabelSpace, source: str, spec: Spec, wish: Wish, now: datetime) -> ProposalJob:
    if _is_known(store, dataset, source):
        begun = _begun(store, dataset, source, wish, now)
        if not begun.n_pending:
            return begun
    wording, of_timm = wording_of(wish, space), _checkpoint(spec, wish)
    scorer = open_scorer(
        spec, folder=wish.folder, checkpoint=of_timm, wording=wording, embeddings=wish.embeddings, precision=wish.precision
    )
    meaning = columns(scorer.labels, space, source=source, imagenet1k=imagenet1k_keys(scorer))
    return replace(_begun(store, dataset, source, wish, now), model=Model(spec, scorer, meaning, HINTS[spec.kind]))


def _is_known(store: Store, dataset: DatasetId, source: str) -> bool:
    with store.reading() as c:
        return any(run.source == source for run in proposals.runs(c, dataset))


def n_finished(c: Connection, run: Run, *, embedded: bool) -> int:
    """How many images have the run's proposals, and, if wanted, its embeddings: these never come without proposals."""
    return embeddings.n_of(c, run.id) if embedded else run.n_done


def _begun(store: Store, dataset: DatasetId, source: str, wish: Wish, now: datetime) -> ProposalJob:
    """The run of this source, new or resumed, with what is left to do. Raises InvalidInput if it was begun with another k."""
    with store.writing() as c:
        started = proposals.start_run(c, dataset, source, wish.k, now)
        run = next(candidate for candidate in proposals.runs(c, dataset) if candidate.id == started)
        n_before, n_pending = n_finished(c, run, embedded=wish.embeddings), proposals.n_pending(c, started, embedded=wish.embeddings)
        return ProposalJob(run, n_before, n_pending, None)


def imagenet1k_keys(scorer: Scorer | ScoresFile) -> tuple[str, ...]:
    """The WordNet ids that `('imagenet1k',)` stands for; read only where a scorer says so."""
    if tuple(scorer.labels) != (IMAGENET1K,):
        return ()
    from multilabelfy.formats.imagenet1k import imagenet1k

    return tuple(label.key for label in imagenet1k().labels)
