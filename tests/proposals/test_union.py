"""Several proposers' lists become one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.proposals.model import Proposal
from multilabelfy.proposals.union import joined, reciprocal_ranks, union


def ranked(source: str, *labels: int) -> list[Proposal]:
    return [Proposal(label, rank, 1 / (rank + 1), source) for rank, label in enumerate(labels, start=1)]


def labels_and_sources(proposals: tuple[Proposal, ...]) -> list[tuple[int, str]]:
    return [(proposal.label, proposal.source) for proposal in proposals]


def test_one_proposers_list_comes_back_as_it_is() -> None:
    assert union(ranked("a", 5, 3, 9), 2) == tuple(ranked("a", 5, 3, 9))


def test_labels_of_one_proposer_alone_come_by_rank_and_the_first_named_goes_first() -> None:
    together = union(ranked("a", 5, 3) + ranked("b", 8, 1), 2)

    assert labels_and_sources(together) == [(5, "a"), (8, "b"), (3, "a"), (1, "b")]


def test_what_two_bring_comes_before_what_one_has_first() -> None:
    together = union(ranked("a", 5, 3, 8) + ranked("b", 7, 8, 3), 3)

    assert labels_and_sources(together) == [(3, "a"), (8, "b"), (5, "a"), (7, "b")]


def test_a_label_that_two_bring_keeps_its_better_rank_and_that_source() -> None:
    together = union(ranked("a", 5, 3, 8) + ranked("b", 8, 5), 3)

    assert labels_and_sources(together) == [(5, "a"), (8, "b"), (3, "a")]
    assert [proposal.rank for proposal in together] == [1, 1, 2]


def test_a_second_proposers_rank_beyond_k_says_nothing() -> None:
    """At k = 2 the lists are (1, 2) and (3, 4); label 5, which both have behind them, follows, and then 6."""
    together = union(ranked("a", 1, 2, 5, 6) + ranked("b", 3, 4, 6, 5), 2)

    assert [proposal.label for proposal in together] == [1, 3, 2, 4, 5, 6]


def test_of_equal_ranks_the_first_proposer_keeps_the_label() -> None:
    assert labels_and_sources(union(ranked("a", 5) + ranked("b", 5), 1)) == [(5, "a")]


def test_nothing_proposed_is_nothing_joined() -> None:
    assert union([], 4) == ()


@given(st.integers(1, 4), st.integers(1, 8), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_people_are_shown_what_is_measured(n_models: int, depth: int, k: int, seed: int) -> None:
    """An image's candidates are the first k of `joined` over the lists cut at k, which a report measures."""
    generator = np.random.default_rng(seed)
    lists = np.stack([generator.permutation(12)[:depth] for _ in range(n_models)])
    proposals = [proposal for place, of_model in enumerate(lists.tolist()) for proposal in ranked(f"model {place}", *of_model)]
    [measured] = joined(lists[:, np.newaxis, :k], reciprocal_ranks(min(k, depth), k), k)
    assert [proposal.label for proposal in union(proposals, k)[:k]] == [label for label in measured.tolist() if label >= 0]


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_labels_come_by_the_sum_of_their_points(n_models: int, depth: int, k: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    lists = np.stack([[generator.permutation(9)[:depth]] for _ in range(n_models)])
    points = generator.integers(0, 4, lists.shape) / 4
    total: dict[int, float] = {}
    for of_model, theirs in zip(lists[:, 0].tolist(), points[:, 0].tolist(), strict=True):
        for label, point in zip(of_model, theirs, strict=True):
            total[label] = total.get(label, 0) + point
    first = {label: min((rank, model) for model, rank in zip(*np.nonzero(lists[:, 0] == label), strict=True)) for label in total}
    order = sorted(total, key=lambda label: (-total[label], first[label]))
    assert [label for label in joined(lists, points, k)[0].tolist() if label >= 0] == order[:k]


def test_without_points_models_take_turns_and_lists_may_end() -> None:
    lists = np.array([[[1, 2, -1]], [[2, 3, 4]]])
    assert joined(lists, np.zeros(3), 6).tolist() == [[1, 2, 3, 4, -1, -1]]


def test_sums_that_are_equal_but_for_rounding_are_equal() -> None:
    """0.2 + 0.3 + 0.1 is less than 0.1 + 0.2 + 0.3 in the last digit: the best rank decides, which the first model gives to label 7."""
    lists = np.array([[[7, 8, 0]], [[8, 7, 1]], [[2, 8, 7]]])
    points = np.array([[[0.2, 0.2, 0]], [[0.1, 0.3, 0]], [[0, 0.3, 0.1]]])
    assert joined(lists, points, 2).tolist() == [[7, 8]]


def test_no_image_is_no_list() -> None:
    assert joined(np.zeros((2, 0, 3), dtype=int), np.zeros(3), 2).shape == (0, 2)
