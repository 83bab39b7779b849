"""What is a label worth where models foretell the rest, and do the intervals hold? ImageNetV2's 10,000 images, 49 models, 1,000 labels.

Of those labels some are drawn at random, and `evaluate --sample` estimates each model's figures from them: 300 draws, seeds
0 to 299. Printed: how many labels without predictions one is worth, as the estimate claims and by its error beside that of
the plain share of the same sample; and how often its interval holds the figure that all labels give.

    python bench/bench_few_labels.py --draws 300 --labels 1000
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample, measured_by_sample
from multilabelfy.evaluation.few_labels.named_labels import NamedLabels, named_labels
from multilabelfy.evaluation.measures.evaluated import evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.statistics.prediction_powered import PoweredShare
from multilabelfy.workflows.evaluating.evaluation import labelled_images, rankings_for

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """Image by image what all labels say: of each model's first label, of having a label, and of the given label."""

    valid: npt.NDArray[np.bool_]
    has_labels: npt.NDArray[np.bool_]
    wrong: npt.NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--labels", type=int, default=1_000)
    parser.add_argument("--models", type=int, nargs="*", help="positions of the models to use; all if left out")
    parser.add_argument("--without-given", action="store_true")
    asked = parser.parse_args()
    images, rankings = _read(asked.models, with_given=not asked.without_given)
    named = named_labels([rankings], images.given)
    truth = _truth(images, rankings)
    draws = [_drawn(images, rankings, named, asked.labels, seed) for seed in range(asked.draws)]
    print(f"{asked.labels} of {len(images)} labels, {len(rankings.models)} models, {asked.draws} draws")
    _print_models("first label valid", [[model.valid for model in of.models] for _, of in draws], truth, draws, over_all=True)
    _print_models("ReaL", [[model.real for model in of.models] for _, of in draws], truth, draws, over_all=False)
    if images.given is not None:
        wrong = [[of.given_wrong] for _, of in draws]
        plain = np.array([[truth.wrong[rows].mean()] for rows, _ in draws])
        _print("given label wrong", wrong, np.array([truth.wrong.mean()]), plain)


def _read(chosen: list[int] | None, *, with_given: bool) -> tuple[LabelledImages, Rankings]:
    predictions = DATA / "predictions" / "imagenetv2.npz"
    images = labelled_images(DATA / "imagenetv2" / "refined_labels.json", predictions if with_given else None, None)
    rankings = rankings_for(images, read_predictions(predictions), str(predictions))
    if chosen:
        rankings = Rankings(tuple(rankings.models[place] for place in chosen), rankings.ranked[chosen], rankings.images)
    return images, rankings


def _truth(images: LabelledImages, rankings: Rankings) -> Truth:
    models = evaluated(images, rankings)
    given = np.zeros(len(images), dtype=np.int64) if images.given is None else np.asarray(images.given)
    wrong = np.array([label not in row for label, row in zip(given.tolist(), images.sets.rows(), strict=True)])
    return Truth(np.stack([model.hits.valid for model in models]), images.sets.counts > 0, wrong)


def _drawn(
    images: LabelledImages, rankings: Rankings, named: NamedLabels, n: int, seed: int
) -> tuple[npt.NDArray[np.int64], MeasuredBySample]:
    rows = np.random.default_rng(seed).permutation(len(images))[:n]
    return rows, measured_by_sample(images, rows, rankings.models, named)


def _print_models(
    what: str,
    estimates: list[list[PoweredShare]] | list[list[PoweredShare | None]],
    truth: Truth,
    draws: list[tuple[npt.NDArray[np.int64], MeasuredBySample]],
    *,
    over_all: bool,
) -> None:
    counted = np.ones_like(truth.has_labels) if over_all else truth.has_labels
    plain = np.array([truth.valid[:, rows[counted[rows]]].mean(axis=1) for rows, _ in draws])
    _print(what, estimates, truth.valid[:, counted].mean(axis=1), plain)


def _print(what: str, estimates: list[list[PoweredShare]] | list[list[PoweredShare | None]], true: Floats, plain: Floats) -> None:
    """One line: over all draws and models, and the worst model."""
    known = [[(of.value, of.interval.low, of.interval.high, of.worth) for of in row if of is not None] for row in estimates]
    value, low, high, worth = np.moveaxis(np.array(known, dtype=np.float64), 2, 0)
    holds = ((low <= true) & (true <= high)).mean(axis=0)
    by_error = ((plain - true) ** 2).sum(axis=0) / ((value - true) ** 2).sum(axis=0)
    claimed = worth.mean(axis=0)
    n_twice = int((claimed >= 2).sum())
    print(
        f"{what:20} worth, claimed {claimed.mean():.2f} (least {claimed.min():.2f}, {n_twice} of {len(claimed)} at 2 or more)"
        f"   by error {by_error.mean():.2f} (least {by_error.min():.2f})"
        f"   coverage {holds.mean():.3f} (least {holds.min():.3f})   width {100 * (high - low).mean():.2f} points"
    )


if __name__ == "__main__":
    main()
