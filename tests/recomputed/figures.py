"""The exports that a report is recomputed from, read as they are, and the statistics of its tables by NumPy and SciPy alone."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
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
class Near:
    """A figure that two ways of computing it agree on within this much: that of an iteration, or of resamples."""

    value: float
    within: float


@dataclass(frozen=True)
class End:
    """The quantile of resamples at which an interval ends."""

    drawn: Floats
    share: float

    def range(self, error: float) -> tuple[float, float]:
        """What lies within this error of the share; all of nothing."""
        defined = self.drawn[np.isfinite(self.drawn)]
        low, high = np.quantile(defined, [max(0.0, self.share - error), min(1.0, self.share + error)])
        return float(low), float(high)


@dataclass(frozen=True)
class AnyOf:
    """A cell that may hold any of these: equals are told apart by numbers that no export has."""

    values: frozenset[str]


Cells = tuple[Any, ...]


@dataclass(frozen=True)
class Resampled:
    """A figure with the resamples of its interval, or with the interval's ends where no resample differs from it."""

    value: float
    drawn: Floats | None
    ends: tuple[float, float] | None = None

    @property
    def interval(self) -> Cells:
        """Its two ends, as figures of their own."""
        if self.drawn is None:
            return self.ends or (None, None)
        return End(self.drawn, 0.025), End(self.drawn, 0.975)


@dataclass(frozen=True, eq=False)
class Exports:
    """What the exported tables hold; `answers` are the votes by image and annotator, of people who found one of the image's places, and
    `every_vote` also those of others.

    `names` has the name of each label by its key, in the order of the labels; `parents` what a label or concept is a kind of, by key;
    `stated` is what the data card says of how labels came about, `asked` what simulated studies came to, `copies` the groups of
    near copies. Of label files, `original` is the dataset that they replicate, if any; a study has none.
    """

    finals: Mapping[str, list[Row]]
    answers: Mapping[str, Mapping[str, list[Row]]]
    every_answer: Mapping[tuple[str, str], Row]
    checks: Sequence[Row]
    decisions: Sequence[Row]
    ranked: Mapping[str, Mapping[str, list[str]]]
    scores: Mapping[str, Mapping[str, list[float]]]
    images: frozenset[str]
    names: Mapping[str, str]
    parents: Mapping[str, frozenset[str]]
    is_study: bool = True
    original: "Exports | None" = None
    stated: Sequence[str] = ()
    every_vote: Sequence[Row] = ()
    seed: int = SEED
    asked: Sequence[Row] = ()
    copies: Sequence[Row] = ()

    def labels(self, image: str) -> frozenset[str]:
        """The final labels of an image."""
        return self._labels[image]

    @cached_property
    def _labels(self) -> dict[str, frozenset[str]]:
        return {image: frozenset(row["label"] for row in rows if row["label"]) for image, rows in self.finals.items()}

    def given(self, image: str) -> str:
        """The given label of an image that has final labels; empty without one."""
        return self.finals[image][0]["given_label"]

    @property
    def is_unfinished(self) -> bool:
        """Whether images lack final labels."""
        return len(self.images) > len(self.finals)

    def named(self, label: str) -> str:
        """A label as tables print it."""
        return f"“{self.names[label]}”"

    def place(self, label: str) -> int:
        """A label's place among all labels."""
        return list(self.names).index(label)

    def counting(self, image: str) -> list[Row]:
        """The answers to an image that count, votes or not; none where some are still to come."""
        return self._counting.get(image, [])

    @cached_property
    def complete(self) -> Set[str]:
        """The images that have all their answers, with votes or without; always in the same order, which resamples depend on."""
        return dict.fromkeys(sorted(self._counting)).keys()

    @property
    def waiting(self) -> Set[str]:
        """The images that have all their answers and no final labels."""
        return self.complete - self.finals.keys()

    @property
    def by_posterior(self) -> frozenset[str]:
        """The images that the posterior of the votes settled."""
        return frozenset(image for image, rows in self.finals.items() if rows[0]["source"] == "posterior")

    def is_agreed(self, image: str) -> bool:
        """Whether all annotators of an image chose the same labels, and none was unsure or chose none."""
        answers = self.counting(image)
        return len({row["yes"] for row in answers}) == 1 and all(
            row["outcome"] == "labelled" and row["yes"] and not row["maybe"] for row in answers
        )

    @cached_property
    def _counting(self) -> dict[str, list[Row]]:
        by_image = defaultdict(list)
        for (image, _), row in self.every_answer.items():
            if row["surplus"] == "false":
                by_image[image].append(row)
        most = max(map(len, by_image.values()))
        return {image: rows for image, rows in by_image.items() if len(rows) == most}


def read(folder: Path) -> Exports:
    """The exports of a folder, or the label files in it."""
    return read_study(folder) if (folder / "parquet.csv").exists() else read_files(folder)


def read_study(folder: Path) -> Exports:
    """What a study exported."""
    votes, proposals, card = rows_of(folder / "votes.csv"), rows_of(folder / "proposals.csv"), _card_lists(folder / "croissant.json")
    finals = defaultdict(list)
    for row in rows_of(folder / "parquet.csv"):
        finals[row["image"]].append(row)
    return Exports(
        finals=finals,
        answers=_by_person(votes),
        every_vote=votes,
        every_answer={(row["image"], row["annotator"]): row for row in rows_of(folder / "answers.csv")},
        checks=rows_of(folder / "checks.csv"),
        decisions=rows_of(folder / "decisions.csv"),
        ranked=_ranked(proposals),
        scores=_scores(proposals),
        images=frozenset(row["image"] for row in proposals),
        names={row["labels/key"]: row["labels/name"].split(", ")[0] for row in card["labels"]},
        parents=_parents(card.get("parents", [])),
        stated=json.loads((folder / "croissant.json").read_text(encoding="utf-8"))["rai:dataAnnotationProtocol"],
        asked=rows_of(folder / "ways-to-ask.csv"),
        copies=rows_of(folder / "copies.csv"),
    )


def read_files(folder: Path, seed: int = SEED) -> Exports:
    """Labels, given labels, votes and proposals of a dataset, in tables; those of the dataset that it replicates are in `original`."""
    given = {row["image"]: row["label"] for row in rows_of(folder / "given.csv")}
    finals = defaultdict(list)
    for row in rows_of(folder / "labels.csv"):
        finals[row["image"]].append({**row, "given_label": given[row["image"]], "source": "", "reason": "", "relation": ""})
    votes = [{**row, "surplus": "false", "submitted_at": ""} for row in rows_of(folder / "votes.csv")]
    proposals = rows_of(folder / "proposals.csv")
    keys = sorted({row["label"] for row in (*proposals, *votes)} | set(given.values()))
    return Exports(
        finals=finals,
        answers=_by_person(votes),
        every_answer={(row["image"], row["annotator"]): row for row in votes},
        checks=[],
        decisions=[],
        ranked=_ranked(proposals),
        scores=_scores(proposals),
        images=frozenset(finals),
        names=dict(zip(keys, keys, strict=True)),
        parents={},
        is_study=False,
        original=read_files(folder / "original", seed + 1) if (folder / "original").exists() else None,
        seed=seed,
    )


def _by_person(votes: Sequence[Row]) -> dict[str, dict[str, list[Row]]]:
    answers: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in votes:
        if row["surplus"] == "false":
            answers[row["image"]][row["annotator"]].append(row)
    return answers


def _ranked(proposals: Sequence[Row]) -> dict[str, dict[str, list[str]]]:
    ranked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(proposals, key=lambda row: int(row["rank"])):
        ranked[row["source"]][row["image"]].append(row["label"])
    return ranked


def _scores(proposals: Sequence[Row]) -> dict[str, dict[str, list[float]]]:
    """The scores of the ranked labels; none of models of which a table has ranks alone."""
    scores: dict[str, dict[str, list[float]]] = {row["source"]: defaultdict(list) for row in proposals}
    for row in sorted(proposals, key=lambda row: int(row["rank"])):
        if row.get("score"):
            scores[row["source"]][row["image"]].append(float(row["score"]))
    return scores


def _card_lists(path: Path) -> dict[str, list[Row]]:
    """What a data card lists itself, by the list's name: labels, and their parents if they have any."""
    sets = json.loads(path.read_text(encoding="utf-8"))["recordSet"]
    return {of["@id"]: of["data"] for of in sets if "data" in of}


def _parents(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    above = defaultdict(set)
    for row in rows:
        above[row["parents/key"]].add(row["parents/parent"])
    return {key: frozenset(parents) for key, parents in above.items()}


def cell_list(cell: str) -> list[str]:
    """A list in a cell: joined by `|`, quoted as in CSV."""
    return next(csv.reader([cell], delimiter="|")) if cell else []


def rows_of(path: Path) -> list[Row]:
    """The rows of a table; none where it was not exported, since nothing is in it."""
    if not path.exists():
        return []
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
    with np.errstate(invalid="ignore", divide="ignore"):
        return Resampled(float(figure(rows.sum(axis=0)[None])[0]), figure(drawn_sums(rows)))


def drawn_sums(rows: Floats, seed: int = SEED) -> Floats:
    """The sums over images, drawn again and again: (n_images, n_columns) → (N_RESAMPLES, n_columns)."""
    return np.asarray(_times_drawn(len(rows), seed) @ rows)


@cache
def _times_drawn(n: int, seed: int) -> Floats:
    """How often each of n is drawn, (N_RESAMPLES, n), as numbers that multiply fast."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES).astype(np.float64)


def mean(values: Sequence[float]) -> Resampled:
    """A mean over images or answers with its bootstrap."""
    return over_images(np.array([[value, 1.0] for value in values]), lambda sums: sums[:, 0] / sums[:, 1])


def ratio(parts: Sequence[float] | Floats, wholes: Sequence[float] | Floats) -> Resampled:
    """A share of sums over images; Wilson's interval at the size at which a binomial has its linearised variance, of all or none the
    images'."""
    x, y = np.asarray(wholes, dtype=np.float64), np.asarray(parts, dtype=np.float64)
    p = float(y.sum() / x.sum())
    error = sqrt(len(x)) * float(np.sqrt(np.mean((y - p * x) ** 2))) / float(x.sum())
    if error < 1e-6 or not 1e-6 < p < 1 - 1e-6:
        return Resampled(
            round(p) if error < 1e-6 and abs(p - round(p)) < 1e-6 else p, None, wilson(round(p * np.sum(x > 0)), int(np.sum(x > 0)))
        )
    return Resampled(p, None, wilson_of(p, p * (1 - p) / error**2))


def share_of_images(values: Sequence[float]) -> Resampled:
    """A mean over images of what lies between 0 and 1."""
    return ratio(values, [1.0] * len(values))


def missing(name: str, n_of: int, n: int, n_missing: int) -> dict[str, float]:
    """A share of known cases; its interval goes from Wilson's lower end if no missing case is so to the upper end if all are."""
    (low, _), (_, high) = (wilson(so, n + n_missing) for so in (n_of, n_of + n_missing))
    return {name: n_of / n, f"{name}_low": low, f"{name}_high": high}


def mean_of_ten(values: Sequence[float]) -> Resampled | float | None:
    """A mean with its bootstrap; without an interval over fewer than ten, and nothing over none."""
    if len(values) >= 10:
        return mean(values)
    return float(np.mean(values)) if len(values) else None


def share_of_ten(values: Sequence[float]) -> Resampled | float | None:
    """The same of shares, each from 0 to 1: all or none of ten has Wilson's interval."""
    found = mean_of_ten(values)
    return certain(found, len(values)) if isinstance(found, Resampled) else found


def if_moved(found: Resampled) -> Resampled:
    """A figure that is not a share; without an interval where no resample differs from it."""
    assert found.drawn is not None
    return found if np.nanmax(found.drawn) - np.nanmin(found.drawn) > 1e-9 else Resampled(found.value, None)


def certain(found: Resampled, n: int) -> Resampled:
    """A share of n images that is 0 or 1 is not certain: no resample differs from it, and it has Wilson's interval."""
    return Resampled(found.value, None, wilson(round(found.value * n), n)) if found.value in (0.0, 1.0) else found
