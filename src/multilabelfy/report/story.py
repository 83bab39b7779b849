"""The order of a report: a summary that leads, then in chapters the label sets, the models, the given labels, the people, the proposals,
and ways to ask."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

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
from multilabelfy.evaluation.labels.panel import PanelHeadline
from multilabelfy.evaluation.labels.unfinished import ImagesByProgress
from multilabelfy.evaluation.many_models.models import trend_of
from multilabelfy.evaluation.proposals.by_search import found_by_search
from multilabelfy.refinement.label_sources import LabelSource
from multilabelfy.report.about_given.cases import ImageCase, cases_of
from multilabelfy.report.about_given.given_labels import given_finding, on_the_way_finding, replacements_finding
from multilabelfy.report.about_given.label_errors import errors_by_class_finding, errors_finding, surest_first
from multilabelfy.report.about_given.wrong_pictures import replacement_pictures, surest_pictures
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_finding
from multilabelfy.report.about_labels.empty_images import empty_images_finding
from multilabelfy.report.about_labels.headline import headline_finding
from multilabelfy.report.about_labels.kinds import kinds_finding
from multilabelfy.report.about_labels.label_counts import empty_finding, headline, progress_sentence, several_labels_finding
from multilabelfy.report.about_labels.near_copies import near_copies_finding
from multilabelfy.report.about_labels.panel import panel_finding, panel_sentence
from multilabelfy.report.about_labels.posterior_headline import posterior_headline_finding
from multilabelfy.report.about_labels.two_labellings import two_labellings_findings
from multilabelfy.report.about_models.trend_line import ModelPoint, trend_finding
from multilabelfy.report.about_people.answer_quality import answer_quality_findings
from multilabelfy.report.about_people.experts import audit_finding, expert_agreement_finding, reveal_finding
from multilabelfy.report.about_people.kin_pace import kin_pace_finding
from multilabelfy.report.about_people.people import agreement_finding, effort_finding
from multilabelfy.report.about_people.position import position_finding
from multilabelfy.report.about_people.ways_to_ask import ways_to_ask_findings
from multilabelfy.report.about_proposals.by_search import by_search_finding
from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.findings import Finding, Report, Subject, chapters_of
from multilabelfy.report.material import SEED, Material
from multilabelfy.report.methods import intervals_of, methods_of_published
from multilabelfy.report.models_chapter import told_of_models
from multilabelfy.report.wording import counted


def told(material: Material, *, made_at: datetime, version: str) -> Report:
    """Every finding that the material allows, in order."""
    several = several_labels(material.labelled.sets)
    chapters = (
        ("The labels", told_of_labels(material, several)),
        ("The models", told_of_models(material)),
        ("The given labels", told_of_given(material)),
        ("The people", told_of_people(material)),
        ("The proposals", told_of_proposals(material)),
        ("The ways to ask", told_of_ways(material)),
    )
    findings = tuple(finding for _, of_chapter in chapters for finding in of_chapter)
    return Report(
        title=f"What the labels of {material.subject.whole} say",
        summary=summary(
            several, material.progress, findings, material.subject, material.sources.get(LabelSource.POSTERIOR, 0), material.panel
        ),
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


def told_of_labels(material: Material, several: SeveralLabels) -> list[Finding]:
    """Several labels, kinds, the headline under other rules, images without labels, and near copies."""
    findings = [several_labels_finding(several, material.subject, material.progress)]
    if material.panel:
        findings.append(panel_finding(material.panel, several, material.subject))
    if material.relations:
        findings.append(kinds_finding(material.relations, several.n_several, material.subject))
    if material.by_rule:
        findings.append(
            headline_finding(
                material.by_rule, several, material.beyond, material.subject, corrected=material.corrected, sources=material.sources
            )
        )
    if material.by_posterior:
        findings.append(posterior_headline_finding(material.by_posterior, material.beyond, material.subject.whole))
    if material.beyond is not None and material.beyond.n_found:
        findings.append(beyond_candidates_finding(material.beyond, material.subject.whole))
    if material.reasons:
        findings.append(empty_finding(material.reasons, len(material.labelled), material.subject))
    findings += _empty_images(material)
    if material.near_copies is not None and material.near_copies.groups:
        findings.append(near_copies_finding(material.near_copies, material.name_of, material.subject.whole))
    return findings


def _empty_images(material: Material) -> list[Finding]:
    """The images without labels one by one, if given labels or pictures are known."""
    shown = material.evidence.has_pictures
    empty = np.flatnonzero(material.labelled.sets.counts == 0).tolist()
    if not empty or (material.labelled.given is None and not shown):
        return []
    return [empty_images_finding(cases_at(material, empty), material.name_of, material.subject, with_pictures=shown)]


def told_of_people(material: Material) -> list[Finding]:
    """Agreement, the quality of answers, and effort; only for a study."""
    findings: list[Finding] = []
    if material.agreement:
        findings.append(agreement_finding(material.agreement, material.subject.whole))
    findings += answer_quality_findings(material.answers, material.subject.whole)
    if material.two_annotators is not None:
        findings += two_labellings_findings(material.two_annotators, material.name_of, material.subject.whole)
    if material.positions is not None:
        findings.append(position_finding(material.positions, material.subject.whole))
    if material.kin_pace is not None:
        findings.append(kin_pace_finding(material.kin_pace, material.subject.whole))
    findings += _of_experts(material)
    if material.workers:
        findings.append(effort_finding(material.workers, material.subject.whole))
    return findings


def _of_experts(material: Material) -> list[Finding]:
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


JUDGED_AMONG_THEM = (
    "People were asked about proposed labels, and added others only where they searched: a valid label that nobody proposed or found is "
    "missing in the whole as well, so the true recall is lower."
)


def told_of_proposals(material: Material) -> list[Finding]:
    """What the proposals hold of the final labels, and how many of these were found by search."""
    missed = material.missed and missed_findings(material.missed, JUDGED_AMONG_THEM, material.name_of, material.subject)
    return [*(missed or ()), *_told_of_search(material)]


def _told_of_search(material: Material) -> list[Finding]:
    """What was found by search, where anybody could or did."""
    asked, measured_on = material.asked, material.measured_on or material.labelled
    if asked is None:
        return []
    by_search = found_by_search(measured_on.sets, asked.is_found, asked.judged.counts > 0, seed=SEED)
    if by_search is None or not (by_search.n_found or material.beyond):
        return []
    return [by_search_finding(by_search, material.beyond, material.subject)]


def told_of_ways(material: Material) -> list[Finding]:
    """What other ways to ask would have come to."""
    return [] if material.ways is None else ways_to_ask_findings(material.ways, material.subject.whole)


def told_of_given(material: Material) -> list[Finding]:
    """Given labels against final ones, and those that are wrong; nothing if no given label is known."""
    against = given_against_final(material.labelled)
    if against is None or not against.n_images:
        return []
    findings = [given_finding(against, material.subject)]
    ways = tuple(material.evidence.ways.values())
    if ways:
        findings.append(on_the_way_finding(steps(ways), len(ways), sum(way.is_empty for way in ways), material.subject))
    return findings + (_errors(material) if against.n_replaced else [])


def cases_at(material: Material, rows: Sequence[int]) -> tuple[ImageCase, ...]:
    """The images at these rows, with what is known of each."""
    return cases_of(material.labelled, rows, material.models, material.measured_on, material.evidence)


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
    shown = cases_at(material, surest_first(wrong, sure).tolist()) if material.evidence.has_pictures else ()
    name_of, subject = material.name_of, material.subject
    return [
        replacements_finding(replaced, name_of, len(wrong), subject, replacement_pictures(replaced, shown, name_of) if shown else ()),
        errors_by_class_finding(wrong_by_given_label(material.labelled), name_of, subject),
        errors_finding(material.labelled, wrong, sure, who, name_of, subject, surest_pictures(shown, name_of), n_doubted),
    ]


MOST_IN_SUMMARY = 5
LEADING = ("drop", "models", "given-against-final", "agreement", "expert-agreement", "real-against-top1", "misses")
"""The findings whose titles follow the headline, as many of them as there is room for."""


def summary(
    several: SeveralLabels,
    progress: ImagesByProgress | None,
    findings: Sequence[Finding],
    dataset: Subject,
    n_by_posterior: int = 0,
    panel: PanelHeadline | None = None,
) -> tuple[str, ...]:
    """At most MOST_IN_SUMMARY lines; `progress` is that of a study, None of label files.

    `panel` is the headline where the overlap adapts, None elsewhere.
    """
    by_slug = {finding.slug: finding for finding in findings}
    by_panel = (panel_sentence(panel, several, dataset),) if panel else ()
    opening = (*((progress_sentence(progress, n_by_posterior),) if progress else ()), *by_panel, headline(several, dataset, progress))
    return (*opening, *(sentence(by_slug[slug]) for slug in LEADING if slug in by_slug))[:MOST_IN_SUMMARY]


def sentence(finding: Finding) -> str:
    """The finding's title as a sentence."""
    return f"{finding.title}."
