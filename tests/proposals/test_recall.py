"""Whether the given label is among the first proposals."""

import numpy as np

from multilabelfy.proposals.ranking import is_held


def test_a_given_label_is_held_where_its_image_ranks_it_and_none_given_never_is() -> None:
    ranked = np.array([[7, 3], [2, 5], [0, 1]], dtype=np.int32)

    assert is_held(ranked, np.array([3, 7, -1])).tolist() == [True, False, False]
