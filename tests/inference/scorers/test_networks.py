"""A network of torch runs through ONNX Runtime where that changes no list, and in torch where it cannot or would."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import timm
import torch

from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network import networks
from multilabelfy.inference.scorers.network.last_layer import last_layer
from multilabelfy.inference.scorers.network.networks import (
    AGREED,
    DIFFERENT,
    N_COMPARED,
    NOT_INSTALLED,
    OTHERWISE,
    InTorch,
    NetworkScorer,
    ThroughOnnx,
    same_lists,
    swiftest,
)

SIZE = (3, 160, 160)
PROCESSOR = torch.device("cpu")


def network(name: str = "test_resnet") -> InTorch:
    torch.manual_seed(0)
    return InTorch(timm.create_model(name, pretrained=False), PROCESSOR)


def embedding_network(name: str = "test_resnet") -> InTorch:
    torch.manual_seed(0)
    model = timm.create_model(name, pretrained=False)
    return InTorch(model, PROCESSOR, last=last_layer(model, SIZE))


def pictures(n: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(n, *SIZE)).astype(np.float32)


def scores(*rows: list[float]) -> npt.NDArray[np.float32]:
    return np.array(rows, dtype=np.float32)


class Session:
    """As ONNX Runtime's, with any function for a network."""

    def __init__(self, function: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> None:
        self.function = function

    def run(self, _: None, given: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        return [self.function(given["pictures"])]


def test_a_network_scores_through_onnx_runtime_as_in_torch_and_says_so_after_the_first_pictures() -> None:
    batch = pictures(N_COMPARED + 2)
    swift = swiftest(network(), SIZE)

    first, then = swift.score(batch[:-2]), swift.score(batch[-2:])

    assert isinstance(swift, ThroughOnnx)
    assert swift.remark == AGREED
    assert np.allclose(np.concatenate([first, then]), network().score(batch), atol=1e-6)


def test_nothing_is_said_before_enough_pictures_were_compared() -> None:
    swift = swiftest(network(), SIZE)
    swift.score(pictures(1))

    assert swift.remark == ""


def test_where_the_lists_differ_torch_goes_on_alone() -> None:
    torchs = network()
    backwards = ThroughOnnx(torchs, Session(lambda batch: torchs.score(batch)[:, ::-1]))
    batch = pictures(2)

    for _ in range(2):
        assert np.array_equal(backwards.score(batch), torchs.score(batch))
    assert backwards.remark == DIFFERENT


def test_a_network_that_cannot_be_exported_stays_in_torch_with_the_reason() -> None:
    class Strange(torch.nn.Module):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            values: torch.Tensor = torch.linalg.eigvals(batch[:, 0]).abs()
            return values

    stays = swiftest(InTorch(Strange(), PROCESSOR), SIZE)

    assert isinstance(stays, InTorch)
    assert stays.remark.startswith("torch scores: the model cannot be exported for ONNX Runtime (")


def test_without_onnx_runtime_torch_scores_and_says_how_it_would_be_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _: None)

    assert swiftest(network(), SIZE).remark == NOT_INSTALLED
    assert "multilabelfy[onnx]" in NOT_INSTALLED


def test_a_scorer_of_a_network_places_batches_on_a_device_and_is_tried_out_in_other_numbers_alone() -> None:
    here, rounded = NetworkScorer((), network()), NetworkScorer((), swiftest(network(), SIZE, Precision.BFLOAT16))

    assert (here.place, here.try_out, here.precision) == (None, None, None)
    assert rounded.try_out is not None
    assert (rounded.place, rounded.precision) == (None, Precision.BFLOAT16)


def test_what_was_placed_scores_as_what_was_not() -> None:
    torchs, batch = network(), pictures(2)

    assert torchs.place(batch) is batch  # a processor has nowhere else to put it
    assert np.array_equal(torchs.score(torch.from_numpy(batch)), torchs.score(batch))


def test_lists_are_the_same_but_for_ties() -> None:
    theirs = scores([0.5, 0.25, 0.25 - 5e-7])

    assert same_lists(scores([0.5, 0.2499999, 0.2500001]), theirs, k=2)
    assert not same_lists(scores([0.25, 0.5, 0.25]), theirs, k=2)
    assert same_lists(scores([0.5, 0.3, 0.2]), scores([0.4, 0.35, 0.25]), k=3)  # other scores, the same list
    assert not same_lists(scores([0.5, 0.3, 0.2]), scores([np.nan, 0.35, 0.25]), k=3)


@pytest.mark.parametrize("name", ["test_resnet", "test_vit"])
def test_with_embeddings_torch_gives_the_scores_that_it_gives_without_bit_for_bit(name: str) -> None:
    batch = pictures(3)

    scores, vectors = embedding_network(name).score_and_embed(batch)

    assert np.array_equal(scores, network(name).score(batch))
    assert len(vectors) == 3


def test_without_onnx_runtime_a_folded_network_embeds_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _: None)
    batch = pictures(3)

    scores, vectors = swiftest(embedding_network(), SIZE).score_and_embed(batch)

    assert np.array_equal(scores, swiftest(network(), SIZE).score(batch))
    assert np.allclose(vectors, embedding_network().score_and_embed(batch)[1], atol=1e-4)


@pytest.mark.parametrize("name", ["test_resnet", "test_vit"])
def test_through_onnx_runtime_lists_are_those_without_embeddings_and_vectors_are_torchs(name: str) -> None:
    batch = pictures(N_COMPARED + 2)
    swift = swiftest(embedding_network(name), SIZE)
    swift.score_and_embed(batch[:-2])

    scores, vectors = swift.score_and_embed(batch)

    assert (type(swift), swift.remark) == (ThroughOnnx, AGREED)
    plain = swiftest(network(name), SIZE)
    plain.score(batch[:-2])
    assert same_lists(scores, plain.score(batch), k=1000)
    assert np.allclose(vectors, embedding_network(name).score_and_embed(batch)[1], atol=1e-4)


def test_where_the_vectors_differ_torch_goes_on_alone() -> None:
    torchs = embedding_network()

    class OfOtherVectors(Session):
        def run(self, _: None, given: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
            scores, vectors = torchs.score_and_embed(given["pictures"])
            return [scores, vectors[:, ::-1]]

    other, batch = ThroughOnnx(torchs, OfOtherVectors(lambda batch: batch)), pictures(2)

    for _ in range(2):
        for ours, theirs in zip(other.score_and_embed(batch), torchs.score_and_embed(batch), strict=True):
            assert np.array_equal(ours, theirs)
    assert other.remark == OTHERWISE
