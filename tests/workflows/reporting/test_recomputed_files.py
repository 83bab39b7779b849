"""A report of label files, of a replicate and the original that it was made after, is recomputed from these files."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from tests.recomputed import report as recomputed
from tests.studies import NOW

from multilabelfy.report.findings import Report
from multilabelfy.workflows.reporting.gathering.file_material import Files
from multilabelfy.workflows.reporting.writing import report_of_files

LABELS = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen")
N_RANKED = 3
N_IMAGES = {"original": 160, "replicate": 120}
SKILLS = {"original": {"m1": 0.95, "m2": 0.9, "m3": 0.85, "left": 0.5}, "replicate": {"m1": 0.8, "m2": 0.7, "m3": 0.6}}
"""How often each model names the given label; one model was measured on the original alone."""
SEVERAL = {"original": 0.1, "replicate": 0.6}
"""How many of the images have several labels."""


def write_dataset(folder: Path, name: str, seed: int) -> None:
    """The label files of one dataset: some images have several labels, a few have none, or not the given one."""
    generator = np.random.default_rng(seed)
    tables: dict[str, list[Sequence[object]]] = {"labels": [], "given": [], "votes": [], "proposals": []}
    for number in range(N_IMAGES[name]):
        image, order = f"{name}{number:03}.png", generator.permutation(LABELS).tolist()
        first = int(number % 15 == 1)
        valid = order[first : first + 1 + (generator.random() < SEVERAL[name])] if number % 25 else []
        tables["labels"] += [(image, label) for label in valid] or [(image, "")]
        tables["given"].append((image, order[0]))
        tables["votes"] += _votes(image, order, valid, generator) if number % 10 else []
        tables["proposals"] += _proposals(image, order, SKILLS[name], generator)
    headings = {
        "labels": "image,label",
        "given": "image,label",
        "votes": "image,label,annotator,vote",
        "proposals": "image,label,rank,source",
    }
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings[table].split(","), *rows])


def _votes(image: str, order: Sequence[str], valid: Sequence[str], generator: np.random.Generator) -> Iterator[Sequence[object]]:
    for person in ("Ada", "Bob", "Cy"):
        for label in order[:4]:
            yield image, label, person, "yes" if (label in valid) == (generator.random() < 0.9) else "no"


def _proposals(image: str, order: Sequence[str], skills: dict[str, float], generator: np.random.Generator) -> Iterator[Sequence[object]]:
    for model, skill in skills.items():
        first = 0 if generator.random() < skill else 1 if generator.random() < 0.7 else int(generator.integers(2, len(LABELS)))
        ranked = [order[first], *(label for label in order if label != order[first])]
        yield from ((image, label, rank, model) for rank, label in enumerate(ranked[:N_RANKED], start=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files") / "replicate"
    write_dataset(folder, "replicate", 1)
    write_dataset(folder / "original", "original", 2)
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return report_of_files(files_in(folder), now=NOW, original=files_in(folder / "original"))


def files_in(folder: Path) -> Files:
    return Files(folder / "labels.csv", (folder / "proposals.csv",), folder / "given.csv", votes=folder / "votes.csv")


def test_every_figure_of_a_replicate_is_recomputed_from_its_label_files(folder: Path, report: Report) -> None:
    (folder / "report.json").write_text(json.dumps(asdict(report), default=str), encoding="utf-8")
    assert {"drop", "drop-by-model"} <= {finding.slug for finding in report.findings}
    assert recomputed.differences(folder, folder) == []
