"""Time the measures against a straight loop over images (the named alternative), and the largest evaluations that are promised.

Prints one line a case: our time, the alternative's where it is feasible, their ratio, and the peak memory beyond the input.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.evaluated import evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings, ScoredImages
from multilabelfy.evaluation.measures.score_metrics import ranked_from_scores, score_measures
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Subject
from multilabelfy.report.material import Material
from multilabelfy.report.story import told
from multilabelfy.workflows.reporting.writing import write_report

Result = TypeVar("Result")

SHARES = (0.06, 0.79, 0.11, 0.03, 0.008, 0.002)
"""Images by number of labels 0, 1, … as in ReaL."""


def labelled_images(n_images: int, n_labels: int, generator: np.random.Generator) -> LabelledImages:
    """Label sets of ReaL's sizes, and a given label each."""
    sizes = generator.choice(len(SHARES), size=n_images, p=SHARES)
    rows = [generator.choice(n_labels, size=size, replace=False).tolist() for size in sizes]
    given = np.array([row[0] if row else 0 for row in rows])
    return LabelledImages(LabelSets.from_rows([f"{i}.jpg" for i in range(n_images)], rows), given)


def first_labels(labelled: LabelledImages, n_models: int, n_labels: int, generator: np.random.Generator) -> Rankings:
    """Models of rising skill: each names the given label with its own probability, else any label."""
    assert labelled.given is not None
    ranked = generator.integers(0, n_labels, size=(n_models, len(labelled), 1), dtype=np.uint16)
    right = generator.random((n_models, len(labelled)), dtype=np.float32) < np.linspace(0.4, 0.9, n_models)[:, np.newaxis]
    ranked[right, 0] = np.broadcast_to(labelled.given, right.shape)[right]
    return Rankings(tuple(f"model{i}" for i in range(n_models)), ranked)


def by_loop(labelled: LabelledImages, ranked: npt.NDArray[np.integer]) -> tuple[float, float, float]:
    """Top-1, ReaL and variable top-k of one model, image by image in plain Python."""
    assert labelled.given is not None
    top1, real, topk = [], [], []
    for row, given, valid in zip(ranked.tolist(), labelled.given.tolist(), labelled.sets.rows(), strict=True):
        labels = set(valid)
        top1.append(row[0] == given)
        if labels:
            real.append(row[0] in labels)
            if len(labels) <= len(row):
                topk.append(len(set(row[: len(labels)]) & labels) / len(labels))
    return sum(top1) / len(top1), sum(real) / len(real), sum(topk) / len(topk)


def ranked_by_loop(scores: npt.NDArray[np.float32], n_ranks: int) -> npt.NDArray[np.int64]:
    """A stable sort of every row, as it is usually written."""
    return np.stack([np.argsort(-row, kind="stable")[:n_ranks] for row in scores])


def precision_by_sorting(labelled: LabelledImages, scores: npt.NDArray[np.float32]) -> float:
    """Mean average precision as it is usually written: each label's scores sorted, the precision at each image that has the label."""
    has = np.zeros(scores.shape, dtype=bool)
    has[np.repeat(np.arange(len(labelled)), labelled.sets.counts), labelled.sets.labels] = True
    precisions = []
    for label in np.flatnonzero(has.any(axis=0)):
        ranked = has[np.argsort(-scores[:, label], kind="stable"), label]
        precisions.append((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())
    return float(np.mean(precisions))


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of the faster of two runs, and the result."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def line(what: str, ours: float, alternative: float | None = None, name: str = "") -> None:
    ratio = f"  {name} {alternative:7.2f} s  ratio {alternative / ours:5.1f}" if alternative else ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024) / 1024
    print(f"{what:72} {ours:7.2f} s{ratio}  peak so far {peak:.2f} GiB")


def one_model(labelled: LabelledImages, n_labels: int, generator: np.random.Generator) -> None:
    """One model with all its scores."""
    model = f"{len(labelled)} images × {n_labels} classes"
    scores = generator.random((len(labelled), n_labels), dtype=np.float32)
    n_ranks = max(5, int(labelled.sets.counts.max()))
    in_all, rankings = timed(lambda: ranked_from_scores(ScoredImages("m", scores), n_ranks))
    theirs, ranked = timed(lambda: ranked_by_loop(scores, n_ranks))
    assert (rankings.ranked[0] == ranked).all()
    line(f"rank {model}", in_all, theirs, "argsort a row")

    ours, models = timed(lambda: evaluated(labelled, rankings))
    theirs, expected = timed(lambda: by_loop(labelled, rankings.ranked[0]))
    measured = models[0].measures
    assert np.allclose([measured.top1 or 0, measured.real or 0, measured.variable_topk or 0], expected)
    line(f"all measures of one model, {model}", ours, theirs, "straight loop")
    in_all += ours

    ours, of_scores = timed(lambda: score_measures(labelled.sets, scores))
    theirs, expected_mean = timed(lambda: precision_by_sorting(labelled, scores))
    assert of_scores.mean_average_precision is not None
    assert np.isclose(of_scores.mean_average_precision, expected_mean, rtol=1e-3)  # single precision has ties, which a sort breaks
    line(f"mean average precision, subset accuracy with intervals, {model}", ours, theirs, "argsort a label, without intervals")
    line(f"everything of one model's scores, {model}", in_all + ours)


def many_models(labelled: LabelledImages, n_models: int, n_labels: int, generator: np.random.Generator) -> None:
    """Many models' first labels, and the whole report on them."""
    many = first_labels(labelled, n_models, n_labels, generator)
    start = time.perf_counter()
    models = evaluated(labelled, many)
    ours = time.perf_counter() - start
    loop, _ = timed(lambda: by_loop(labelled, many.ranked[0]))
    line(f"{n_models} models' first labels, {len(labelled)} images", ours, loop * n_models, "straight loop, extrapolated")

    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        n_empty = int((labelled.sets.counts == 0).sum())
        material = Material(Subject("Bench"), labelled, models, reasons={EmptyReason.UNKNOWN: n_empty})
        write_report(told(material, made_at=datetime.now(UTC), version="bench"), Path(out))
        line(f"the whole report of {n_models} models", time.perf_counter() - start)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--images", type=int, default=50_000)
    arguments.add_argument("--labels", type=int, default=1_000)
    arguments.add_argument("--models", type=int, default=1_000)
    chosen = arguments.parse_args()
    generator = np.random.default_rng(0)
    labelled = labelled_images(chosen.images, chosen.labels, generator)
    one_model(labelled, chosen.labels, generator)
    many_models(labelled, chosen.models, chosen.labels, generator)


if __name__ == "__main__":
    main()
