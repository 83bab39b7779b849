"""The input of a network's last layer is seen on the way of the pass that scores, which stays as it is."""

from typing import Any

import numpy as np
import pytest
import timm
import torch
from torch import nn

from multilabelfy.inference.scorers.network.last_layer import WithEmbedding, last_layer, same_directions

SIZE = (3, 160, 160)


def pictures(n: int = 2) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).normal(size=(n, *SIZE)).astype(np.float32))


def embedded(model: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    last = last_layer(model, SIZE)
    assert last is not None
    with torch.inference_mode():
        logits, vectors = WithEmbedding(model, last)(pictures())
        assert torch.equal(logits, model(pictures()))  # bit for bit
    return logits, vectors


@pytest.mark.parametrize("name", ["test_resnet", "test_vit", "test_convnext", "test_efficientnet", "test_byobnet"])
def test_of_timms_networks_it_is_what_timm_calls_the_features_before_the_logits(name: str) -> None:
    model: Any = timm.create_model(name, pretrained=False).eval()
    with torch.inference_mode():
        expected = model.forward_head(model.forward_features(pictures()), pre_logits=True)

    _, vectors = embedded(model)

    assert torch.equal(vectors, expected)


def test_of_two_heads_the_first_counts() -> None:
    class Distilled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head, self.head_dist = nn.Linear(3, 5), nn.Linear(3, 5)

        def get_classifier(self) -> tuple[nn.Module, nn.Module]:
            return self.head, self.head_dist

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            means = batch.mean(dim=(2, 3))
            logits: torch.Tensor = (self.head(means) + self.head_dist(-means)) / 2
            return logits

    assert torch.equal(embedded(Distilled())[1], pictures().mean(dim=(2, 3)))


def test_a_network_that_names_no_classifier_has_the_layer_that_runs_last() -> None:
    class Unnamed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logits = nn.Linear(4, 6)  # the first in order, and the last to run
            self.before = nn.Linear(3, 4)
            self.unused = nn.Linear(4, 6)

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.logits(self.before(batch.mean(dim=(2, 3))))
            return logits.clamp(min=-1)

    model = Unnamed()

    assert last_layer(model, SIZE) is model.logits
    assert torch.equal(embedded(model)[1], model.before(pictures().mean(dim=(2, 3))))


def test_a_network_without_a_linear_layer_before_its_logits_has_none() -> None:
    class Means(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wide = nn.Linear(160, 7)

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            values: torch.Tensor = self.wide(batch).mean(dim=(2, 3))
            return values

    assert last_layer(Means(), SIZE) is None


def test_a_classifier_that_a_network_names_and_does_not_run_is_none() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = nn.Linear(3, 5)

        def get_classifier(self) -> nn.Module:
            return self.head

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            return nn.functional.linear(batch.mean(dim=(2, 3)), self.head.weight)

    assert last_layer(Tied(), SIZE) is None


@pytest.mark.parametrize("is_convolution", [True, False])
def test_a_layer_that_looks_at_every_place_is_given_their_mean(is_convolution: bool) -> None:
    class OfPlaces(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head: nn.Module = nn.Conv2d(3, 5, 1) if is_convolution else nn.Linear(3, 5)

        def get_classifier(self) -> nn.Module:
            return self.head

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            at_places = self.head(batch) if is_convolution else self.head(batch.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
            logits: torch.Tensor = at_places.mean(dim=(2, 3))
            return logits

    assert torch.allclose(embedded(OfPlaces())[1], pictures().mean(dim=(2, 3)), atol=1e-6)


def test_looking_for_the_last_layer_changes_no_running_mean() -> None:
    model = nn.Sequential(nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(3 * 160 * 160, 2))

    assert last_layer(model, SIZE) is model[2]
    assert not model.training
    assert model.state_dict()["0.running_var"].tolist() == [1, 1, 1]


def test_directions_are_compared_and_not_lengths() -> None:
    one = np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)

    assert same_directions(one, one * 2)
    assert same_directions(one, np.array([[3.1, 4.0], [0.0, 0.0]], dtype=np.float32))
    assert not same_directions(one, np.array([[4.0, 3.0], [0.0, 0.0]], dtype=np.float32))
    assert not same_directions(one, np.array([[3.0, 4.0], [0.0, 1.0]], dtype=np.float32))
    assert not same_directions(one, np.array([[3.0, np.nan], [0.0, 0.0]], dtype=np.float32))
