"""Read votes from a file: a long table (`image,label,annotator,vote`; CSV or Parquet) or ReaL's `raters.npz`.

In ReaL's file (github.com/google-research/reassessed-imagenet) `tensor` is (raters, questions, 3), one-hot over no, maybe, yes, and
`info` (questions, 2) names each question's image and label.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.inputs import VOTES as FILES
from multilabelfy.plurals import counted

COLUMNS = ("image", "label", "annotator", "vote")
VOTES = {"no": 0, "maybe": 1, "yes": 2, "0": 0, "1": 1, "2": 2}
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class VoteTable:
    """The votes as questions over codes, and what the codes stand for: `images`, `labels` and `raters`, each by code."""

    questions: Questions
    images: tuple[str, ...]
    labels: tuple[str, ...]
    raters: tuple[str, ...]

    def images_asked(self) -> list[str]:
        """Each question's image, by name."""
        return [self.images[code] for code in self.questions.image.tolist()]

    def labels_asked(self) -> list[str]:
        """Each question's label, by key."""
        return [self.labels[code] for code in self.questions.label.tolist()]


def read_votes(file: Path) -> VoteTable:
    """The votes of a file. Raises InvalidInput with the first 20 problems, each with its line."""
    if file.suffix == ".npz":
        return _read_raters(file)
    if file.suffix not in FILES.suffixes:
        raise _refusal(file, [Problem(file.name, f"files of the kind '{file.suffix}' are not read. {FILES.forms}")])
    return _coded(_checked(file, _read_table(file)))


def _read_raters(file: Path) -> VoteTable:
    try:
        with np.load(file, allow_pickle=False) as raters:
            tensor, info, ids = raters["tensor"], raters["info"], raters["ids"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _refusal(file, [Problem(file.name, f"it is not ReaL's raters.npz, which holds tensor, info and ids ({error})")]) from None
    if tensor.ndim != 3 or tensor.shape != (len(ids), len(info), 3) or info.ndim != 2:
        raise _refusal(
            file,
            [
                Problem(
                    file.name,
                    f"tensor is {tensor.shape}, but the file names {counted(len(ids), 'rater')} and {counted(len(info), 'question')}",
                )
            ],
        )
    rater, question, vote = np.nonzero(tensor)
    images, image = np.unique(info[:, 0], return_inverse=True)
    labels, label = np.unique(info[:, 1], return_inverse=True)
    questions = questions_of_votes(image[question], label[question], rater, vote)
    return VoteTable(questions, tuple(images.tolist()), tuple(labels.tolist()), tuple(str(rater) for rater in ids.tolist()))


def _read_table(file: Path) -> pl.DataFrame:
    try:
        read = pl.read_csv(file, infer_schema=False) if file.suffix == ".csv" else pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _refusal(file, [Problem(file.name, f"it cannot be read as a table ({error})")]) from None
    missing = [column for column in COLUMNS if column not in read.columns]
    if missing:
        raise _refusal(file, [Problem(f"{file.name}:1", f"it lacks {', '.join(missing)}; its columns are {', '.join(read.columns)}")])
    return read.select(pl.col(column).cast(pl.String).alias(column) for column in COLUMNS)


def _checked(file: Path, read: pl.DataFrame) -> pl.DataFrame:
    """The votes as numbers. Raises InvalidInput for empty cells, unknown votes, and one person's second vote on one label of one image."""
    code = pl.col("vote").str.strip_chars().str.to_lowercase().replace_strict(VOTES, default=None, return_dtype=pl.Int64)
    lined = read.with_columns(code.alias("code"), pl.int_range(2, pl.len() + 2).alias("line"))
    empty = lined.filter(pl.any_horizontal(pl.col(column).is_null() for column in COLUMNS))
    unknown = lined.filter(pl.col("code").is_null() & pl.col("vote").is_not_null())
    twice = lined.filter(pl.struct("image", "label", "annotator").is_first_distinct().not_())
    problems = [Problem(f"{file.name}:{line}", "a cell is empty") for line in empty["line"]]
    problems += [
        Problem(f"{file.name}:{line}", f"'{vote}' is not a vote: write no, maybe or yes") for line, vote in unknown[["line", "vote"]].rows()
    ]
    problems += [
        Problem(f"{file.name}:{line}", f"'{annotator}' votes a second time on label '{label}' of '{image}'")
        for line, image, label, annotator in twice[["line", "image", "label", "annotator"]].rows()
    ]
    if problems:
        raise _refusal(file, problems)
    return lined


def _coded(lined: pl.DataFrame) -> VoteTable:
    codes = {column: np.unique(lined[column].to_numpy(), return_inverse=True) for column in ("image", "label", "annotator")}
    image, label, rater = (codes[column][1] for column in ("image", "label", "annotator"))
    questions = questions_of_votes(image, label, rater, lined["code"].to_numpy())
    return VoteTable(questions, *(tuple(codes[column][0].tolist()) for column in ("image", "label", "annotator")))


def _refusal(file: Path, problems: list[Problem]) -> InvalidInput:
    shown = sorted(problems, key=lambda problem: _line(problem.where))[:MOST_PROBLEMS]
    left = len(problems) - len(shown)
    return InvalidInput(f"Cannot read votes from '{file}'", shown, f"… and {left} more." if left else "")


def _line(where: str) -> int:
    line = where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
