"""Which models leave the trend by more than the choice of images explains?

The scatter of the models around their curve says which of them is unlike the others; it does not say whether a model lies off the curve at
all, since that scatter is real. This does: images are resampled, the same for all models, the curve is fitted anew each time, and each
model's residual is held against its own standard error. Many models are tested at once, so that the largest deviation of any of them is the
yardstick (the maximum of studentised deviations, Westfall & Young 1993), which knows that models which see the same images err together.
"""

import numpy as np

from multilabelfy.evaluation.many_models.comparison import Resampled
from multilabelfy.evaluation.many_models.models import Floats, Outlier, residuals_of
from multilabelfy.statistics.significance import FALSE_DISCOVERIES


def beyond_sampling(of: Resampled, *, degree: int) -> tuple[Outlier, ...]:
    """The models off the polynomial of this degree by more than sampling explains, at 5% for all of them together, furthest first.

    Their `studentised` residual is over its bootstrap standard error, `adjusted_p` the share of resamples in which any model deviates as
    far. None leaves without given labels, or with too few models or images.
    """
    if of.top1 is None or of.top1_drawn is None or len(of.models) < degree + 3 or len(of.real_drawn) < 2:
        return ()
    residuals = residuals_of(of.top1, of.real, degree)
    drawn = np.stack([residuals_of(x, y, degree) for x, y in zip(of.top1_drawn, of.real_drawn, strict=True)])
    error = drawn.std(axis=0, ddof=1)
    return _leaving(of.models, residuals, error, drawn)


def _leaving(models: tuple[str, ...], residuals: Floats, error: Floats, drawn: Floats) -> tuple[Outlier, ...]:
    off = error > np.spacing(1.0) * len(models)  # a model that no resample moves off the curve lies on it
    studentised = np.divide(residuals, error, where=off, out=np.zeros_like(residuals))
    largest = np.abs(np.divide(drawn - residuals, error, where=off, out=np.zeros_like(drawn))).max(axis=1)
    p = (1 + (largest[:, np.newaxis] >= np.abs(studentised)).sum(axis=0)) / (1 + len(drawn))
    leaving = [
        Outlier(models[i], float(residuals[i]), float(studentised[i]), float(p[i])) for i in np.flatnonzero(off & (p <= FALSE_DISCOVERIES))
    ]
    return tuple(sorted(leaving, key=lambda outlier: (-abs(outlier.studentised), outlier.model)))
