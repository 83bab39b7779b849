"""Make the table of models that `multilabelfy models` reads: what is known of each of timm's classifiers of ImageNet's classes.

    python scripts/known_models.py ../shared/data/timm

Accuracies and numbers of parameters are those that the authors of timm publish (its repository's `results/results-imagenet*.csv`,
Apache-2.0), accuracies for the size of pictures that they name. The size at which `propose` prepares pictures and the licence of the
weights are what the installed timm says. The multiplications of one picture are counted on the network without its weights: of the models
that are worth choosing and of those that many people have, since it takes about a second each. What is not known stays empty.
"""

import argparse
import csv
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import timm
import torch
from torch.utils.flop_counter import FlopCounterMode

TABLE = Path(__file__).resolve().parents[1] / "src" / "multilabelfy" / "inference" / "choosing" / "models.csv"
RESULTS = {
    "real": "results-imagenet-real.csv",
    "imagenet": "results-imagenet.csv",
    "imagenetv2": "results-imagenetv2-matched-frequency.csv",
}
COLUMNS = ("model", "millions", "edge", "gigamacs", "real", "imagenet", "imagenetv2", "accuracy_edge", "license")
IMAGENETS = (1000, 11221, 11821, 21841, 21842, 21843)
"""How many classes the models have that know ImageNet-1k's."""
FLOPS_A_MAC = 2
NEARLY = 0.5
"""Worth choosing: no model with as few parameters and pixels is better by more percent of ReaL accuracy."""
POPULAR = (
    "convnext_base.fb_in22k_ft_in1k",
    "convnext_tiny.fb_in1k",
    "efficientnet_b0.ra_in1k",
    "mobilenetv3_large_100.ra_in1k",
    "resnet18.a1_in1k",
    "resnet50.a1_in1k",
    "tf_efficientnet_lite0.in1k",
    "vit_base_patch16_224.augreg2_in21k_ft_in1k",
)
"""A run of theirs tells what a device can do."""

Published = Mapping[str, Mapping[str, str]]
"""The rows of one of timm's files by model."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path, help="the folder of timm's results-imagenet*.csv")
    published = {column: _by_model(options.parse_args().results / file) for column, file in RESULTS.items()}
    torch.set_num_threads(1)
    with TABLE.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(published))


def rows(published: Mapping[str, Published]) -> Iterator[dict[str, object]]:
    """One row a model, by name."""
    configs = {name: config for name in sorted(timm.list_pretrained()) if (config := timm.get_pretrained_cfg(name)) is not None}
    networks = {name: (name.partition(".")[0], max(config.input_size[1:])) for name, config in configs.items()}
    to_count = dict.fromkeys(networks[name] for name in sorted({*worth_choosing(published["real"]), *POPULAR}))
    counted = {network: gigamacs(*network) for network in to_count}
    for name, config in configs.items():
        if config.num_classes not in IMAGENETS:
            continue
        results = {column: by_model[name] for column, by_model in published.items() if name in by_model}
        sizes = {result["img_size"] for result in results.values()}
        yield {
            "model": f"timm/{name}",
            "millions": next((millions(result) for result in results.values()), ""),
            "edge": networks[name][1],
            "gigamacs": counted.get(networks[name]) or "",
            **{column: result["top1"] for column, result in results.items()},
            "accuracy_edge": sizes.pop() if len(sizes) == 1 else "",
            "license": config.license or "",
        }


def worth_choosing(results: Published) -> set[str]:
    """The models that none beats by much with as few parameters and pixels."""
    sizes = {name: (millions(row), int(row["img_size"]), float(row["top1"])) for name, row in results.items()}
    return {
        name
        for name, (weights, edge, accuracy) in sizes.items()
        if not any(w <= weights and e <= edge and a > accuracy + NEARLY for w, e, a in sizes.values())
    }


def gigamacs(architecture: str, edge: int) -> float | None:
    """10⁹ multiplications a picture; None where the network cannot be run without its weights."""
    try:
        with warnings.catch_warnings(), torch.device("meta"), FlopCounterMode(display=False) as counter:
            warnings.simplefilter("ignore")
            network = timm.create_model(architecture, pretrained=False, **_of_this_size(architecture, edge)).eval()
            network(torch.zeros(1, 3, edge, edge))
    except Exception as error:  # each architecture has its own way to need real numbers
        print(f"{architecture} at {edge}: {type(error).__name__}: {error}".splitlines()[0])
        return None
    return float(round(counter.get_total_flops() / FLOPS_A_MAC / 1e9, 3))


def millions(result: Mapping[str, str]) -> float:
    """Of parameters, as timm writes them: 1,013.01."""
    return float(result["param_count"].replace(",", ""))


def _of_this_size(architecture: str, edge: int) -> dict[str, Any]:
    """What a network of fixed size must be told, where it is not its own."""
    known = timm.get_pretrained_cfg(architecture)
    return {"img_size": edge} if known is not None and known.fixed_input_size and max(known.input_size[1:]) != edge else {}


def _by_model(file: Path) -> Published:
    with file.open(newline="") as opened:
        return {row["model"]: row for row in csv.DictReader(opened)}


if __name__ == "__main__":
    main()
