"""The chapter on the proposals."""

from multilabelfy.report.about_proposals.missed import missed_findings
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import Material

JUDGED_AMONG_THEM = (
    "People were asked about proposed labels, and added others only where they searched: a valid label that nobody proposed or found is "
    "missing in the whole as well, so the true recall is lower."
)


def told_of_proposals(material: Material) -> list[Finding]:
    """What the proposals hold of the final labels."""
    if material.missed is None:
        return []
    return missed_findings(material.missed, JUDGED_AMONG_THEM, material.name_of, material.subject)
