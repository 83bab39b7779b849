"""A picture's list does not depend on how many others are scored with it: real weights, in torch and through ONNX Runtime."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.inference.scorers.test_contract import of_lite0, of_lite0_as_onnx, of_lite0_in_torch
from tests.workflows.proposing.lite0_for_proposing import one_thread

from multilabelfy.inference.scorers.network.networks import AGREED, N_COMPARED, same_lists
from multilabelfy.pictures.opening import open_picture
from multilabelfy.proposals.model import Scorer

pytestmark = pytest.mark.real_data
N_PHOTOS = 16
EVERY = 15


@pytest.mark.parametrize("made", [of_lite0_in_torch, of_lite0, of_lite0_as_onnx])
def test_batches_of_one_and_of_eight_give_the_same_lists(made: Callable[[Path], Scorer], shared_data: Path, tmp_path: Path) -> None:
    photos = sorted(path for path in (shared_data / "photos").rglob("*") if path.is_file())[::EVERY][:N_PHOTOS]
    with one_thread():
        scorer = made(tmp_path)
        batch = np.stack([scorer.prepare(open_picture(path)) for path in photos])
        if made is of_lite0:
            scorer.score(batch[:N_COMPARED])  # torch compares, and then ONNX Runtime is by itself
            assert scorer.remark == AGREED  # type: ignore[attr-defined]  # of this scorer
        one_by_one = np.concatenate([scorer.score(batch[row : row + 1]) for row in range(N_PHOTOS)])
        by_eight = np.concatenate([scorer.score(batch[row : row + 8]) for row in range(0, N_PHOTOS, 8)])

    assert len(photos) == N_PHOTOS
    assert same_lists(one_by_one, by_eight)
    assert same_lists(by_eight, one_by_one)
