"""What a report says of labels that nobody found: at least as many as the lower end of the interval."""

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_finding, beyond_candidates_text
from multilabelfy.report.findings import Subject
from multilabelfy.statistics.intervals import Interval

BEYOND = BeyondCandidates(n_images=100, n_searched=20, n_found_once=16, n_found_twice=4, interval=Interval(5.6, 30.2))


def test_at_least_so_many_are_the_lower_end_of_the_interval() -> None:
    """Chao's bound itself is 16 × 15 / (4 × 5) = 12, and an estimate: as few as 5.6 are possible."""
    assert beyond_candidates_finding(BEYOND, Subject()).title.endswith("; at least 5 more were found by nobody")
    assert "at least 5 more were found by neither of two annotators (Chao’s lower bound is 12, 95% interval 5.6 to 30.2)" in (
        beyond_candidates_text(BEYOND)
    )
