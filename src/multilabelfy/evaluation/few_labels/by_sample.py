"""Models and given labels measured over all images, of which a random sample has final labels (docs/report.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.evaluation.few_labels.named_labels import Floats, NamedLabels
from multilabelfy.evaluation.measures.metrics import Bools, Counts, ValidLabels
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.statistics.logistic import Design, design, fitted_weights, sigmoid
from multilabelfy.statistics.prediction_powered import PoweredMean, PoweredShare, powered_mean, powered_share

UNLIKELY = 4.0
"""Standard errors by which a random sample is off in one of sixteen thousand."""


@dataclass(frozen=True, slots=True)
class SampledModel:
    """One model over all images.

    `top1` needs no final labels, so that it is known. `valid` is the share of images whose first label is valid (an image without labels
    has none), `real` the same over the images that have a label: ReaL accuracy.
    """

    model: str
    top1: float | None
    valid: PoweredShare
    real: PoweredShare | None


@dataclass(frozen=True, slots=True)
class MeasuredBySample:
    """What a sample says of all images. `given_wrong` is the share of given labels that are not valid, None where there are none.

    `looks_chosen`: models agree so differently on the sampled images that they were hardly drawn at random.
    """

    n_sampled: int
    n_images: int
    models: tuple[SampledModel, ...]
    given_wrong: PoweredShare | None
    looks_chosen: bool


def measured_by_sample(images: LabelledImages, sampled: Counts, models: Sequence[str], named: NamedLabels) -> MeasuredBySample:
    """Measure the models from what they name; only the label sets at the positions `sampled` (n_sampled,) are looked at."""
    sampled = np.sort(sampled)
    known = ValidLabels.of(images).contain(named.image, named.label)
    chance = chances(named, known, sampled)
    has_labels = _has_labels(images, named, chance, sampled)
    return MeasuredBySample(
        n_sampled=len(sampled),
        n_images=len(images),
        models=tuple(
            _model(model, first, named, (known, chance), sampled, has_labels) for model, first in zip(models, named.first, strict=True)
        ),
        given_wrong=_given_wrong(named, (known, chance), sampled),
        looks_chosen=any(_is_far_off(of_image, sampled) for of_image in _agreement(named)),
    )


def _model(
    model: str, first: Counts, named: NamedLabels, outcome: tuple[Bools, Floats], sampled: Counts, has_labels: PoweredMean
) -> SampledModel:
    known, chance = outcome
    has_given = named.given != NO_LABEL
    top1 = float((first == named.given)[has_given].mean()) if has_given.any() else None
    valid = powered_mean(known[first[sampled]].astype(np.float64), chance[first[sampled]], float(chance[first].mean()))
    of_all = powered_share(valid, len(first))
    assert of_all is not None  # the whole is 1
    return SampledModel(model, top1, of_all, powered_share(valid, len(first), has_labels))


def _has_labels(images: LabelledImages, named: NamedLabels, chance: Floats, sampled: Counts) -> PoweredMean:
    """How many images have a label, foretold by the chance of the likeliest one."""
    begins = np.searchsorted(named.image, np.arange(len(images)))
    likeliest = np.maximum.reduceat(chance, begins)
    return powered_mean((images.sets.counts[sampled] > 0).astype(np.float64), likeliest[sampled], float(likeliest.mean()))


def _given_wrong(named: NamedLabels, outcome: tuple[Bools, Floats], sampled: Counts) -> PoweredShare | None:
    known, chance = outcome
    has_given = np.flatnonzero(named.given != NO_LABEL)
    places, of_sample = named.given[has_given], named.given[sampled[np.isin(sampled, has_given)]]
    if not len(of_sample):
        return None
    wrong = powered_mean((~known[of_sample]).astype(np.float64), 1.0 - chance[of_sample], float(1.0 - chance[places].mean()))
    return powered_share(wrong, len(places))


def _agreement(named: NamedLabels) -> list[Floats]:
    """What is known of every image: the share of models that name its given label, and the greatest that names one label, first."""
    n_models, n_images = named.first.shape
    shares = np.bincount(named.first.ravel(), minlength=len(named.image)) / n_models
    begins = np.searchsorted(named.image, np.arange(n_images))
    with_given = np.where(named.given == NO_LABEL, 0.0, shares[named.given])
    return [with_given, np.maximum.reduceat(shares, begins)]


def _is_far_off(of_image: Floats, sampled: Counts) -> bool:
    """Whether a random sample would hardly have this mean."""
    error = float(np.sqrt((1 - len(sampled) / len(of_image)) * of_image.var() / len(sampled)))
    return error > 0 and abs(float(of_image[sampled].mean() - of_image.mean())) > UNLIKELY * error


N_FOLDS = 5
NOT_SAMPLED = -1
PENALTY = 1.0
"""Of the standardised features' weights: a handful of labels teaches little, and labels that are foretold perfectly stay finite."""


def chances(named: NamedLabels, valid: Bools, sampled: Counts) -> Floats:
    """The chance that each pair is valid, (n_pairs,).

    `valid` (n_pairs,) is known for the images at the positions `sampled`, ascending; what it says of others is not looked at. These images
    go into the folds in turn.

    What a model learnt from an image it foretells too well. Each fifth of the sample is therefore foretold from the other four
    (cross-fitting; Zrnic & Candès 2024, "Cross-prediction-powered inference"), and images without labels by the mean of the five.
    """
    n_folds = min(N_FOLDS, len(sampled))
    fold = np.full(int(named.image[-1]) + 1, NOT_SAMPLED)
    fold[sampled] = np.arange(len(sampled)) % n_folds
    of_pair = fold[named.image]
    of_all = design(named.features, PENALTY)
    target = valid.astype(np.float64)
    each = [_foretold(of_all, (of_pair != NOT_SAMPLED) & (of_pair != left_out), target) for left_out in range(n_folds)]
    chance = np.mean(each, axis=0)
    for left_out, foretold in enumerate(each):
        chance[of_pair == left_out] = foretold[of_pair == left_out]
    return np.asarray(chance, dtype=np.float64)


def _foretold(of_all: Design, learnt: Bools, target: Floats) -> Floats:
    """The chances of all pairs, learnt from some."""
    weights = fitted_weights(Design(of_all.columns[learnt], of_all.weights, of_all.penalties), target[learnt])
    return sigmoid(of_all.log_odds(weights))
