"""The chapter on ways to ask, where simulated studies of known truth were kept."""

from multilabelfy.report.about_people.ways_to_ask import ways_to_ask_findings
from multilabelfy.report.findings import Finding
from multilabelfy.report.material import Material


def told_of_ways(material: Material) -> list[Finding]:
    """What other ways to ask would have come to."""
    return [] if material.ways is None else ways_to_ask_findings(material.ways, material.subject.whole)
