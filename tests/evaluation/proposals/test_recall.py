"""How many valid labels are among a model's first k."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.missed import missed
from multilabelfy.evaluation.proposals.recall import by_class, by_label_count, recall_at, valid_ranks
from multilabelfy.statistics.shares import Share

RANKED = np.array([[7, 3, 1], [2, 5, 7], [4, 0, -1]])


def valid(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{n}.jpg" for n in range(len(rows))], rows)


def test_labels_count_and_an_image_is_complete_with_all_of_its_own() -> None:
    first, third = recall_at(valid_ranks(RANKED, sets := valid([1, 7], [5], [])), sets, [1, 3], seed=0)
    assert (first.n_images, first.n_labels, first.n_held, first.n_complete) == (2, 3, 1, 0)
    assert (third.n_held, third.n_complete) == (3, 2)
    assert (first.of_labels, third.of_images) == (1 / 3, 1.0)


def test_keys_are_one_for_each_group_of_five_and_one_for_each_label_held() -> None:
    ranked = np.tile(np.arange(20), (5, 1))
    five, six, twenty = recall_at(valid_ranks(ranked, sets := valid([0, 19], [1, 18], [2, 5], [3, 4, 17], [])), sets, [5, 6, 20], seed=0)
    assert (five.keys, six.keys, twenty.keys) == (1 + 5 / 4, 2 + 6 / 4, 4 + 9 / 4)
    assert (five.median_keys, six.median_keys, twenty.median_keys) == (1 + 1, 2 + 1.5, 4 + 2)


def test_few_images_have_no_interval_and_no_label_is_no_recall() -> None:
    [at] = recall_at(valid_ranks(RANKED, sets := valid([7], [2], [4])), sets, [1], seed=0)
    assert (at.of_labels, at.interval) == (1.0, None)
    [nothing] = recall_at(valid_ranks(RANKED, sets := valid([], [], [])), sets, [1], seed=0)
    assert (nothing.of_labels, nothing.of_images, nothing.keys, nothing.median_keys) == (None, None, None, None)


def test_shares_by_number_of_labels_and_by_class() -> None:
    ranks = valid_ranks(RANKED, sets := valid([1, 7], [7], [6]))
    assert by_label_count(ranks, sets, 1) == {1: Share(0, 2), 2: Share(1, 2)}
    assert {label: share for label, (share, _) in by_class(ranks, sets, 3).items()} == {1: Share(1, 1), 6: Share(0, 1), 7: Share(2, 2)}


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_recall_grows_with_k_up_to_what_the_lists_hold(n_models: int, depth: int, n_images: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    ranked = np.stack([[generator.permutation(8)[:depth] for _ in range(n_images)] for _ in range(n_models)])
    sets = valid(*[generator.permutation(8)[: generator.integers(0, 4)].tolist() for _ in range(n_images)])
    recalls = recall_at(valid_ranks(ranked[0], sets), sets, range(1, depth + 1), seed=0)
    held = [at.n_held for at in recalls]
    assert held == sorted(held)
    assert held[-1] == sum(len(set(row) & set(of.tolist())) for row, of in zip(sets.rows(), ranked[0], strict=True))


def test_without_models_or_valid_labels_nothing_is_measured() -> None:
    assert missed([], np.zeros((0, 3, 3), dtype=int), valid([7], [2], [4]), 20, seed=0) is None
    assert missed(["a"], RANKED[None], valid([], [], []), 20, seed=0) is None
