"""The chapter on the models, as far as there are enough of them."""

from multilabelfy.evaluation.choices.specifications import Unfinished, side_of, specifications
from multilabelfy.evaluation.many_models.comparison import Resampled, rank_changes, resampled_measures
from multilabelfy.evaluation.many_models.groups import mean_by_group
from multilabelfy.evaluation.many_models.misses import misses, pooled_misses, winners
from multilabelfy.evaluation.many_models.models import trend_of
from multilabelfy.evaluation.many_models.own_family import models_under_test
from multilabelfy.evaluation.many_models.trend import beyond_sampling, curve, model_trends, trends
from multilabelfy.evaluation.many_models.two_datasets import drops
from multilabelfy.evaluation.measures.by_label_count import random_valid_label_as_top1
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.uncertainty import real_interval, top1_interval
from multilabelfy.report.about_models.accuracy import FEWEST_OF_A_TREND, curve_finding, misses_finding, models_finding
from multilabelfy.report.about_models.drops import drop_finding, drops_by_model_finding
from multilabelfy.report.about_models.groups import by_kind_finding, by_source_finding
from multilabelfy.report.about_models.own_family import own_family_finding
from multilabelfy.report.about_models.ranking import model_trends_finding, ranks_finding, winners_finding
from multilabelfy.report.about_models.specification_curve import FEWEST, specification_curve_finding
from multilabelfy.report.about_models.trend_line import ModelPoint, trend_finding
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import SEED, Material
from multilabelfy.report.wording import counted

FEWEST_MODELS_OF_A_TREND = 5
FEWEST_MODELS_TO_ORDER = 3


def told_of_models(material: Material) -> list[Finding]:
    """How well models do, how they compare, and how far that depends on choices; without models the choices alone."""
    if not material.models:
        return told_of_choices(material)
    drawn = resampled_measures(material.models, seed=SEED) if len(material.models) >= FEWEST_MODELS_TO_ORDER else None
    return [
        models_finding(material.models, material.subject),
        *_trend(material, drawn),
        *_ranks(material, drawn),
        _curve(material),
        *_model_trends(material),
        *_by_groups(material),
        *_own_family(material),
        *_misses(material),
        *_winners(material),
        *_drop(material),
        *told_of_choices(material),
    ]


def _trend(material: Material, drawn: Resampled | None) -> list[Finding]:
    """ReaL against top-1, if there are enough models for a line."""
    points = [point for model in material.models if (point := _point(model)) is not None]
    if len(points) < FEWEST_MODELS_OF_A_TREND:
        return []
    trend = trend_of([point.model for point in points], [point.x for point in points], [point.y for point in points])
    if trend is None:
        return []
    leaving = beyond_sampling(drawn, degree=trend.better.degree) if drawn and len(points) == len(drawn.models) else None
    return [trend_finding(points, trend, f"{counted(len(points), 'model')} on {material.subject}", beyond=leaving)]


def _point(model: EvaluatedModel) -> ModelPoint | None:
    top1, real = model.measures.top1, model.measures.real
    if top1 is None or real is None:
        return None
    return ModelPoint(model.model, top1, real, top1_interval(model.hits), real_interval(model.hits))


def _ranks(material: Material, drawn: Resampled | None) -> list[Finding]:
    changes = rank_changes(drawn) if drawn else None
    return [ranks_finding(changes, material.subject)] if changes else []


def _curve(material: Material) -> Finding:
    by_chance = random_valid_label_as_top1(material.measured_on or material.labelled)
    points, slopes = curve(material.models, seed=SEED), trends(material.models, seed=SEED)
    return curve_finding(points, slopes, by_chance, len(material.models), material.subject)


def _model_trends(material: Material) -> list[Finding]:
    if int((material.models[0].hits.n_valid > 1).sum()) < FEWEST_OF_A_TREND:
        return []
    slopes = model_trends(material.models)
    return [model_trends_finding(slopes, material.subject)] if len(slopes) >= FEWEST_MODELS_TO_ORDER else []


def _by_groups(material: Material) -> list[Finding]:
    """By kind and by how labels were decided, where there is more than one group."""
    kinds = material.kinds if material.relations else None  # nobody said how labels relate
    ways = ((kinds, by_kind_finding), (material.decided, by_source_finding))
    points = [(mean_by_group(material.models, groups, seed=SEED), finding) for groups, finding in ways if groups is not None]
    return [finding(group_points, material.models, material.subject) for group_points, finding in points if len(group_points) > 1]


def _own_family(material: Material) -> list[Finding]:
    if material.asked is None:
        return []
    tested = models_under_test(material.measured_on or material.labelled, material.models, material.asked, seed=SEED)
    return [own_family_finding(tested, material.subject)] if tested else []


def _misses(material: Material) -> list[Finding]:
    of_each = [missed for model in material.models if (missed := misses(model)) is not None and missed.n_misses]
    pooled = pooled_misses(material.models, seed=SEED)
    return [misses_finding(of_each, pooled, material.subject)] if of_each and pooled else []


def _winners(material: Material) -> list[Finding]:
    pairs = winners(material.measured_on or material.labelled, material.models)
    return [winners_finding(pairs, material.name_of, len(material.models), material.subject)] if pairs else []


def _drop(material: Material) -> list[Finding]:
    if material.original is None:
        return []
    dropped = drops(material.original.models, material.models, seed=SEED)
    if dropped is None:
        return []
    return [drop_finding(dropped, material.original.subject, material.subject), drops_by_model_finding(dropped, material.subject)]


def told_of_choices(material: Material) -> list[Finding]:
    """Headline, gain and drop under other choices, if there are enough of them; models count where they saw all images."""
    saw_all = material.measured_on is None or len(material.measured_on) == len(material.labelled)
    models = material.models if saw_all else ()
    of, side = material.original, side_of(material.labelled, models, material.judged, material.subject.name, _unfinished(material))
    original = side_of(of.labelled, of.models, of.judged, of.subject.name) if of else None
    specified = specifications(side, original, seed=SEED)
    return [specification_curve_finding(specified, material.subject)] if len(specified) >= FEWEST else []


def _unfinished(material: Material) -> Unfinished | None:
    if material.progress is None or material.is_drawn is None or not material.progress.n_unfinished:
        return None
    return Unfinished(material.progress, material.is_drawn)
