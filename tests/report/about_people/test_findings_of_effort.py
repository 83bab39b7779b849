"""What a report says of the time that the labels took: of whose answers it is known, and of how many."""

from multilabelfy.report.about_people.people import PersonsWork, effort_finding
from multilabelfy.report.findings import Subject

TIMED = PersonsWork("annotator 1", (4.0,) * 30)
UNTIMED = PersonsWork("expert 1", (0.0,) * 12)


def test_a_mean_over_some_of_the_answers_says_over_how_many() -> None:
    told = effort_finding([TIMED, UNTIMED], Subject("Pets"))
    assert told.title == "1 person worked 2 minutes: 4 seconds per answer"
    assert (
        told.subtitle == "Mean time per answer; 2 people, 42 answers on Pets; the time of 30 answers was measured; bars are 95% intervals"
    )


def test_a_mean_over_all_answers_says_no_more() -> None:
    assert effort_finding([TIMED], Subject("Pets")).subtitle == "Mean time per answer; 1 person, 30 answers on Pets; bars are 95% intervals"
