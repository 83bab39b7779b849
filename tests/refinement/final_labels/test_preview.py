"""What a cut would do, counted before anything is released: the same as the cut itself does."""

import math

from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.final_labels.by_posterior import Cut, CutOutcome, Weighed, settle
from multilabelfy.refinement.final_labels.preview import Foreseen, by_number, foreseen, uncut, within

CHANCES = st.lists(st.one_of(st.floats(0, 1), st.integers(0, 100).map(lambda percent: percent / 100)), max_size=6)


def weighed(*images: list[float]) -> list[Weighed]:
    return [Weighed(ImageId(number), dict(enumerate(chances))) for number, chances in enumerate(images)]


def test_images_are_counted_by_what_becomes_of_them() -> None:
    waiting = [*weighed([0.9, 0.1], [0.9, 0.8, 0.2], [0.55], [0.3], []), Weighed(ImageId(9), {0: 0.9}, is_for_experts=True)]
    study = uncut(waiting, {0: 1, 1: 10, 2: 3})
    assert study.n_waiting == 6
    assert foreseen(study, 50, 0) == Foreseen(n_settled=3, n_below=2, n_in_doubt=0, n_for_experts=1, by_labels=(1, 12, 4, 0, 0))
    assert foreseen(study, 50, 20) == Foreseen(n_settled=2, n_below=1, n_in_doubt=2, n_for_experts=1, by_labels=(1, 11, 4, 0, 0))


@given(st.lists(CHANCES, max_size=8), st.integers(1, 99), st.integers(0, 49))
def test_at_whole_percents_it_is_what_a_release_does(images: list[list[float]], wanted: int, wide: int) -> None:
    threshold, margin = within(wanted, wide)
    finals, outcomes = settle(weighed(*images), Cut(threshold / 100, margin / 100))
    would = foreseen(uncut(weighed(*images), {}), threshold, margin)
    assert (would.n_settled, would.n_below, would.n_in_doubt) == tuple(
        outcomes[outcome] for outcome in (CutOutcome.SETTLED, CutOutcome.BELOW, CutOutcome.IN_DOUBT)
    )
    sizes = [len(final.labels) for final in finals]
    assert would.by_labels == by_number({size: sizes.count(size) for size in sizes})


@given(st.integers(-5, 200), st.integers(-5, 200))
def test_every_cut_of_the_page_can_settle_something(wanted: int, wide: int) -> None:
    threshold, margin = within(wanted, wide)
    cut = Cut(threshold / 100, margin / 100)
    assert math.isclose(cut.valid_from, (threshold + margin) / 100)


def test_the_packed_chances_do_not_tell_which_image_is_which() -> None:
    study, other = (uncut(weighed(*images), {}) for images in ([[0.9, 0.2], [0.6]], [[0.6], [0.9, 0.2]]))
    assert study.packed == other.packed == bytes([60, 0, 90, 20, 0])
