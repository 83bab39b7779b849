"""What models share, read off their names: a family and how they were trained; and which traits some of them have more often than the rest.

Names follow timm's habit, `architecture.training`: `eva02_large_patch14_448.mim_m38m_ft_in22k_in1k` is of the family `eva`, trained with
`mim`, `m38m`, `ft`, `in22k` and `in1k`. Other names have a family alone.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control, hypergeom

from multilabelfy.statistics.significance import FALSE_DISCOVERIES


@dataclass(frozen=True, slots=True)
class SharedTrait:
    """A trait that the chosen models have more often than chance would give: `n_chosen` of them, of `n_all` models that have it."""

    trait: str
    n_chosen: int
    n_all: int
    adjusted_p: float


def traits_of(model: str) -> frozenset[str]:
    """
    >>> sorted(traits_of("eva02_large_patch14_448.mim_in1k"))
    ['eva', 'in1k', 'mim']
    >>> sorted(traits_of("resnet_v2_101_tf"))
    ['resnet']
    """
    family, (_, _, training) = family_of(model), _bare(model).partition(".")
    return frozenset({family} if family else set()) | frozenset(part for part in training.split("_") if part)


def family_of(model: str) -> str:
    """The letters that a model's name begins with, in lower case; the name may also be a proposer's (`timm/…`, `onnx:…@digest`).

    >>> family_of("timm/eva02_large_patch14_448.mim_in1k"), family_of("onnx:EfficientNet-lite0.onnx@0a1b2c3d")
    ('eva', 'efficientnet')
    """
    letters = re.match(r"[A-Za-z]+", _bare(model))
    return letters[0].lower() if letters else ""


def _bare(model: str) -> str:
    """The name without its source prefix and the digest of its weights."""
    return re.split(r"[/:]", model)[-1].partition("@")[0]


def shared_traits(chosen: Collection[str], models: Sequence[str]) -> tuple[SharedTrait, ...]:
    """The traits over-represented among the chosen models (hypergeometric test, false discovery rate 5%), the surest first."""
    traits = {model: traits_of(model) for model in dict.fromkeys(models)}
    of_all = Counter(trait for each in traits.values() for trait in each)
    of_chosen = Counter(trait for model in dict.fromkeys(chosen) for trait in traits[model])
    names = sorted(trait for trait in of_chosen if of_chosen[trait] > 1)
    if not names:
        return ()
    n_chosen = len(set(chosen))
    p = np.array([min(1.0, hypergeom.sf(of_chosen[name] - 1, len(traits), of_all[name], n_chosen)) for name in names])
    adjusted = false_discovery_control(p)
    tested = [SharedTrait(name, of_chosen[name], of_all[name], float(q)) for name, q in zip(names, adjusted, strict=True)]
    return tuple(
        sorted((trait for trait in tested if trait.adjusted_p <= FALSE_DISCOVERIES), key=lambda trait: (trait.adjusted_p, trait.trait))
    )
