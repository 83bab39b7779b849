"""The order of a report: a summary that leads, then in chapters the label sets, the models, the given labels, the people."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from multilabelfy.evaluation.choices.specifications import Unfinished, side_of, specifications
from multilabelfy.evaluation.labels.given_on_the_way import steps
from multilabelfy.evaluation.labels.label_counts import SeveralLabels, several_labels
from multilabelfy.evaluation.labels.label_errors import (
    given_against_final,
    named_by_most,
    replacements,
    sure_by_models,
    wrong_by_given_label,
    wrongly_given,
)
from multilabelfy.evaluation.many_models.comparison import Resampled, rank_changes, resampled_measures
from multilabelfy.evaluation.many_models.groups import mean_by_group
from multilabelfy.evaluation.many_models.misses import misses, pooled_misses, winners
from multilabelfy.evaluation.many_models.models import trend_of
from multilabelfy.evaluation.many_models.own_family import models_under_test
from multilabelfy.evaluation.many_models.sampling import beyond_sampling
from multilabelfy.evaluation.many_models.trend import curve, model_trends, trends
from multilabelfy.evaluation.many_models.two_datasets import drops
from multilabelfy.evaluation.measures.by_label_count import random_valid_label_as_top1
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.uncertainty import real_interval, top1_interval
from multilabelfy.report.about_given.cases import ImageCase, cases_of
from multilabelfy.report.about_given.given_labels import given_finding, on_the_way_finding, replacements_finding
from multilabelfy.report.about_given.label_errors import errors_by_class_finding, errors_finding, surest_first
from multilabelfy.report.about_given.wrong_pictures import replacement_pictures, surest_pictures
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_finding
from multilabelfy.report.about_labels.empty_images import empty_images_finding
from multilabelfy.report.about_labels.headline import headline_finding
from multilabelfy.report.about_labels.kinds import kinds_finding
from multilabelfy.report.about_labels.label_counts import empty_finding, several_labels_finding
from multilabelfy.report.about_labels.two_labellings import two_labellings_findings
from multilabelfy.report.about_models.accuracy import FEWEST_OF_A_TREND, curve_finding, misses_finding, models_finding
from multilabelfy.report.about_models.drops import drop_finding, drops_by_model_finding
from multilabelfy.report.about_models.groups import by_kind_finding, by_source_finding
from multilabelfy.report.about_models.own_family import own_family_finding
from multilabelfy.report.about_models.ranking import model_trends_finding, ranks_finding, winners_finding
from multilabelfy.report.about_models.specification_curve import FEWEST, specification_curve_finding
from multilabelfy.report.about_models.trend_line import ModelPoint, trend_finding
from multilabelfy.report.about_people.answer_quality import answer_quality_findings
from multilabelfy.report.about_people.experts import audit_finding, expert_agreement_finding, reveal_finding
from multilabelfy.report.about_people.people import agreement_finding, effort_finding
from multilabelfy.report.about_people.position import position_finding
from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.findings import Finding, Report, chapters_of
from multilabelfy.report.material import Material
from multilabelfy.report.methods import intervals_of, methods_of_published
from multilabelfy.report.summary import sentence, summary
from multilabelfy.report.wording import counted

SEED = 0
FEWEST_MODELS_OF_A_TREND = 5
FEWEST_MODELS_TO_ORDER = 3
JUDGED_AMONG_THEM = (
    "People were asked about proposed labels, and added others only where they searched: a valid label that nobody proposed or found is "
    "missing in the whole as well, so the true recall is lower."
)


def told(material: Material, *, made_at: datetime, version: str) -> Report:
    """Every finding that the material allows, in order."""
    several = several_labels(material.labelled.sets)
    chapters = (
        ("The labels", _about_labels(material, several)),
        ("The models", _about_models(material)),
        ("The given labels", _about_given(material)),
        ("The people", _about_people(material)),
        ("The proposals", _about_proposals(material)),
    )
    findings = tuple(finding for _, of_chapter in chapters for finding in of_chapter)
    return Report(
        title=f"What the labels of {material.subject.whole} say",
        summary=summary(several, material.progress, findings, material.subject),
        findings=findings,
        methods=(*material.methods, *intervals_of(findings)),
        made_at=made_at,
        version=version,
        chapters=chapters_of(chapters),
    )


def told_of_published(accuracies: Sequence[tuple[str, float, float]], names: tuple[str, str], *, made_at: datetime, version: str) -> Report:
    """What two published tables say of the models in both; `accuracies` are (model, first, second), as fractions."""
    points = [ModelPoint(*accuracy) for accuracy in accuracies]
    trend = trend_of([point.model for point in points], [point.x for point in points], [point.y for point in points])
    findings = (
        (trend_finding(points, trend, f"{counted(len(points), 'model')} in both tables", axes=names, slug="published"),) if trend else ()
    )
    return Report(
        title=f"What published accuracies on {names[0]} and {names[1]} say",
        summary=tuple(sentence(finding) for finding in findings) or ("Too few models are in both tables for a trend.",),
        findings=findings,
        methods=(*methods_of_published(names), *intervals_of(findings)),
        made_at=made_at,
        version=version,
        chapters=chapters_of([("The models", findings)]),
    )


def _about_labels(material: Material, several: SeveralLabels) -> list[Finding]:
    findings = [several_labels_finding(several, material.subject, material.progress)]
    if material.relations:
        findings.append(kinds_finding(material.relations, several.n_several, material.subject))
    if material.by_rule:
        findings.append(headline_finding(material.by_rule, several, material.beyond, material.subject, corrected=material.corrected))
    if material.beyond is not None and material.beyond.n_found:
        findings.append(beyond_candidates_finding(material.beyond, material.subject.whole))
    if material.reasons:
        findings.append(empty_finding(material.reasons, len(material.labelled), material.subject))
    findings += _empty_images(material)
    return findings


def _about_proposals(material: Material) -> list[Finding]:
    if material.missed is None:
        return []
    return missed_findings(material.missed, JUDGED_AMONG_THEM, material.name_of, material.subject)


def _about_models(material: Material) -> list[Finding]:
    if not material.models:
        return _choices(material)
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
        *_choices(material),
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


def _curve(material: Material) -> Finding:
    by_chance = random_valid_label_as_top1(material.measured_on or material.labelled)
    points, slopes = curve(material.models, seed=SEED), trends(material.models, seed=SEED)
    return curve_finding(points, slopes, by_chance, len(material.models), material.subject)


def _misses(material: Material) -> list[Finding]:
    of_each = [missed for model in material.models if (missed := misses(model)) is not None and missed.n_misses]
    pooled = pooled_misses(material.models, seed=SEED)
    return [misses_finding(of_each, pooled, material.subject)] if of_each and pooled else []


def _ranks(material: Material, drawn: Resampled | None) -> list[Finding]:
    changes = rank_changes(drawn) if drawn else None
    return [ranks_finding(changes, material.subject)] if changes else []


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


def _choices(material: Material) -> list[Finding]:
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


def _about_given(material: Material) -> list[Finding]:
    against = given_against_final(material.labelled)
    if against is None or not against.n_images:
        return []
    findings = [given_finding(against, material.subject)]
    ways = tuple(material.evidence.ways.values())
    if ways:
        findings.append(on_the_way_finding(steps(ways), len(ways), sum(way.is_empty for way in ways), material.subject))
    return findings + (_errors(material) if against.n_replaced else [])


def _errors(material: Material) -> list[Finding]:
    """What replaces rejected given labels, and which images and classes; sureness comes from votes if any, else from models."""
    wrong, replaced = wrongly_given(material.labelled), replacements(material.labelled)
    everywhere = material.measured_on is None or material.measured_on.sets.images == material.labelled.sets.images
    measured = material.models if everywhere else ()
    n_doubted = named_by_most(wrong, measured)
    if material.against_given is not None:
        sure, who = material.against_given, "the share of annotators who did not tick the given label"
    else:
        sure = sure_by_models(material.labelled, measured)
        who = "the share of models whose first label is valid"
    shown = _cases(material, surest_first(wrong, sure).tolist()) if material.evidence.has_pictures else ()
    name_of, subject = material.name_of, material.subject
    return [
        replacements_finding(replaced, name_of, len(wrong), subject, replacement_pictures(replaced, shown, name_of) if shown else ()),
        errors_by_class_finding(wrong_by_given_label(material.labelled), name_of, subject),
        errors_finding(material.labelled, wrong, sure, who, name_of, subject, surest_pictures(shown, name_of), n_doubted),
    ]


def _empty_images(material: Material) -> list[Finding]:
    """The images without labels one by one, if given labels or pictures are known."""
    shown = material.evidence.has_pictures
    empty = np.flatnonzero(material.labelled.sets.counts == 0).tolist()
    if not empty or (material.labelled.given is None and not shown):
        return []
    return [empty_images_finding(_cases(material, empty), material.name_of, material.subject, with_pictures=shown)]


def _cases(material: Material, rows: Sequence[int]) -> tuple[ImageCase, ...]:
    return cases_of(material.labelled, rows, material.models, material.measured_on, material.evidence)


def _about_people(material: Material) -> list[Finding]:
    findings: list[Finding] = []
    if material.agreement:
        findings.append(agreement_finding(material.agreement, material.subject.whole))
    findings += answer_quality_findings(material.answers, material.subject.whole)
    if material.two_annotators is not None:
        findings += two_labellings_findings(material.two_annotators, material.name_of, material.subject.whole)
    if material.positions is not None:
        findings.append(position_finding(material.positions, material.subject.whole))
    findings += _about_experts(material)
    if material.workers:
        findings.append(effort_finding(material.workers, material.subject.whole))
    return findings


def _about_experts(material: Material) -> list[Finding]:
    experts, findings = material.experts, []
    if experts is None:
        return []
    if experts.agreement is not None:
        findings.append(expert_agreement_finding(experts.agreement, material.subject.whole))
    if experts.audit is not None:
        findings.append(audit_finding(experts.audit, material.subject.whole))
    if experts.changes.n:
        findings.append(reveal_finding(experts.changes, material.subject.whole))
    return findings
