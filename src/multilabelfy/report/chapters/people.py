"""The chapter on the people: annotators and experts."""

from multilabelfy.report.about_labels.two_labellings import two_labellings_findings
from multilabelfy.report.about_people.answer_quality import answer_quality_findings
from multilabelfy.report.about_people.experts import audit_finding, expert_agreement_finding, reveal_finding
from multilabelfy.report.about_people.kin_pace import kin_pace_finding
from multilabelfy.report.about_people.people import agreement_finding, effort_finding
from multilabelfy.report.about_people.position import position_finding
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import Material


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
