"""Read labels' scores: the table `image,label,score` that `aggregate` writes, or ReaL's `scores.npz` (`tensor`, `info`)."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.read_tables import read_table
from multilabelfy.formats.inputs import SCORES

ATTEMPT = "Cannot read the scores of labels"
COLUMNS = ("image", "label", "score")
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class LabelScores:
    """One row a question: its image by name, its label as written, and the chance that the label is valid, (n,)."""

    images: tuple[str, ...]
    labels: tuple[str, ...]
    scores: npt.NDArray[np.float64]


def read_label_scores(path: Path) -> LabelScores:
    """The scores of a file. Raises InvalidInput, which lists the first rows whose score is no number from 0 to 1."""
    if path.suffix not in SCORES.suffixes:
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"files of the kind '{path.suffix}' are not read")], SCORES.forms)
    return _from_arrays(path) if path.suffix == ".npz" else _from_table(path)


def _from_arrays(path: Path) -> LabelScores:
    try:
        with np.load(path, allow_pickle=False) as stored:
            scores, info = stored["tensor"], stored["info"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"it does not hold the arrays tensor and info ({error})")], SCORES.forms) from None
    if scores.ndim != 1 or info.shape != (len(scores), 2):
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"tensor is {scores.shape} and info is {info.shape}")], SCORES.forms)
    return LabelScores(tuple(info[:, 0].tolist()), tuple(info[:, 1].tolist()), scores.astype(np.float64))


def _from_table(path: Path) -> LabelScores:
    table = read_table(path, COLUMNS, ATTEMPT)
    problems, rows = list(table.problems), []
    for row, image, label, score in zip(table.rows, *map(table.cells, COLUMNS), strict=True):
        value = _share(score)
        if value is None or not isinstance(image, str) or not isinstance(label, str):
            problems.append(
                Problem(f"{path}:{row.line}", f"'{image}', '{label}', '{score}' is not an image, a label and a number from 0 to 1")
            )
        else:
            rows.append((image, label, value))
    if problems:
        raise InvalidInput(ATTEMPT, problems[:MOST_PROBLEMS], SCORES.forms)
    return LabelScores(tuple(image for image, _, _ in rows), tuple(label for _, label, _ in rows), np.array([score for *_, score in rows]))


def _share(cell: object) -> float | None:
    """
    >>> _share("0.8"), _share("80"), _share(None)
    (0.8, None, None)
    """
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
