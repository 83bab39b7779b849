"""Batch normalisation disappears into the convolutions before it, and the scores stay."""

import pytest
import timm
import torch
from torch import nn

from multilabelfy.inference.scorers.network.folding import fold


def trained(model: nn.Module) -> nn.Module:
    """The model as if it had learnt: every normalisation does something."""
    torch.manual_seed(0)
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d) and layer.running_mean is not None and layer.running_var is not None:
            layer.running_mean.normal_(0, 0.2)
            layer.running_var.uniform_(0.5, 1.5)
            layer.weight.data.uniform_(0.5, 1.5)
            layer.bias.data.normal_(0, 0.2)
    return model.eval()


def outputs(model: nn.Module, edge: int) -> torch.Tensor:
    with torch.inference_mode():
        result: torch.Tensor = model(torch.rand((2, 3, edge, edge), generator=torch.Generator().manual_seed(0)))
    return result


@pytest.mark.parametrize(
    "name", ["test_resnet", "test_efficientnet", "tf_mobilenetv3_small_minimal_100"]
)  # the last pads as TensorFlow does
def test_every_normalisation_after_a_convolution_is_folded(name: str) -> None:
    model = trained(timm.create_model(name, pretrained=False))
    n_normalisations = sum(isinstance(layer, nn.BatchNorm2d) for layer in model.modules())
    before = outputs(model, 96)

    assert fold(model) == n_normalisations > 10
    assert torch.allclose(outputs(model, 96), before, atol=1e-4, rtol=1e-4)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in model.modules())


def test_a_normalisation_stays_where_others_see_what_comes_before_it_or_the_convolution_changes_its_weights() -> None:
    class Seen(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution, self.normalisation = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            between = self.convolution(batch)
            both: torch.Tensor = self.normalisation(between) + between
            return both

    class Twice(Seen):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            both: torch.Tensor = self.normalisation(self.convolution(batch)) + self.normalisation(self.convolution(batch + 1))
            return both

    class Halved(nn.Conv2d):
        def forward(self, input: torch.Tensor) -> torch.Tensor:
            convolved: torch.Tensor = self._conv_forward(input, self.weight / self.weight.std(), self.bias)
            return convolved

    for model in (Seen(), Twice(), nn.Sequential(Halved(3, 4, 3), nn.BatchNorm2d(4))):
        before = outputs(trained(model), 8)
        assert fold(model) == 0
        assert torch.equal(outputs(model, 8), before)


def test_a_network_that_branches_on_its_input_stays_as_it_is() -> None:
    class Branching(nn.Module):
        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            return batch if batch.sum() > 0 else -batch

    assert fold(Branching()) == 0
