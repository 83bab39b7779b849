"""How many valid labels are among a model's first k, and among several models' together at the same k."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.missed import missed
from multilabelfy.evaluation.proposals.recall import by_class, by_label_count, recall_at, valid_ranks
from multilabelfy.evaluation.proposals.unions import best_unions, fused
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
    ranked = np.tile(np.arange(20), (4, 1))
    five, twenty = recall_at(valid_ranks(ranked, sets := valid([0, 19], [1], [2], [3])), sets, [5, 20], seed=0)
    assert (five.keys, twenty.keys) == (1 + 4 / 4, 4 + 5 / 4)


def test_few_images_have_no_interval_and_no_label_is_no_recall() -> None:
    [at] = recall_at(valid_ranks(RANKED, sets := valid([7], [2], [4])), sets, [1], seed=0)
    assert (at.of_labels, at.interval) == (1.0, None)
    [nothing] = recall_at(valid_ranks(RANKED, sets := valid([], [], [])), sets, [1], seed=0)
    assert (nothing.of_labels, nothing.of_images, nothing.keys) == (None, None, None)


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


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_lists_are_fused_as_the_sum_of_reciprocal_ranks_says(n_models: int, depth: int, k: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    lists = np.stack([[generator.permutation(9)[:depth]] for _ in range(n_models)])
    score: dict[int, float] = {}
    for of_model in lists[:, 0]:
        for rank, label in enumerate(of_model.tolist(), start=1):
            score[label] = score.get(label, 0) + 1 / (60 + rank)
    [together] = fused(lists, k)
    kept = [label for label in together.tolist() if label >= 0]
    assert len(set(kept)) == len(kept) == min(k, len(score), together.size)
    assert [score[label] for label in kept] == pytest.approx(sorted(score.values(), reverse=True)[: len(kept)])


def test_one_list_fused_is_the_list_itself_and_its_end_stays_the_end() -> None:
    assert fused(RANKED[None], 3).tolist() == RANKED.tolist()


def test_a_union_is_measured_on_images_that_it_was_not_chosen_on() -> None:
    """Twenty models guess at random: the best on the images where it was chosen looks better than one in ten, and is not."""
    generator = np.random.default_rng(0)
    ranked = generator.integers(0, 10, (20, 2000, 1))
    alone, *_ = best_unions([str(n) for n in range(20)], ranked, valid(*[[n % 10] for n in range(2000)]), 1, seed=0)
    assert alone.interval is not None
    assert alone.interval.low < 0.1 < alone.interval.high


def test_models_that_know_different_halves_hold_more_together() -> None:
    cats, dogs = [[0, 1, 2, 3]] * 100, [[4, 5, 6, 7]] * 100
    sets = valid(*[[0] if n % 2 else [4] for n in range(100)])
    alone, both = best_unions(["cats", "dogs"], np.array([cats, dogs]), sets, 2, seed=0)
    assert both.models in {("cats", "dogs"), ("dogs", "cats")}
    assert both.recall == 1.0
    assert both.gain == 1.0 - alone.recall
    assert both.gain_interval is not None
    assert both.gain_interval.low > 0


def test_without_models_or_valid_labels_nothing_is_measured() -> None:
    assert missed([], np.zeros((0, 3, 3), dtype=int), valid([7], [2], [4]), 20, seed=0) is None
    assert missed(["a"], RANKED[None], valid([], [], []), 20, seed=0) is None


@pytest.mark.real_data
def test_a_second_model_adds_a_point_of_imagenetv2s_labels_to_what_the_best_holds(shared_data: Path) -> None:
    with np.load(shared_data / "predictions" / "imagenetv2.npz") as predictions:
        place = {str(name): n for n, name in enumerate(predictions["images"])}
        labels = json.loads((shared_data / "imagenetv2" / "refined_labels.json").read_text())
        sets = LabelSets.from_rows(list(labels), [[int(label) for label in of_image] for of_image in labels.values()])
        names = [str(model) for model in predictions["models"]]
        chosen = [names.index(model) for model in ("pnasnet_large_tf", "nasnetalarge", "senet154", "resnet50", "alexnet") if model in names]
        ranked = predictions["ranked"][chosen][:, [place[name] for name in labels]].astype(np.int64)
    found = missed([names[n] for n in chosen], ranked, sets, 5, seed=0)
    assert found is not None
    assert found.best == "pnasnet_large_tf"
    assert found.at(found.best, 5).of_labels == pytest.approx(0.7308, abs=5e-4)
    assert found.unions[1].models == ("pnasnet_large_tf", "senet154")
    assert found.unions[1].gain == pytest.approx(0.0095, abs=5e-4)
