"""Findings about models: top-1 and ReaL accuracy by model and by number of labels, and which top-1 misses are valid labels."""

from collections.abc import Mapping, Sequence

from multilabelfy.evaluation.many_models.misses import Misses, PooledMisses
from multilabelfy.evaluation.many_models.models import Gain, mean_gain
from multilabelfy.evaluation.many_models.trend import CurvePoint, Slope, Trends
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.table import MODEL_MEASURES, ModelMeasure
from multilabelfy.evaluation.measures.uncertainty import real_interval, top1_interval
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, count, counted, decimals_of, is_narrow, percent, points, share_in_title, signed
from multilabelfy.statistics.significance import excludes_zero

TOP1 = "top-1: only the given label counts"
REAL = "ReaL: any valid label counts"
FALLS, RISES, STAYS = "falls", "rises", "does not change"
BY_CHANCE = "a valid label picked at random, scored as top-1"
GAIN_SEED = 0
FEWEST_OF_A_TREND = 10
"""Images with several labels below which no trend over the number of labels is stated."""
MEASURES = (
    "Top-1: the share of images for which the model’s first label is the given one, over all images that have one. ReaL accuracy (Beyer "
    "et al. 2020): the share for which the first label is valid, over the images with at least one valid label. "
)
BARS = "Bars are bootstrap intervals over images, Wilson’s where all are right or none is. "


def models_finding(models: Sequence[EvaluatedModel], dataset: Subject) -> Finding:
    """Top-1 and ReaL accuracy of each model, best by ReaL first."""
    ordered = sorted(models, key=lambda model: (-(model.measures.real or 0), model.model))
    best, gain = ordered[0], mean_gain(models, seed=GAIN_SEED)
    return Finding(
        slug="models",
        title=_models_title(ordered, gain, dataset),
        subtitle=f"Accuracy of {counted(len(models), 'model')} on {dataset}; {_images_text(ordered)}; bars are 95% intervals",
        definition=MEASURES
        + f"{_gain_text(gain)}Intervals are Wilson’s at 95%. Variable top-k (R-precision): the share of an image’s k valid labels among "
        "the model’s first k, over the images for which it ranked at least k labels; the table counts them. ASMA: its unweighted mean over "
        "the numbers of labels. ReaL is also given by the convention that counts an image without labels as right (ReImageNet).",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("top1", "top-1"),
                *with_interval("real", "ReaL"),
                *((measure.key, measure.name, CellKind.SHARE) for measure in _further()),
                ("images", "images", CellKind.COUNT),
                ("images_real", "of ReaL", CellKind.COUNT),
                ("images_variable_topk", "of variable top-k and ASMA", CellKind.COUNT),
            ),
            [_model_row(model) for model in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "accuracy"),
        series={"real": "ReaL", "top1": "top-1"} if best.measures.top1 is not None else {"real": "ReaL"},
    )


def curve_finding(
    points: Sequence[CurvePoint], trends: Trends | None, by_chance: Mapping[int, float], n_models: int, dataset: Subject
) -> Finding:
    """Top-1 and ReaL by number of labels: the mean over models, and what picking a valid label at random would score."""
    of = "Accuracy of the model" if n_models == 1 else f"Mean of {n_models} models"
    return Finding(
        slug="accuracy-by-number-of-labels",
        title=_curve_title(points, trends),
        subtitle=f"{of} on {dataset}; bars are 95% intervals",
        definition=f"{MEASURES}{_slopes_text(trends)}{BARS}Grey: the mean of [given label is valid] / (number of labels), the part of the "
        "fall that comes from counting one label only. The figure leaves out numbers of labels that too few images have.",
        table=table(
            (
                ("labels", "valid labels", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                *with_interval("top1", "top-1"),
                *with_interval("real", "ReaL"),
                ("by_chance", "random valid label as top-1", CellKind.SHARE),
            ),
            [_curve_row(point, by_chance) for point in points],
        ),
        drawing=Drawing.CURVES,
        axes=("valid labels of an image", "accuracy"),
        series={"real": REAL, "top1": TOP1, "by_chance": BY_CHANCE},
    )


def misses_finding(misses: Sequence[Misses], pooled: PooledMisses, dataset: Subject) -> Finding:
    """The share of top-1 misses that are valid labels: for each model, and for all models pooled."""
    ordered = sorted(misses, key=lambda model: (-(model.share_valid or 0), model.model))
    share, digits = share_in_title(pooled.share_valid or 0, pooled.interval, 1), decimals_of(sum(model.n_misses for model in misses))
    return Finding(
        slug="misses",
        title=f"{share} of the top-1 misses{dataset.on_finished} are valid labels",
        subtitle=f"Top-1 misses of {counted(len(misses), 'model')} on the images of {dataset} that have a label; bars are 95% intervals",
        definition="A miss is an image with a given label and at least one valid one, for which the model’s first label is not the "
        "given one. It is not an error if that first label is valid. "
        f"All models pooled: {percent(pooled.share_valid, digits)} (95% interval {between(pooled.interval, digits)}, a "
        "bootstrap over images; Wilson’s where all are valid or none is).",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                ("misses", "top-1 misses", CellKind.COUNT),
                ("valid", "of them valid", CellKind.COUNT),
                *with_interval("share", "share"),
            ),
            [(model.model, model.n_misses, model.n_valid, model.share_valid, *ends(model.interval)) for model in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of the top-1 misses that are valid labels"),
        series={"share": "valid, but not the given label"},
    )


def _images_text(models: Sequence[EvaluatedModel]) -> str:
    """Which measure is over how many images, where they differ."""
    measures = models[0].measures
    n_ranked = {model.measures.n_variable_topk for model in models}
    ranked = count(n_ranked.pop()) if len(n_ranked) == 1 else f"{count(min(n_ranked))} to {count(max(n_ranked))}"
    n_labelled = measures.n_images - measures.n_without_labels
    parts = (
        f"{counted(measures.n_images, 'image')}",
        f"ReaL over {count(n_labelled)} with a label",
        f"variable top-k and ASMA over {ranked}",
    )
    return ", ".join(parts)


def _models_title(ordered: Sequence[EvaluatedModel], gain: Gain | None, dataset: Subject) -> str:
    """The gain as far as its interval allows; from fewer images than have one, nothing is said of it."""
    who = ordered[0].model if len(ordered) == 1 else f"the {len(ordered)} models"
    if gain is None:
        best = ordered[0]
        share = share_in_title(best.measures.real or 0.0, real_interval(best.hits), 1)
        return f"{share} of the first labels of {best.model} are valid"
    if gain.interval is None:
        return f"Too few images of {dataset} to say what counting any valid label changes for {who}"
    if not excludes_zero(gain.interval):
        return f"Counting any valid label does not reliably change the accuracy of {who}"
    verb = "lose" if gain.value < 0 else "gain"
    gains = f"{verb}{'s' if len(ordered) == 1 else ''} {_points(gain)} points{' on average' if len(ordered) > 1 else ''}"
    return f"{who[0].upper() + who[1:] if len(ordered) > 1 else who} {gains}{dataset.on_finished} when any valid label counts"


def _points(gain: Gain) -> str:
    """How many, without a sign: the verb says whether they are won or lost."""
    low, high = sorted(100 * abs(end) for end in (gain.interval.low, gain.interval.high)) if gain.interval else (0.0, 0.0)
    return f"{100 * abs(gain.value):.1f}" if is_narrow(gain.interval) else f"between {low:.0f} and {high:.0f}"


def _gain_text(gain: Gain | None) -> str:
    if gain is None:
        return ""
    low, high = (signed(100 * end) for end in (gain.interval.low, gain.interval.high)) if gain.interval else ("", "")
    ends = f" (95% bootstrap interval over images {low} to {high})" if gain.interval else ""
    return (
        f"The gain compares the two over the same {counted(gain.n_images, 'image')}, those with both a given and a valid label: "
        f"{points(gain.value)}{ends}. "
    )


def _curve_title(points: Sequence[CurvePoint], trends: Trends | None) -> str:
    """The direction of both trends; nothing is said from a few images with several labels."""
    if trends is None or sum(point.images for point in points if point.labels > 1) < FEWEST_OF_A_TREND:
        has_top1 = any(point.top1 is not None for point in points)
        return "Accuracy by number of valid labels" if has_top1 else "ReaL accuracy by number of valid labels"
    top1, real = _direction(trends.top1), _direction(trends.real)
    if top1 == real == FALLS:
        return f"Top-1 falls with the number of labels; ReaL falls {_how_much_less(trends)}"
    if top1 == real == STAYS:
        return "Neither top-1 nor ReaL reliably changes with the number of labels"
    if top1 == real:
        return "Top-1 and ReaL rise with the number of labels"
    if STAYS not in (top1, real):
        return f"Top-1 {top1} with the number of labels; ReaL {real}"
    if real == STAYS:
        return f"Top-1 {top1} with the number of labels; ReaL does not reliably change"
    return f"ReaL {real} with the number of labels; top-1 does not reliably change"


def _direction(slope: Slope) -> str:
    if not excludes_zero(slope.interval):
        return STAYS
    return FALLS if slope.value < 0 else RISES


def _how_much_less(trends: Trends) -> str:
    """How ReaL's fall compares with top-1's, as far as the intervals allow."""
    if trends.real.interval.low > trends.top1.interval.high / 2:
        return "far less"
    return "less" if trends.difference.interval.low > 0 else "too"


def _slopes_text(trends: Trends | None) -> str:
    if trends is None or not any(slope.interval.low < slope.interval.high for slope in (trends.top1, trends.real, trends.difference)):
        return ""  # too few images for any resample to move a slope
    top1, real, difference = (_slope_text(slope) for slope in (trends.top1, trends.real, trends.difference))
    return (
        f"With each additional label, top-1 changes by {top1} points and ReaL by {real}; the difference is {difference} "
        "(least squares over images, with bootstrap intervals). "
    )


def _slope_text(slope: Slope) -> str:
    low, high = (signed(100 * end, 2) for end in (slope.interval.low, slope.interval.high))
    return f"{signed(100 * slope.value, 2)} ({low} to {high})"


def _model_row(model: EvaluatedModel) -> list[Cell]:
    further = [getattr(model.measures, measure.key) for measure in _further()]
    measures = model.measures
    images = (measures.n_images, measures.n_images - measures.n_without_labels, measures.n_variable_topk)
    return [model.model, *_top1(model), *_real(model), *further, *images]


def _further() -> list[ModelMeasure]:
    """The measures in the table besides top-1 and ReaL, which alone are drawn and have intervals here."""
    return [measure for measure in MODEL_MEASURES if measure.in_report and measure.key not in ("top1", "real")]


def _top1(model: EvaluatedModel) -> tuple[float | None, float | None, float | None]:
    return model.measures.top1, *ends(top1_interval(model.hits))


def _real(model: EvaluatedModel) -> tuple[float | None, float | None, float | None]:
    return model.measures.real, *ends(real_interval(model.hits))


def _curve_row(point: CurvePoint, by_chance: Mapping[int, float]) -> list[Cell]:
    top1, real = ends(point.top1_interval), ends(point.real_interval)
    return [point.labels, point.images, point.top1, *top1, point.real, *real, by_chance.get(point.labels)]
