"""The proposer and the models under test: what nobody judged, and what only one family proposed."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.many_models.own_family import LabelsAsked, ModelUnderTest, models_under_test, only_family
from multilabelfy.evaluation.measures.evaluated import evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings

NAMES = ["a", "b", "c", "d", "e"]
FIRST = {"timm/eva02_large": [0, 2, 4, 6, 1], "eva_giant": [0, 9, 4, 6, 1], "resnet50": [9, 1, 3, 8, 1]}


def five_images() -> tuple[ModelUnderTest, ...]:
    """a {0}, b {1, 2}, c {3, 4}, d {}; e {1} was imported: nobody was asked. Of the valid labels, eva alone proposed 0, 2 and 4."""
    labelled = LabelledImages(LabelSets.from_rows(NAMES, [[0], [1, 2], [3, 4], [], [1]]))
    judged = LabelSets.from_rows(NAMES, [[0, 5], [1, 2, 5], [3, 4], [6], []])
    models = evaluated(labelled, Rankings(tuple(FIRST), np.array(list(FIRST.values()))[:, :, np.newaxis]))
    asked = LabelsAsked(judged, np.array([0, -1, 0, -1, 0, -1]), ("eva",), np.zeros(6, dtype=bool))
    return models_under_test(labelled, models, asked, seed=0)


def test_first_labels_that_nobody_judged_are_counted_over_the_images_that_people_were_asked_about() -> None:
    assert [(one.unjudged.n_of, one.unjudged.n) for one in five_images()] == [(0, 4), (1, 4), (2, 4)]  # b; a and d


def test_real_is_told_with_unjudged_labels_wrong_and_right() -> None:
    found = [(one.real.n_of, one.real_if_valid.n_of, one.real.n) for one in five_images()]
    assert found == [(3, 3, 3), (2, 3, 3), (2, 3, 3)]  # d has no label, and stays out


def test_a_rank_without_the_labels_that_only_the_own_family_proposed() -> None:
    eva, giant, resnet = five_images()
    assert [one.rank.value for one in (eva, giant, resnet)] == [1, 2, 2]
    assert (eva.is_of_proposers, eva.family, eva.n_own) == (True, "eva", 3)
    assert (resnet.is_of_proposers, resnet.n_own, resnet.rank_without_own) == (False, 0, resnet.rank)
    # without 0, 2 and 4: a has no label, b {1}, c {3}: resnet is right twice, both eva models never
    assert (eva.rank_without_own.value, giant.rank_without_own.value) == (2, 2)


def test_images_that_nobody_was_asked_about_say_nothing() -> None:
    labelled = LabelledImages(LabelSets.from_rows(["a"], [[0]]))
    models = evaluated(labelled, Rankings(("m",), np.array([[[0]]])))
    assert (
        models_under_test(
            labelled, models, LabelsAsked(LabelSets.from_rows(["a"], [[]]), np.array([-1]), ("m",), np.array([False])), seed=0
        )
        == ()
    )


@pytest.mark.parametrize(
    ("label", "family"),
    [(0, "eva"), (1, "eva"), (2, ""), (3, ""), (4, "")],
    ids=["one proposer", "two of one family", "two families", "the given label", "found by search"],
)
def test_whose_label_it_is(label: int, family: str) -> None:
    eva, eva02, resnet = "timm/eva_giant", "timm/eva02_large@0a1b2c3d", "onnx:resnet50.onnx@0a1b2c3d"
    sources = {0: frozenset({eva}), 1: frozenset({eva, eva02}), 2: frozenset({eva, resnet}), 3: frozenset({eva})}
    assert only_family(sources, [label], frozenset({3})) == [family]
