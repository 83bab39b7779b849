"""What `evaluate --sample` prints: shares of all images with their intervals, and what a label of the sample was worth."""

from multilabelfy.cli.stages.tables import aligned, share
from multilabelfy.evaluation.few_labels.by_sample import MeasuredBySample, SampledModel
from multilabelfy.statistics.prediction_powered import PoweredShare

CHOSEN = (
    "these images hardly came by chance: models agree on them otherwise than on the rest. "
    "The figures hold only for a sample that was drawn at random."
)


def sample_text(measured: MeasuredBySample) -> str:
    """One row a model, the best by ReaL accuracy first; below it the given labels, if there are any."""
    ordered = sorted(measured.models, key=lambda of: (-(of.real.value if of.real else 0), of.model))
    heading = ["model", "top-1", "first label valid", "95%", "ReaL", "95%", "a label is worth"]
    parts = [_opening(measured), aligned([heading, *map(_row, ordered)])]
    if measured.given_wrong is not None:
        wrong = measured.given_wrong
        parts.append(f"given label not valid: {share(wrong.value)}, 95% {_ends(wrong)}; a label is worth {_worth(wrong)}")
    return "\n\n".join(parts)


def _opening(measured: MeasuredBySample) -> str:
    n, n_all = measured.n_sampled, measured.n_images
    return f"Figures of all {n_all:,} images, from final labels of {n:,}; they hold if those were drawn at random."


def _row(of: SampledModel) -> list[str]:
    return [
        of.model,
        share(of.top1),
        share(of.valid.value),
        _ends(of.valid),
        share(of.real.value if of.real else None),
        _ends(of.real),
        _worth(of.valid),
    ]


def _ends(of: PoweredShare | None) -> str:
    return "–" if of is None else f"[{of.interval.low:.2%}, {of.interval.high:.2%}]"


def _worth(of: PoweredShare) -> str:
    return "–" if of.worth is None else f"× {of.worth:.1f}"
