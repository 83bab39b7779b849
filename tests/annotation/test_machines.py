"""What a machine may answer, and what is said of anything else."""

import pytest

from multilabelfy.annotation.machines import read_answers
from multilabelfy.annotation.model import Vote
from multilabelfy.errors import MachineFailed


def test_each_label_has_its_answer_in_the_order_in_which_they_were_asked() -> None:
    assert read_answers(("yes", "no", "maybe"), [7, 2, 4]) == {7: Vote.YES, 2: Vote.NO, 4: Vote.MAYBE}


def test_a_machine_may_leave_a_label_open() -> None:
    assert read_answers(["yes", None], [1, 2]) == {1: Vote.YES, 2: None}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("yes", "it answered 'yes', which is not a list of answers"),
        (None, "it answered None, which is not a list"),
        (["yes"], "it gave 1 answer about 2 labels"),
        (["yes", "Yes."], "it answered 'Yes.'; an answer is 'yes', 'maybe', 'no', or None"),
        ([0.9, 0.1], "it answered 0.9; an answer is"),
        ([True, False], "it answered True; an answer is"),
        (["yes", ["no"]], r"it answered \['no'\]; an answer is"),
        (["x" * 500, "no"], "…; an answer is"),
    ],
)
def test_anything_else_is_refused(given: object, problem: str) -> None:
    with pytest.raises(MachineFailed, match=problem):
        read_answers(given, [1, 2])
