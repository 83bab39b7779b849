"""Reference pictures are chosen by a seed, and stay chosen."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.letters import ANY

from multilabelfy.dataset.exemplars import choose, ranked
from multilabelfy.dataset.model import Exemplar

PATHS = [f"cat/{number}.jpg" for number in range(30)]


def test_the_same_seed_chooses_the_same_pictures_whatever_order_they_are_found_in() -> None:
    assert choose({0: PATHS}, 4, seed=7) == choose({0: PATHS[::-1]}, 4, seed=7)


def test_another_seed_chooses_others() -> None:
    assert choose({0: PATHS}, 4, seed=7) != choose({0: PATHS}, 4, seed=8)


def test_a_label_with_few_pictures_gets_those_it_has() -> None:
    assert choose({3: ["b.jpg"], 1: []}, 4, seed=0) == (Exemplar(3, "b.jpg"),)


def test_labels_come_in_ascending_order() -> None:
    assert [exemplar.label for exemplar in choose({2: ["a"], 0: ["b"], 1: ["c"]}, 4, seed=0)] == [0, 1, 2]


@settings(deadline=None)
@given(st.sets(st.text(ANY, min_size=1), max_size=20), st.text(ANY, min_size=1), st.integers(0, 5))
def test_a_new_picture_moves_no_other(paths: set[str], new: str, seed: int) -> None:
    with_it = [path for path in ranked(paths | {new}, seed) if path != new]
    assert with_it == ranked(paths - {new}, seed)
