"""What a report says of labels that were found by search, and that it knows the rest from below alone."""

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.proposals.by_search import FoundBySearch
from multilabelfy.report.about_proposals.by_search import by_search_finding
from multilabelfy.report.findings import Subject
from multilabelfy.statistics.intervals import Interval

FOUND = FoundBySearch(n_images=1000, n_labels=2000, n_found=50, interval=Interval(0.018, 0.033))
BEYOND = BeyondCandidates(n_images=100, n_searched=20, n_found_once=16, n_found_twice=4, interval=Interval(5.6, 30.2))


def test_the_title_says_the_share_and_that_the_rest_is_known_from_below() -> None:
    told = by_search_finding(FOUND, BEYOND, Subject("Toys"))
    assert told.title == "2.5% of the valid labels were found by search; how many are still missing is known only from below"
    assert told.subtitle.endswith("2,000 valid labels of 1,000 images of Toys")
    assert [(row["n"], row["share"], row["share_low"], row["share_high"]) for row in told.table.records()] == [
        (1950, 0.975, 1 - 0.033, 1 - 0.018),
        (50, 0.025, 0.018, 0.033),
    ]


def test_the_bound_is_called_a_lower_one_in_plain_words() -> None:
    text = by_search_finding(FOUND, BEYOND, Subject()).definition
    assert "at least 5 more were found by neither of two annotators (Chao’s lower bound is 12, 95% interval 5.6 to 30.2)" in text
    assert "This is a lower bound: at least so many are still missing, and there may be many more." in text


def test_without_two_who_searched_nothing_is_said_of_the_rest() -> None:
    for beyond in (None, BeyondCandidates(100, 0, 0, 0, Interval(0, 0))):
        told = by_search_finding(FOUND, beyond, Subject())
        assert told.title.endswith("; how many are still missing is not known")
        assert "nothing here can tell" in told.definition
        assert "lower bound" not in told.definition


def test_few_images_have_no_interval_and_unfinished_studies_say_so() -> None:
    told = by_search_finding(FoundBySearch(9, 10, 1, None), None, Subject("Toys", 9))
    assert told.title.startswith("10.0% of the valid labels of the finished images were found by search; ")
    assert [row["share_low"] for row in told.table.records()] == [None, None]
