"""What makes torch as fast as it can be without another runtime: channels last, folded normalisations, one thread a session."""

from typing import Any

import numpy as np
import pytest
import torch
from tests.inference.scorers.test_networks import SIZE, network, pictures
from torch import nn

from multilabelfy.inference.scorers.network import networks
from multilabelfy.inference.scorers.network.networks import ThroughOnnx, swiftest


def is_channels_last(tensor: torch.Tensor) -> bool:
    return tensor.is_contiguous(memory_format=torch.channels_last) and not tensor.is_contiguous()


def test_weights_and_pictures_lie_with_their_channels_last() -> None:
    seen: list[torch.Tensor] = []
    in_torch = network()
    weights = [layer.weight for layer in in_torch.model.modules() if isinstance(layer, nn.Conv2d) and layer.kernel_size != (1, 1)]
    in_torch.model.register_forward_pre_hook(lambda _, given: seen.append(given[0]))

    in_torch.score(pictures(2))

    assert weights
    assert all(is_channels_last(weight) for weight in weights)
    assert [is_channels_last(batch) for batch in seen] == [True]


def test_torch_alone_has_its_normalisations_folded_and_scores_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "find_spec", lambda _: None)
    whole, batch = network(), pictures(2)
    expected = whole.score(batch)
    assert any(isinstance(layer, nn.BatchNorm2d) for layer in whole.model.modules())

    alone: Any = swiftest(whole, SIZE)

    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in alone.model.modules())
    assert np.allclose(alone.score(batch), expected, atol=1e-6)


def test_a_network_through_onnx_runtime_has_one_thread() -> None:
    swift = swiftest(network(), SIZE)

    assert isinstance(swift, ThroughOnnx)
    options = swift._session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
