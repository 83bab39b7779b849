"""The order of a report: a summary that leads, then in chapters the label sets, the models, the given labels, the people, the proposals,
and ways to ask."""

from collections.abc import Sequence
from datetime import datetime

from multilabelfy.evaluation.labels.label_counts import several_labels
from multilabelfy.evaluation.many_models.models import trend_of
from multilabelfy.refinement.label_sources import LabelSource
from multilabelfy.report.about_models.trend_line import ModelPoint, trend_finding
from multilabelfy.report.chapters.given import told_of_given
from multilabelfy.report.chapters.labels import told_of_labels
from multilabelfy.report.chapters.models import told_of_models
from multilabelfy.report.chapters.people import told_of_people
from multilabelfy.report.chapters.proposals import told_of_proposals
from multilabelfy.report.chapters.ways import told_of_ways
from multilabelfy.report.findings import Report, chapters_of
from multilabelfy.report.material import Material
from multilabelfy.report.methods import intervals_of, methods_of_published
from multilabelfy.report.summary import sentence, summary
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
