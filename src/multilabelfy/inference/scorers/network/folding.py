"""Fold batch normalisation into the convolutions before it: at inference both are linear, so one layer does the work of two.

With weight w, running mean μ and variance σ², scale γ and shift β, the convolution's weights become w · γ / √(σ² + ε) and its bias
(b − μ) · γ / √(σ² + ε) + β (Jacob et al., "Quantization and Training of Neural Networks", CVPR 2018, section 3.2).
"""

from collections import Counter
from collections.abc import Iterator

import torch
from timm.layers.conv2d_same import Conv2dSame
from timm.layers.norm_act import BatchNormAct2d
from torch import fx, nn

CONVOLUTIONS = (nn.Conv2d, Conv2dSame)
"""Those that use their weights as they are; others derived from torch's normalise them first."""
NORMALISATIONS = (nn.BatchNorm2d, BatchNormAct2d)


class _Layers(fx.Tracer):
    """Follows a network down to its layers, which timm partly derives from torch's."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Whether a module is a layer of the graph."""
        return isinstance(m, nn.Conv2d | nn.BatchNorm2d) or super().is_leaf_module(m, module_qualified_name)


def fold(model: nn.Module) -> int:
    """Fold, in place, every normalisation that alone follows a convolution; returns how many. A network that cannot be followed stays."""
    try:
        graph = _Layers().trace(model)
    except Exception:  # networks that branch on their input, and whatever else tracing stumbles over
        return 0
    pairs = list(_pairs(model, graph))
    for convolution, name in pairs:
        normalisation = model.get_submodule(name)
        assert isinstance(normalisation, NORMALISATIONS)
        _fold(convolution, normalisation)
        parent, _, attribute = name.rpartition(".")
        setattr(model.get_submodule(parent), attribute, _what_is_left(normalisation))
    return len(pairs)


def _pairs(model: nn.Module, graph: fx.Graph) -> Iterator[tuple[nn.Conv2d, str]]:
    """Convolutions, each with the name of the normalisation after it, where each is used once and nothing else sees what is between."""
    layers = dict(model.named_modules(remove_duplicate=False))
    n_uses = Counter(layers[str(node.target)] for node in graph.nodes if node.op == "call_module")
    for node in graph.nodes:
        before = node.args[0] if node.op == "call_module" and node.args else None
        if not isinstance(before, fx.Node) or before.op != "call_module" or len(before.users) != 1:
            continue
        convolution, normalisation = layers[str(before.target)], layers[str(node.target)]
        is_pair = type(convolution) in CONVOLUTIONS and type(normalisation) in NORMALISATIONS and normalisation.running_mean is not None
        if is_pair and isinstance(convolution, nn.Conv2d) and n_uses[convolution] == n_uses[normalisation] == 1:
            yield convolution, str(node.target)


def _fold(convolution: nn.Conv2d, normalisation: nn.BatchNorm2d) -> None:
    mean, variance = normalisation.running_mean, normalisation.running_var
    assert mean is not None
    assert variance is not None
    with torch.no_grad():
        factor = torch.rsqrt(variance + normalisation.eps)
        factor = factor if normalisation.weight is None else factor * normalisation.weight
        shift = (-mean if convolution.bias is None else convolution.bias - mean) * factor
        convolution.weight.mul_(factor[:, None, None, None])
        convolution.bias = nn.Parameter(shift if normalisation.bias is None else shift + normalisation.bias)


def _what_is_left(normalisation: nn.BatchNorm2d) -> nn.Module:
    """What timm's layer does after normalising; of torch's, nothing."""
    return nn.Sequential(normalisation.drop, normalisation.act) if isinstance(normalisation, BatchNormAct2d) else nn.Identity()
