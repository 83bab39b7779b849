"""What a report says of the experts: how far two agree, what the audit saw, and how often they changed after the reveal."""

from dataclasses import replace

import pytest
from tests.evaluation.experts.test_experts import audited, decided
from tests.report.reports import NOW, material

from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.evaluation.experts.audit import Corrected, audit_of
from multilabelfy.evaluation.experts.expert_agreement import expert_agreement
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.evaluation.experts.reveal import changes_after_reveal
from multilabelfy.evaluation.labels.consensus import several_by_rule
from multilabelfy.evaluation.labels.label_counts import several_labels
from multilabelfy.refinement.label_sources import LabelSource
from multilabelfy.report.about_labels.headline import AFTER_AUDIT, headline_finding
from multilabelfy.report.about_people.experts import audit_finding, expert_agreement_finding, reveal_finding
from multilabelfy.report.findings import Finding, Subject
from multilabelfy.report.rendering import figures
from multilabelfy.report.story import told
from multilabelfy.statistics.intervals import Interval

TOYS = Subject("Toys")


def values(finding: Finding) -> dict[object, object]:
    """The first value of each row by its name."""
    column = "share" if "share" in {one.name for one in finding.table.columns} else "value"
    return {next(iter(row.values())): row[column] for row in finding.table.records()}


def test_the_ceiling_is_stated_with_its_interval_and_its_number_of_images() -> None:
    found = expert_agreement([decided(image, who, [0] if image % 4 else [who]) for image in range(40) for who in (1, 2)], seed=1)
    assert found is not None
    finding = expert_agreement_finding(found, TOYS)
    assert values(finding)["Equal sets"] == 0.75
    assert "same set before the votes were revealed" not in values(finding)
    assert finding.title.endswith("of the images that both decided")
    assert "40 images of Toys" in finding.subtitle


def test_experts_that_always_agree_are_not_certain_to() -> None:
    """Thirteen of thirteen: no resample differs, and yet as few as 77% may agree (Wilson)."""
    found = expert_agreement([decided(image, who, [0]) for image in range(13) for who in (1, 2)], seed=1)
    assert found is not None
    finding = expert_agreement_finding(found, TOYS)
    assert finding.title == "Two experts independently chose the same labels for between 77% and 100% of the images that both decided"
    for row in finding.table.records():
        assert row["value_low"] is None or row["value_low"] != row["value_high"], row


def test_experts_are_headlined_before_they_saw_the_votes() -> None:
    """Alone they chose the same labels on half of the images; once both had seen the same votes, on all."""
    decisions = [decided(image, who, [0], blind=[0] if image % 2 else [who]) for image in range(400) for who in (1, 2)]
    found = expert_agreement(decisions, seed=1)
    assert found is not None
    finding = expert_agreement_finding(found, TOYS)
    assert finding.title.startswith("Before they saw the votes, two experts independently chose the same labels for 50% of the images")
    assert values(finding)["Equal sets"] == 1.0


def test_the_audit_says_how_often_agreed_images_are_wrong_and_what_is_not_decided() -> None:
    found = audit_of([audited([0], [0])] * 18 + [audited([0], [0, 1])] * 2 + [audited([0], None)])
    assert found is not None
    finding = audit_finding(found, TOYS)
    assert values(finding) == {
        "was decided differently": 0.1,
        "lacks a label that experts chose": 0.1,
        "has a label that experts rejected": 0.0,
    }
    assert finding.title == (
        "Experts decided 2 of 20 audited images differently, with 1 not decided yet: between 3% and 35% of all that annotators agreed on"
    )
    assert "1 drawn image is not decided yet: of all 21, 2 to 3 differ, and the intervals hold either case" in finding.definition


def test_the_audits_interval_holds_the_images_that_no_expert_has_decided() -> None:
    """None of five differs, two are open: 0 to 2 of 7, so up to 64% and not 43%."""
    found = audit_of([audited([0], [0])] * 5 + [audited([0], None)] * 2)
    assert found is not None
    assert audit_finding(found, TOYS).title == (
        "Experts decided none of 5 audited images differently, with 2 not decided yet: between 0% and 64% of all that annotators agreed on"
    )


def test_images_that_one_expert_has_decided_widen_how_often_two_agree() -> None:
    """Two agree on all of ten; on ten more one has decided: they may agree on half."""
    both = [decided(image, who, [0]) for image in range(10) for who in (1, 2)]
    found = expert_agreement([*both, *(decided(image, 1, [0]) for image in range(10, 20))], seed=1)
    assert found is not None
    finding = expert_agreement_finding(found, TOYS)
    assert "for between 30% and 100% of the images" in finding.title  # Wilson's lower end of 10 of 20
    assert "On 10 further images one of two experts has decided" in finding.definition


def test_answers_that_wait_for_their_reveal_may_change_or_not() -> None:
    """None of ten changed, ten more wait."""
    shown = [decided(image, 1, [0], blind=[0]) for image in range(10)]
    finding = reveal_finding(changes_after_reveal([*shown, *(decided(image, 1, None, blind=[0]) for image in range(10, 20))]), TOYS)
    assert finding.title == "Once experts saw the votes, they changed between 0% and 70% of their answers"
    assert "10 blind answers more wait for the reveal" in finding.definition


def test_the_reveal_says_how_often_experts_changed() -> None:
    finding = reveal_finding(changes_after_reveal([decided(image, 1, [0, image % 2], blind=[0]) for image in range(10)]), TOYS)
    assert values(finding) == {"changed the set": 0.5, "added a label": 0.5, "removed a label": 0.0}
    assert finding.title == "Once experts saw the votes, they changed between 24% and 76% of their answers"
    assert "10 answers by 1 expert on Toys" in finding.subtitle


def test_one_or_two_images_make_no_headline_about_experts() -> None:
    agreement = expert_agreement([decided(image, who, [0]) for image in range(2) for who in (1, 2)], seed=1)
    audit = audit_of([audited([0], [0, 1])])
    assert agreement is not None
    assert audit is not None
    assert expert_agreement_finding(agreement, TOYS).title == "Two experts independently decided 2 images so far"
    assert audit_finding(audit, TOYS).title == "Experts decided 1 agreed image of the audit so far"
    changes = changes_after_reveal([decided(1, 1, [0], blind=[0])])
    assert reveal_finding(changes, TOYS).title == "Experts saw the votes after 1 answer so far"


def test_a_report_tells_of_experts_where_there_is_something_to_tell() -> None:
    agreement = expert_agreement([decided(image, who, [0]) for image in range(3) for who in (1, 2)], seed=1)
    changes = changes_after_reveal([decided(1, 1, [0], blind=[0])])
    full = ExpertWork(agreement, changes, audit_of([audited([0], [0])]))
    report = told(replace(material(), experts=full, corrected=Corrected(0.5, Interval(0.4, 0.6))), made_at=NOW, version="1")
    slugs = [finding.slug for finding in report.findings]
    assert [slug for slug in slugs if slug in ("expert-agreement", "audit", "reveal")] == ["expert-agreement", "audit", "reveal"]
    assert {"expert-agreement", "audit", "reveal"} <= figures(report).keys()
    empty = told(replace(material(), experts=ExpertWork(None, changes_after_reveal([]), None)), made_at=NOW, version="1")
    assert not {"expert-agreement", "audit", "reveal"} & {finding.slug for finding in empty.findings}


def test_the_headline_has_a_row_that_the_audit_corrects() -> None:
    by_rule = several_by_rule(questions_of_votes([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0], [2, 2, 2, 0]))
    released = several_labels(material().labelled.sets)
    without = headline_finding(by_rule, released, None, TOYS)
    finding = headline_finding(by_rule, released, None, TOYS, corrected=Corrected(0.55, Interval(0.4, 0.7)))
    assert AFTER_AUDIT not in values(without)
    assert values(finding)[AFTER_AUDIT] == 0.55
    assert "corrected share’s interval combines both" in finding.definition


@pytest.mark.parametrize(
    ("sources", "row"),
    [
        ({LabelSource.AGREED: 4}, "as released"),
        ({LabelSource.AGREED: 3, LabelSource.REFINED: 1}, "as released, after the experts"),
        ({LabelSource.AGREED: 2, LabelSource.POSTERIOR: 1}, "as released: 1 image by the posterior"),
        (
            {LabelSource.REFINED: 1, LabelSource.AUDITED: 1, LabelSource.POSTERIOR: 1200},
            "as released: 2 images by experts, 1,200 by the posterior",
        ),
    ],
)
def test_the_released_row_of_the_headline_says_who_settled_images(sources: dict[LabelSource, int], row: str) -> None:
    by_rule = several_by_rule(questions_of_votes([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0], [2, 2, 2, 0]))
    report = told(replace(material(), by_rule=by_rule, sources=sources), made_at=NOW, version="1")
    headline = next(finding for finding in report.findings if finding.slug == "headline-by-rule")
    assert list(values(headline))[-1] == row
