"""A graphics card gives the lists that the processor gives, in numbers of either kind, and its batches find their size.

Written after PyTorch's documentation and tried on no card yet. Collected where CUDA is available (see `conftest.py`).
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import timm
import torch
from PIL import Image

from multilabelfy.inference.precision import Precision
from multilabelfy.inference.running.streaming import Manner, manner_of, score_pictures
from multilabelfy.inference.scorers.lite0 import PREPARATION, TABLE, lite0_network
from multilabelfy.inference.scorers.network.less_precise import difference
from multilabelfy.inference.scorers.network.networks import InTorch, NetworkScorer, best_device, same_lists, swiftest
from multilabelfy.inference.scorers.preparation import prepare
from multilabelfy.pictures.opening import open_picture

CARD, PROCESSOR = torch.device("cuda"), torch.device("cpu")
TIES = 1e-4
"""By how much a card's sums may differ from a processor's, which add up in another order."""


@pytest.fixture(autouse=True)
def in_full() -> None:
    """TensorFloat-32 rounds factors to 10 bits: whoever compares with a processor does without."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def small_network(device: torch.device) -> InTorch:
    torch.manual_seed(0)
    return InTorch(timm.create_model("test_resnet", pretrained=False), device)


def pictures(n: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(n, 3, 160, 160)).astype(np.float32)


def test_the_card_is_taken_where_there_is_one_and_scores_ahead() -> None:
    network = swiftest(small_network(best_device()), (3, 160, 160))

    assert best_device().type == "cuda"
    assert manner_of(NetworkScorer((), network)) is Manner.AHEAD  # type: ignore[arg-type]  # it prepares nothing here


def test_a_batch_is_placed_from_pinned_memory_and_scores_as_one_that_was_not() -> None:
    network, batch = small_network(CARD), pictures(9)

    placed = network.place(batch)

    assert (placed.device.type, tuple(placed.shape)) == ("cuda", batch.shape)
    assert placed.is_contiguous(memory_format=torch.channels_last)
    assert np.array_equal(placed.cpu().numpy(), batch)
    assert network.score(placed) == pytest.approx(network.score(batch), abs=1e-6)


def test_the_card_gives_the_processors_lists_for_photos(shared_data: Path) -> None:
    photos = sorted(path for path in (shared_data / "photos").rglob("*") if path.is_file())[:32]
    batch = np.stack([prepare(open_picture(path, at_least=PREPARATION.resize), PREPARATION, TABLE) for path in photos])
    here = lite0_network()
    on_card = InTorch(lite0_network().model, CARD)

    ours, exact = on_card.score(on_card.place(batch)), here.score(batch)

    assert np.abs(ours - exact).max() < TIES
    assert difference(ours, exact) == ""
    assert same_lists(ours, exact, k=1)


@pytest.mark.parametrize("precision", [Precision.BFLOAT16, Precision.FLOAT16])
def test_other_precisions_pass_their_trial_with_photos(shared_data: Path, precision: Precision) -> None:
    photos = sorted(path for path in (shared_data / "photos").rglob("*") if path.is_file())[:8]
    batch = np.stack([prepare(open_picture(path, at_least=PREPARATION.resize), PREPARATION, TABLE) for path in photos])
    network = swiftest(InTorch(lite0_network().model, CARD), (3, 224, 224), precision)

    network.try_out(batch)  # type: ignore[attr-defined]  # it is a LessPrecise

    assert network.remark.startswith(f"{precision} as asked for: ")


def test_batches_are_doubled_and_every_picture_is_scored_in_order() -> None:
    sizes: list[int] = []

    class Noted(InTorch):
        def place(self, batch: npt.NDArray[np.float32]) -> torch.Tensor:
            sizes.append(len(batch))
            placed: torch.Tensor = super().place(batch)
            return placed

    model, shades = lite0_network().model, [number % 256 for number in range(600)]
    scorer = Lite0OnCard((), Noted(model, CARD))
    batches = score_pictures(
        scorer, shades, open_item=lambda shade: Image.new("RGB", (256, 256), (shade, 0, 0)), name_of=str, batch_size=None, n_threads=None
    )

    assert [item for batch in batches for item in batch.items] == shades
    assert sizes[:2] == [8, 8]  # the first is no measure
    assert max(sizes) >= 16


class Lite0OnCard(NetworkScorer):
    """EfficientNet-lite0 with everything that a scorer of a network has."""

    def prepare(self, picture: Image.Image) -> npt.NDArray[np.float32]:
        return prepare(picture, PREPARATION, TABLE)
