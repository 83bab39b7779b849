"""The chapter on the proposals."""

from multilabelfy.evaluation.proposals.by_search import found_by_search
from multilabelfy.report.about_proposals.by_search import by_search_finding
from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import SEED, Material

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
