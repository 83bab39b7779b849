"""In which order, and in which groups, an annotator sees the candidates."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.model import AnnotatorId, Candidate
from multilabelfy.annotation.page import grouped, ordered
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.dataset.model import ImageId

FIVE = tuple(Candidate(label, "a model", rank) for rank, label in enumerate((40, 10, 30, 20, 50), start=1))
label_lists = st.lists(st.integers(0, 21_999), unique=True, min_size=1, max_size=30)


def test_the_paper_s_protocol_keeps_the_model_s_order() -> None:
    assert ordered(FIVE, PAPER, seed=1, image=ImageId(2), annotator=AnnotatorId(3)) == FIVE


@given(label_lists, st.integers(), st.integers(1), st.integers(1))
def test_a_shuffle_keeps_every_candidate_once_and_is_the_same_each_time(labels: list[int], seed: int, image: int, annotator: int) -> None:
    candidates = tuple(Candidate(label, "a model", rank) for rank, label in enumerate(labels, start=1))
    first = ordered(candidates, BLIND, seed=seed, image=ImageId(image), annotator=AnnotatorId(annotator))
    again = ordered(candidates[::-1], BLIND, seed=seed, image=ImageId(image), annotator=AnnotatorId(annotator))
    assert first == again  # whatever the order in which they were frozen
    assert Counter(first) == Counter(candidates)


def test_the_blind_order_differs_between_annotators_and_between_images() -> None:
    def order(image: int, annotator: int) -> tuple[int, ...]:
        return tuple(c.label for c in ordered(FIVE, BLIND, seed=7, image=ImageId(image), annotator=AnnotatorId(annotator)))

    assert len({order(1, annotator) for annotator in range(1, 40)}) > 20
    assert len({order(image, 1) for image in range(1, 40)}) > 20


def test_every_candidate_comes_first_about_equally_often() -> None:
    firsts = Counter(ordered(FIVE, BLIND, seed=0, image=ImageId(image), annotator=AnnotatorId(1))[0].label for image in range(5_000))
    assert all(850 < n < 1150 for n in firsts.values())  # 1,000 expected, standard deviation 28


def test_groups_hold_five_and_the_last_the_rest() -> None:
    seven = tuple(Candidate(label, "a model", label + 1) for label in range(7))
    assert [len(group) for group in grouped(seven, 5)] == [5, 2]
    assert grouped((), 5) == ()
