"""The order in which a report tells: the label sets, the models on them, the images without labels, the given labels, the people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from multilabelfy.annotation.model import Relation
from multilabelfy.disagreement.agreement import Agreement
from multilabelfy.disagreement.set_agreement import SetAgreement
from multilabelfy.evaluation.by_label_count import random_valid_label_as_top1
from multilabelfy.evaluation.evaluated import EvaluatedModel
from multilabelfy.evaluation.label_counts import SeveralLabels, several_labels
from multilabelfy.evaluation.label_errors import given_against_final, replacements, wrongly_given
from multilabelfy.evaluation.misses import misses, pooled_misses
from multilabelfy.evaluation.model import LabelledImages
from multilabelfy.evaluation.models import fit, outliers
from multilabelfy.evaluation.trend import curve, trends
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.accuracy import curve_finding, misses_finding, models_finding, trend_finding
from multilabelfy.report.findings import Finding, Report, Subject
from multilabelfy.report.given_labels import given_finding, replacements_finding
from multilabelfy.report.kinds import kinds_finding
from multilabelfy.report.label_counts import empty_finding, headline, several_labels_finding
from multilabelfy.report.people import Worker, agreement_finding, effort_finding

SEED = 0
FEWEST_MODELS_OF_A_TREND = 5


@dataclass(frozen=True)
class Material:
    """What a report is made of. `models` were measured on `measured_on` (None: all labelled images); `name_of` names a label for people.

    `agreement`, `workers` and the methods' paragraphs are there where a study is, not where there are label files alone.
    """

    subject: Subject
    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...] = ()
    measured_on: LabelledImages | None = None
    reasons: Mapping[EmptyReason, int] = field(default_factory=dict)
    relations: Mapping[Relation, int] = field(default_factory=dict)
    agreement: tuple[Agreement, SetAgreement] | None = None
    workers: tuple[Worker, ...] = ()
    methods: tuple[tuple[str, str], ...] = ()
    name_of: Callable[[int], str] = str


def told(material: Material, *, made_at: datetime, version: str) -> Report:
    """Work out every finding that the material allows, in order."""
    found = several_labels(material.labelled.sets)
    findings = (*_about_labels(material, found), *_about_models(material), *_about_given(material), *_about_people(material))
    return Report(
        title=f"What the labels of {material.subject} say",
        summary=(headline(found, material.subject), *(_sentence(finding) for finding in findings[1:])),
        findings=findings,
        methods=material.methods,
        made_at=made_at,
        version=version,
    )


def _about_labels(material: Material, found: SeveralLabels) -> list[Finding]:
    findings = [several_labels_finding(found, material.subject)]
    if material.relations:
        findings.append(kinds_finding(material.relations, found.n_several, material.subject))
    if material.reasons:
        findings.append(empty_finding(material.reasons, len(material.labelled), material.subject))
    return findings


def _about_models(material: Material) -> list[Finding]:
    if not material.models:
        return []
    return [models_finding(material.models, material.subject), *_trend(material), _curve(material), *_misses(material)]


def _trend(material: Material) -> list[Finding]:
    """ReaL against top-1, where there are enough models for a line."""
    models = [model for model in material.models if model.measures.top1 is not None and model.measures.real is not None]
    top1, real = [model.measures.top1 or 0.0 for model in models], [model.measures.real or 0.0 for model in models]
    line = fit(top1, real) if len(models) >= FEWEST_MODELS_OF_A_TREND else None
    if line is None:
        return []
    names = [model.model for model in models]
    return [trend_finding(models, line, fit(top1, real, degree=2), outliers(names, top1, real), material.subject)]


def _curve(material: Material) -> Finding:
    by_chance = random_valid_label_as_top1(material.measured_on or material.labelled)
    points, found = curve(material.models, seed=SEED), trends(material.models, seed=SEED)
    return curve_finding(points, found, by_chance, len(material.models), material.subject)


def _misses(material: Material) -> list[Finding]:
    of_each = [found for model in material.models if (found := misses(model)) is not None and found.n_misses]
    pooled = pooled_misses(material.models, seed=SEED)
    return [misses_finding(of_each, pooled, material.subject)] if of_each and pooled else []


def _about_given(material: Material) -> list[Finding]:
    found = given_against_final(material.labelled)
    if found is None or not found.n_images:
        return []
    findings = [given_finding(found, material.subject)]
    if found.n_replaced:
        n_wrong = len(wrongly_given(material.labelled))
        findings.append(replacements_finding(replacements(material.labelled), material.name_of, n_wrong, material.subject))
    return findings


def _about_people(material: Material) -> list[Finding]:
    findings: list[Finding] = []
    if material.agreement:
        findings.append(agreement_finding(*material.agreement, material.subject))
    if material.workers:
        findings.append(effort_finding(material.workers, material.subject))
    return findings


def _sentence(finding: Finding) -> str:
    return f"{finding.title}."
