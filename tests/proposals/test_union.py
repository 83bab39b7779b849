"""Several proposers' lists become one."""

from multilabelfy.proposals.model import Proposal
from multilabelfy.proposals.union import union


def ranked(source: str, *labels: int) -> list[Proposal]:
    return [Proposal(label, rank, 1 / (rank + 1), source) for rank, label in enumerate(labels, start=1)]


def labels_and_sources(proposals: tuple[Proposal, ...]) -> list[tuple[int, str]]:
    return [(proposal.label, proposal.source) for proposal in proposals]


def test_one_proposers_list_comes_back_as_it_is() -> None:
    assert union(ranked("a", 5, 3, 9)) == tuple(ranked("a", 5, 3, 9))


def test_proposers_take_turns_by_rank_and_the_first_named_goes_first() -> None:
    joined = union(ranked("a", 5, 3) + ranked("b", 8, 1))

    assert labels_and_sources(joined) == [(5, "a"), (8, "b"), (3, "a"), (1, "b")]


def test_a_label_that_two_bring_keeps_its_better_rank_and_that_source() -> None:
    joined = union(ranked("a", 5, 3, 8) + ranked("b", 8, 5))

    assert labels_and_sources(joined) == [(5, "a"), (8, "b"), (3, "a")]
    assert [proposal.rank for proposal in joined] == [1, 1, 2]


def test_of_equal_ranks_the_first_proposer_keeps_the_label() -> None:
    assert labels_and_sources(union(ranked("a", 5) + ranked("b", 5))) == [(5, "a")]


def test_nothing_proposed_is_nothing_joined() -> None:
    assert union([]) == ()
