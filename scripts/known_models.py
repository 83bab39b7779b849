"""Make the table of models that `multilabelfy models` reads: what is known of each of timm's classifiers of ImageNet's classes.

    python scripts/known_models.py ../shared/data/timm [--keep-counts]

Accuracies and numbers of parameters are those that the authors of timm publish (its repository's `results/results-imagenet*.csv`,
Apache-2.0), accuracies for the size of pictures that they name. `source` says so in each row that has them. The size at which `propose`
prepares pictures and the licence of the weights are what the installed timm says. The multiplications of one picture are counted on the
network without its weights: of the models that are worth choosing and of those that many people have, since it takes about a second each;
with `--keep-counts` they stay as the table has them. What is not known stays empty.
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
SOURCE = "pytorch-image-models/results"
"""The repository of timm's authors, and the folder of RESULTS in it."""
COLUMNS = ("model", "millions", "edge", "gigamacs", "real", "imagenet", "imagenetv2", "accuracy_edge", "source", "license")
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
Network = tuple[str, int]
"""An architecture at a size of pictures: models with other weights of it take as many multiplications."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("results", type=Path, help="the folder of timm's results-imagenet*.csv")
    options.add_argument("--keep-counts", action="store_true", help="take the multiplications from the table that is there")
    given = options.parse_args()
    published = read(given.results)
    torch.set_num_threads(1)
    counts = counts_in(TABLE) if given.keep_counts else counts_of(published["real"])
    with TABLE.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(published, counts))


def read(results: Path) -> dict[str, Published]:
    """What timm's authors publish, by the column of the table."""
    return {column: _by_model(results / file) for column, file in RESULTS.items()}


def rows(published: Mapping[str, Published], counts: Mapping[Network, float | None]) -> Iterator[dict[str, object]]:
    """One row a model, by name; `counts` are 10⁹ multiplications a picture, where they were counted."""
    configs = _configs()
    networks = _networks(configs)
    for name, config in configs.items():
        if config.num_classes not in IMAGENETS:
            continue
        results = {column: by_model[name] for column, by_model in published.items() if name in by_model}
        sizes = {result["img_size"] for result in results.values()}
        yield {
            "model": f"timm/{name}",
            "millions": next((millions(result) for result in results.values()), ""),
            "edge": networks[name][1],
            "gigamacs": counts.get(networks[name]) or "",
            **{column: result["top1"] for column, result in results.items()},
            "accuracy_edge": sizes.pop() if len(sizes) == 1 else "",
            "source": SOURCE if results else "",
            "license": config.license or "",
        }


def counts_of(results: Published) -> dict[Network, float | None]:
    """10⁹ multiplications a picture, counted anew, of the networks that are worth choosing and the popular ones."""
    networks = _networks(_configs())
    to_count = dict.fromkeys(networks[name] for name in sorted({*worth_choosing(results), *POPULAR}))
    return {network: gigamacs(*network) for network in to_count}


def counts_in(table: Path) -> dict[Network, float | None]:
    """The same as a table has them."""
    with table.open(newline="") as opened:
        of_rows = [(row["model"].removeprefix("timm/"), row) for row in csv.DictReader(opened)]
    return {(name.partition(".")[0], int(row["edge"])): float(row["gigamacs"]) for name, row in of_rows if row["gigamacs"]}


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


def _configs() -> dict[str, Any]:
    """What timm knows of its models with weights, by name."""
    return {name: config for name in sorted(timm.list_pretrained()) if (config := timm.get_pretrained_cfg(name)) is not None}


def _networks(configs: Mapping[str, Any]) -> dict[str, Network]:
    return {name: (name.partition(".")[0], max(config.input_size[1:])) for name, config in configs.items()}


def _by_model(file: Path) -> Published:
    with file.open(newline="") as opened:
        return {row["model"]: row for row in csv.DictReader(opened)}


if __name__ == "__main__":
    main()
