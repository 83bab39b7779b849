"""Models by the release that a cut would make: the same as measuring them on that release."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.dataset.model import ImageId, LabelSets
from multilabelfy.evaluation.choices.cut import models_uncut, real_at_cut
from multilabelfy.evaluation.measures.evaluated import evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings
from multilabelfy.refinement.final_labels.by_posterior import Cut, Weighed, settle
from multilabelfy.refinement.final_labels.preview import percent, within

N_LABELS = 5
SETS = st.sets(st.integers(0, N_LABELS - 1), max_size=3)
CHANCES = st.dictionaries(st.integers(0, N_LABELS - 1), st.integers(0, 100).map(lambda whole: whole / 100), max_size=4)


def percents(chances: dict[int, float]) -> dict[int, int]:
    return {label: percent(chance) for label, chance in chances.items()}


def test_a_model_is_right_on_what_people_settled_and_on_what_the_cut_settles() -> None:
    people = [(0,), (1, 2), ()]
    waiting = [{0: 90, 1: 10}, {3: 55}, {4: 30}]
    uncut = models_uncut({"first": [0, 2, 0, 1, 3, 4], "second": [0, 1, 1, 0, 3, 4]}, people, waiting)
    second, first = real_at_cut(uncut, 50, 0)
    assert (first.model, first.n, first.real) == ("first", 4, 0.75)
    assert (second.model, second.n, second.real) == ("second", 4, 1.0)
    assert [of.n for of in real_at_cut(uncut, 50, 10)] == [3, 3]  # the second image is in doubt
    assert {of.model: of.real for of in real_at_cut(uncut, 50, 10)} == {"first": pytest.approx(2 / 3), "second": 1.0}


def test_without_an_image_that_has_labels_there_is_no_measure() -> None:
    (only,) = real_at_cut(models_uncut({"model": [0, 1]}, [()], [{1: 20}]), 50, 0)
    assert (only.n, only.real, only.interval) == (0, None, None)
    assert real_at_cut(models_uncut({}, [], []), 50, 0) == []


@given(st.lists(SETS, max_size=4), st.lists(CHANCES, min_size=1, max_size=6), st.integers(1, 99), st.integers(0, 49), st.data())
def test_it_is_the_measure_on_the_release_that_this_cut_makes(
    people: list[set[int]], waiting: list[dict[int, float]], wanted: int, wide: int, data: st.DataObject
) -> None:
    threshold, margin = within(wanted, wide)
    first = data.draw(st.lists(st.integers(0, N_LABELS), min_size=len(people) + len(waiting), max_size=len(people) + len(waiting)))
    settled, _ = settle([Weighed(ImageId(at), chances) for at, chances in enumerate(waiting)], Cut(threshold / 100, margin / 100))
    sets = [*(sorted(labels) for labels in people), *(final.labels for final in settled)]
    firsts = [*first[: len(people)], *(first[len(people) + final.image] for final in settled)]
    (found,) = real_at_cut(models_uncut({"model": first}, [*map(tuple, people)], [percents(of) for of in waiting]), threshold, margin)
    labelled = LabelledImages(LabelSets.from_rows([str(at) for at in range(len(sets))], sets))
    (model,) = evaluated(labelled, Rankings(("model",), np.array([firsts], dtype=np.int64).reshape(1, -1, 1)))
    assert found.n == sum(bool(labels) for labels in sets)
    assert found.real == (pytest.approx(model.measures.real) if found.n else None)
