"""The chapter on the given labels: whether the final labels hold them, what replaces them, and which images are wrong."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.given_on_the_way import steps
from multilabelfy.evaluation.labels.label_errors import (
    given_against_final,
    named_by_most,
    replacements,
    sure_by_models,
    wrong_by_given_label,
    wrongly_given,
)
from multilabelfy.report.about_given.cases import ImageCase, cases_of
from multilabelfy.report.about_given.given_labels import given_finding, on_the_way_finding, replacements_finding
from multilabelfy.report.about_given.label_errors import errors_by_class_finding, errors_finding, surest_first
from multilabelfy.report.about_given.wrong_pictures import replacement_pictures, surest_pictures
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import Material


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
