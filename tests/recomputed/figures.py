"""The exports that a report is recomputed from, read as they are, and the statistics of its tables by NumPy and SciPy alone."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

Floats = npt.NDArray[np.float64]
Row = dict[str, str]
Table = list[dict[str, Any]]
VOTES = {"no": 0, "maybe": 1, "yes": 2}
N_RESAMPLES = 4_000
SEED = 77


@dataclass(frozen=True)
class Resampled:
    """A figure with the resamples of its interval, or with the interval's ends where no resample differs from it."""

    value: float
    drawn: Floats | None
    ends: tuple[float, float] | None = None


@dataclass(frozen=True)
class Exports:
    """What the exported tables hold; `answers` are the votes by image and annotator, of people who found one of the image's places."""

    finals: Mapping[str, list[Row]]
    answers: Mapping[str, Mapping[str, list[Row]]]
    every_answer: Mapping[tuple[str, str], Row]
    repeats: Sequence[Row]
    decisions: Sequence[Row]
    ranked: Mapping[str, Mapping[str, list[str]]]
    images: frozenset[str]

    def labels(self, image: str) -> frozenset[str]:
        """The final labels of an image."""
        return frozenset(row["label"] for row in self.finals[image] if row["label"])

    def given(self, image: str) -> str:
        """The given label of an image that has final labels; empty without one."""
        return self.finals[image][0]["given_label"]

    @property
    def complete(self) -> list[str]:
        """The images that have all their answers, with votes or without."""
        n_answers = Counter(image for (image, _), row in self.every_answer.items() if row["surplus"] == "false")
        return [image for image, n in n_answers.items() if n == max(n_answers.values())]


def read(folder: Path) -> Exports:
    """The exports of a folder."""
    votes, proposals = rows_of(folder / "votes.csv"), rows_of(folder / "proposals.csv")
    answers: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    ranked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    finals = defaultdict(list)
    for row in rows_of(folder / "parquet.csv"):
        finals[row["image"]].append(row)
    for row in votes:
        if row["surplus"] == "false":
            answers[row["image"]][row["annotator"]].append(row)
    for row in sorted(proposals, key=lambda row: int(row["rank"])):
        ranked[row["source"]][row["image"]].append(row["label"])
    return Exports(
        finals=finals,
        answers=answers,
        every_answer={(row["image"], row["annotator"]): row for row in rows_of(folder / "answers.csv")},
        repeats=[row for row in rows_of(folder / "checks.csv") if row["kind"] == "repeat"] if (folder / "checks.csv").exists() else [],
        decisions=rows_of(folder / "decisions.csv"),
        ranked=ranked,
        images=frozenset(row["image"] for row in proposals),
    )


def cell_list(cell: str) -> list[str]:
    """A list in a cell: joined by `|`, quoted as in CSV."""
    return next(csv.reader([cell], delimiter="|")) if cell else []


def rows_of(path: Path) -> list[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wilson(n_of: int, n: int) -> tuple[float, float]:
    """Wilson's interval by SciPy."""
    ends = binomtest(n_of, n).proportion_ci(method="wilson")
    return float(ends.low), float(ends.high)


def wilson_of(p: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a share that is no quotient of counts."""
    z = 1.959963984540054
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def share(name: str, n_of: int, n: int) -> dict[str, float | None]:
    """A share of a table with Wilson's interval."""
    low, high = wilson(n_of, n) if n else (None, None)
    return {name: n_of / n if n else None, f"{name}_low": low, f"{name}_high": high}


def over_images(columns: Floats, figure: Callable[[Floats], Floats]) -> Resampled:
    """A figure of sums over images, (n_images, n_columns), with its bootstrap; `figure` takes (n, n_columns) to (n,)."""
    rows = np.asarray(columns, dtype=np.float64)
    chosen = np.random.default_rng(SEED).integers(len(rows), size=(N_RESAMPLES, len(rows)))
    drawn = np.stack([rows[one].sum(axis=0) for one in chosen])
    with np.errstate(invalid="ignore", divide="ignore"):
        return Resampled(float(figure(rows.sum(axis=0)[None])[0]), figure(drawn))


def mean(values: Sequence[float], *, is_share: bool = False) -> Resampled:
    """A mean over images or answers with its bootstrap; Wilson's interval if it is a share of 0 or 1."""
    found = over_images(np.array([[value, 1.0] for value in values]), lambda sums: sums[:, 0] / sums[:, 1])
    return certain(found, len(values)) if is_share else found


def certain(found: Resampled, n: int) -> Resampled:
    """A share of n images that is 0 or 1 is not certain: no resample differs from it, and it has Wilson's interval."""
    return Resampled(found.value, None, wilson(round(found.value * n), n)) if found.value in (0.0, 1.0) else found
