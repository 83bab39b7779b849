"""What a report says of near copies: how many, and where their given labels contradict."""

from dataclasses import replace

from tests.report.reports import NOW, labelled, material

from multilabelfy.dataset.copies import Copies, CopyGroup, copies_of
from multilabelfy.report.about_labels.near_copies import MOST_GROUPS, near_copies_finding
from multilabelfy.report.findings import Finding, Report, Subject
from multilabelfy.report.material import Material
from multilabelfy.report.story import told

NAMES = ("cat", "dog", "owl", "cow")
ALIKE = CopyGroup(tuple(f"{n}.jpg" for n in range(6)), (0,) * 6)
CONTRADICTING = CopyGroup(("a.jpg", "b.jpg", "c.jpg"), (1, 0, None))


def finding(*groups: CopyGroup, n_compared: int = 1000) -> Finding:
    return near_copies_finding(copies_of(groups, n_compared, 10), lambda label: NAMES[label], Subject("Pets"))


def report(copies: Copies | None) -> Report:
    return told(replace(Material(Subject("Pets"), labelled([[0]])), near_copies=copies), made_at=NOW, version="1.2.3")


def test_the_title_counts_near_copies_and_the_groups_whose_labels_contradict() -> None:
    assert finding(ALIKE, CONTRADICTING).title == "9 of 1,000 images are near copies of another; given labels contradict in 1 of 2 groups"


def test_that_none_contradict_is_told_where_there_are_given_labels_and_not_where_there_are_none() -> None:
    unlabelled = CopyGroup(("a.jpg", "b.jpg"), (None, None))
    assert finding(ALIKE).title == "6 of 1,000 images are near copies of another; their given labels do not contradict"
    assert finding(unlabelled).title == "2 of 1,000 images are near copies of another"


def test_the_text_says_what_a_contradiction_means_and_the_share_of_the_dataset() -> None:
    text = finding(ALIKE, CONTRADICTING)
    assert "0.90% of the images have a near copy, 3 are in a group whose given labels contradict" in text.subtitle
    assert "at least one of them is wrong, or both are valid" in text.definition
    assert "at most 10 of its 64 bits differ" in text.definition


def test_the_table_names_groups_whose_labels_contradict_first_and_some_of_their_images() -> None:
    first, second = finding(ALIKE, CONTRADICTING).table.rows
    assert first == (1, 3, "yes", "cat and dog", "a.jpg, b.jpg, c.jpg")
    assert second == (2, 6, "no", "cat", "0.jpg, 1.jpg, 2.jpg, 3.jpg and 2 more")


def test_of_many_groups_the_first_are_listed_and_all_are_counted() -> None:
    pairs = [CopyGroup((f"{n}a.jpg", f"{n}b.jpg"), (0, 1)) for n in range(40)]
    many = finding(*pairs)
    assert len(many.table.rows) == MOST_GROUPS
    assert "given labels contradict in 40 of 40 groups" in many.title


def test_a_report_has_the_finding_where_there_are_near_copies_alone() -> None:
    assert report(copies_of([CONTRADICTING], 10, 10)).finding("near-copies").table.rows[0][0] == 1
    for none in (None, copies_of([], 10, 10)):
        assert "near-copies" not in {each.slug for each in report(none).findings}


def test_other_findings_stay_as_they_are() -> None:
    assert [each.slug for each in told(material(), made_at=NOW, version="1").findings] == [
        each.slug for each in told(replace(material(), near_copies=copies_of([], 5, 10)), made_at=NOW, version="1").findings
    ]
