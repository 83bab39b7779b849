"""What final labels do to the label that an image came with."""

import pytest

from multilabelfy.evaluation.labels.correction import Correction, correction_of, single_label


@pytest.mark.parametrize(
    ("given", "final", "expected"),
    [
        (3, (3,), Correction.STANDS),
        (3, (5,), Correction.REPLACED),
        (3, (3, 5), Correction.ONE_OF_SEVERAL),
        (3, (4, 5), Correction.REPLACED_BY_SEVERAL),
        (3, (), Correction.NO_LABEL),
        (None, (), Correction.NO_LABEL),
        (None, (5,), Correction.NONE_GIVEN),
        (None, (4, 5), Correction.NONE_GIVEN),
        (0, (0,), Correction.STANDS),
    ],
)
def test_each_image_is_of_one_kind(given: int | None, final: tuple[int, ...], expected: Correction) -> None:
    assert correction_of(given, final) is expected


def test_only_a_single_valid_label_makes_a_single_label() -> None:
    assert [single_label(final) for final in ((0,), (1, 2), ())] == [0, None, None]
