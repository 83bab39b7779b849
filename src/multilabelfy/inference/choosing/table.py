"""What is known of models before one is chosen: size, work, accuracy, licence. `scripts/known_models.py` makes the table.

Accuracies are published by the authors of timm (https://github.com/huggingface/pytorch-image-models, results/, Apache-2.0). Parameters and
multiplications are counted on the networks. What nobody has published is None.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("models.csv")
LITE0 = "python:multilabelfy.inference.scorers.lite0:lite0"
"""A model from the index of Python packages; nobody has published ReaL's accuracy for these weights."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model by the name that `propose --model` takes.

    `edge` is the size of its pictures in pixels, `millions` counts its parameters, `gigamacs` is 10⁹ multiplications a picture.
    `real`, `imagenet` and `imagenetv2` are percent: how often its first label is valid by ReaL's labels, or is the given one. They hold for
    pictures of `accuracy_edge` pixels, which may be more than `edge`; None where the three were measured with several sizes. `source` is
    the repository and folder where they are published; None without any.
    """

    model: str
    edge: int
    millions: float | None = None
    gigamacs: float | None = None
    real: float | None = None
    imagenet: float | None = None
    imagenetv2: float | None = None
    accuracy_edge: int | None = None
    source: str | None = None
    license: str | None = None


@cache
def known_models() -> Mapping[str, KnownModel]:
    """Every model of the table by its name."""
    with TABLE.open(newline="") as table:
        rows = [_read(row) for row in csv.DictReader(table)]
    return {LITE0: KnownModel(LITE0, edge=224, millions=4.65, gigamacs=0.385, license="apache-2.0")} | {row.model: row for row in rows}


def best_for_their_work(models: Mapping[str, KnownModel]) -> tuple[KnownModel, ...]:
    """Those that no other model beats by ReaL accuracy with as little work a picture, the least work first."""
    best: list[KnownModel] = []
    for model in sorted(measured(models), key=lambda model: (model.gigamacs or 0.0, -(model.real or 0.0), model.model)):
        if not best or (model.real or 0.0) > (best[-1].real or 0.0):
            best.append(model)
    return tuple(best)


def measured(models: Mapping[str, KnownModel]) -> tuple[KnownModel, ...]:
    """Those whose ReaL accuracy and work are known."""
    return tuple(model for model in models.values() if model.real is not None and model.gigamacs is not None)


def _read(row: Mapping[str, str]) -> KnownModel:
    return KnownModel(
        model=row["model"],
        edge=int(row["edge"]),
        millions=_number(row["millions"]),
        gigamacs=_number(row["gigamacs"]),
        real=_number(row["real"]),
        imagenet=_number(row["imagenet"]),
        imagenetv2=_number(row["imagenetv2"]),
        accuracy_edge=int(row["accuracy_edge"]) if row["accuracy_edge"] else None,
        source=row["source"] or None,
        license=row["license"] or None,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
