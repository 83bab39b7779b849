"""What a report says of annotators' agreement: also where a maybe is a step, and where it counts as a yes."""

from multilabelfy.disagreement.agreement.agreement import agreement
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.report.about_people.people import agreement_finding
from multilabelfy.report.findings import Subject

NO, MAYBE, YES = 0, 1, 2


def test_ordinal_alpha_and_sets_with_maybe_as_yes_stand_in_the_report() -> None:
    votes = [(0, 0, YES, YES), (0, 1, MAYBE, YES), (1, 0, YES, YES), (1, 1, NO, NO)]
    rows = [(image, label, rater, vote) for image, label, *given in votes for rater, vote in enumerate(given)]
    finding = agreement_finding(agreement(questions_of_votes(*zip(*rows, strict=True)), seed=0), Subject("toys"))
    values = {row["measure"]: row["value"] for row in finding.table.records()}
    assert (values["Equal sets"], values["Equal sets, maybe as yes"]) == (0.5, 1.0)
    assert "Krippendorff’s alpha, ordinal" in values
    assert "Alpha with MASI, maybe as yes" in values
