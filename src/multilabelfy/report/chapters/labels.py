"""The chapter on the label sets."""

import numpy as np

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_finding
from multilabelfy.report.about_labels.empty_images import empty_images_finding
from multilabelfy.report.about_labels.headline import headline_finding
from multilabelfy.report.about_labels.kinds import kinds_finding
from multilabelfy.report.about_labels.label_counts import empty_finding, several_labels_finding
from multilabelfy.report.about_labels.near_copies import near_copies_finding
from multilabelfy.report.about_labels.panel import panel_finding
from multilabelfy.report.about_labels.posterior_headline import posterior_headline_finding
from multilabelfy.report.chapters.given import cases_at
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import Material


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
