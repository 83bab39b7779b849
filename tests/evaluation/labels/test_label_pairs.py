"""Pairs of labels that come together: twins, and labels inside others."""

from collections import Counter
from pathlib import Path

import pytest

from multilabelfy.dataset.hierarchy import Hierarchy
from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.labels.label_pairs import Together, label_pairs, labels_without_images, pairs_by_image
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.label_sets import read_label_sets


def sets(*rows: list[int]) -> LabelSets:
    return LabelSets.from_rows([f"{i}" for i in range(len(rows))], rows)


def test_every_pair_of_an_image_is_listed_once_with_the_lower_label_first() -> None:
    assert pairs_by_image(sets([2, 0, 1], [5], [], [3, 1])).tolist() == [[3, 1, 3], [0, 0, 1], [0, 0, 2], [0, 1, 2]]


def test_labels_that_come_with_each_other_are_twins() -> None:
    [pair] = label_pairs(sets(*[[0, 1]] * 20, [0], [1]))
    assert pair.together is Together.BOTH_WAYS
    assert (pair.n_first, pair.n_second, pair.n_both, pair.jaccard) == (21, 21, 20, 20 / 22)


def test_a_label_inside_another_is_named_first() -> None:
    [pair] = label_pairs(sets(*[[0, 1]] * 20, *[[0]] * 80))
    assert (pair.first, pair.second, pair.together) == (1, 0, Together.FIRST_INSIDE)


def test_a_few_images_make_nothing_sure() -> None:
    [pair] = label_pairs(sets([0, 1], [0, 1]))
    assert pair.together is None


def test_labels_without_images_are_listed() -> None:
    assert labels_without_images(sets([0, 2], [2]), 4) == (1, 3)
    assert label_pairs(sets([0], [])) == ()


@pytest.mark.real_data
def test_pairs_of_imagenetv2_that_share_a_parent_or_grandparent(shared_data: Path) -> None:
    """PROTOCOL: 10.7% of ImageNetV2's label pairs share a WordNet parent, 21.4% a grandparent."""
    space = imagenet1k()
    above = Hierarchy.of(space)
    pairs = pairs_by_image(read_label_sets(shared_data / "imagenetv2" / "refined_labels.json"))[:, 1:]
    kinship = {(a, b): above.kinship(space[a].key, space[b].key) for a, b in set(map(tuple, pairs.tolist()))}
    n = Counter(kinship[a, b] for a, b in pairs.tolist())
    by_name = {kin.value: count for kin, count in n.items() if kin}
    assert by_name["same parent"] / len(pairs) == pytest.approx(0.107, abs=5e-4)
    assert (by_name["same parent"] + by_name["same grandparent"]) / len(pairs) == pytest.approx(0.214, abs=6e-4)
