"""A model leaves the trend beyond sampling only if resampled images cannot bring it back."""

import numpy as np
from tests.report.reports import labelled, models

from multilabelfy.evaluation.many_models.comparison import Resampled, resampled_measures
from multilabelfy.evaluation.many_models.trend import beyond_sampling

N_IMAGES, N_MODELS = 400, 8


def drawn(*, off: float = 0.0, seed: int = 0) -> Resampled:
    """Models whose misses are valid one time in three; the last one's more often by `off`. Every image has the labels 0 (given) and 1."""
    generator = np.random.default_rng(seed)
    images = labelled([[0, 1]] * N_IMAGES, [0] * N_IMAGES)
    first = {}
    for model in range(N_MODELS):
        missed = generator.random(N_IMAGES) < 0.2 + 0.08 * model
        valid = generator.random(N_IMAGES) < 1 / 3 + off * (model == N_MODELS // 2)
        first[f"m{model}"] = np.where(missed, np.where(valid, 1, 9), 0).tolist()
    return resampled_measures(models(images, **first), seed=0, n_resamples=200)


def test_a_model_that_is_really_off_is_found() -> None:
    found, *_ = beyond_sampling(drawn(off=0.6), degree=1)
    assert found.model == f"m{N_MODELS // 2}"
    assert found.residual > 0
    assert found.adjusted_p <= 0.05


def test_models_that_differ_by_chance_alone_are_rarely_said_to_leave() -> None:
    """Of all models together at most 5% of such studies name one: of 25 studies, 5 or more would happen once in a hundred."""
    assert sum(bool(beyond_sampling(drawn(seed=seed), degree=1)) for seed in range(25)) < 5


def test_too_few_models_leave_nothing() -> None:
    images = labelled([[0], [1]], [0, 1])
    assert beyond_sampling(resampled_measures(models(images, a=[0, 1], b=[0, 0]), seed=0), degree=1) == ()
