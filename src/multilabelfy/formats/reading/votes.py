"""Read votes from a file: a long table (`image,label,annotator,vote`; CSV or Parquet) or ReaL's `raters.npz`.

A table may have crowd-kit's columns instead: `task,worker,label`, where a task is IMAGE|LABEL and its label is the vote, as we export them.

In ReaL's file (github.com/google-research/reassessed-imagenet) `tensor` is (raters, questions, 3), one-hot over no, maybe, yes, and
`info` (questions, 2) names each question's image and label.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from multilabelfy.annotation.machines import MARK
from multilabelfy.disagreement.questions import Ints, Questions, questions_of_votes
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.inputs import VOTES as FILES
from multilabelfy.plurals import counted

COLUMNS = ("image", "label", "annotator", "vote")
CROWD_KIT = ("task", "worker", "label")
TASK = r"^(.+)\|([^|]+)$"
VOTES = {"no": 0, "maybe": 1, "yes": 2, "0": 0, "1": 1, "2": 2}
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class VoteTable:
    """The votes as questions over codes, and what the codes stand for: `images`, `labels` and `raters`, each by code.

    `rows` is (n_questions,): where each question stands in a file whose votes are not in the order of its questions; None for a table.
    """

    questions: Questions
    images: tuple[str, ...]
    labels: tuple[str, ...]
    raters: tuple[str, ...]
    rows: Ints | None = None

    def order_in_file(self) -> Ints:
        """Where each question comes first in its file, (n_questions,): the earlier, the smaller."""
        return np.unique(self.questions.question, return_index=True)[1] if self.rows is None else self.rows

    def images_asked(self) -> list[str]:
        """Each question's image, by name."""
        return [self.images[code] for code in self.questions.image.tolist()]

    def labels_asked(self) -> list[str]:
        """Each question's label, by key."""
        return [self.labels[code] for code in self.questions.label.tolist()]


def read_votes(file: Path, *, of_machines: bool = False) -> VoteTable:
    """The votes of a file. Raises InvalidInput with the first 20 problems, each with its line.

    Votes of machines are refused, by the mark before their names, unless the file is asked for as one `of_machines`.
    """
    if file.suffix == ".npz":
        return _read_raters(file)
    if file.suffix not in FILES.suffixes:
        raise _refusal(file, [Problem(file.name, f"files of the kind '{file.suffix}' are not read. {FILES.forms}")])
    read = _renamed(file, _read_table(file))
    if not of_machines:
        _require_people(file, read)
    return _coded(file, read)


def votes_of(frame: pl.DataFrame) -> VoteTable:
    """The votes of a frame with the columns of such a file. Raises InvalidInput; the first row counts as line 2, as in a file."""
    where = Path("the frame")
    read = _renamed(where, frame)
    _require_people(where, read)
    return _coded(where, read)


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
    rows = np.full(len(questions), len(info), dtype=np.int64)
    np.minimum.at(rows, questions.question, question)
    return VoteTable(questions, tuple(images.tolist()), tuple(labels.tolist()), tuple(str(rater) for rater in ids.tolist()), rows)


def _read_table(file: Path) -> pl.DataFrame:
    try:
        read = pl.read_csv(file, infer_schema=False) if file.suffix == ".csv" else pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _refusal(file, [Problem(file.name, f"it cannot be read as a table ({error})")]) from None
    return read


def _renamed(file: Path, read: pl.DataFrame) -> pl.DataFrame:
    """Our four columns as text, whichever names they have."""
    missing = [column for column in COLUMNS if column not in read.columns]
    if missing and set(CROWD_KIT) <= set(read.columns):
        return _of_tasks(file, read.select(pl.col(column).cast(pl.String) for column in CROWD_KIT))
    if missing:
        raise _refusal(file, [Problem(f"{file.name}:1", f"it lacks {', '.join(missing)}; its columns are {', '.join(read.columns)}")])
    return read.select(pl.col(column).cast(pl.String).alias(column) for column in COLUMNS)


def _require_people(file: Path, read: pl.DataFrame) -> None:
    """Raise InvalidInput where a machine votes: it is no annotator, and would be counted as one."""
    rows = read["annotator"].str.starts_with(MARK).fill_null(value=False).arg_true()
    if len(rows):
        problems = [Problem(f"{file.name}:{row + 2}", f"'{read['annotator'][row]}' is a machine, not a person") for row in rows]
        raise _refusal(
            file, problems, "Leave these rows out. `aggregate` counts votes of machines from a file of their own, with --machines."
        )


def _of_tasks(file: Path, read: pl.DataFrame) -> pl.DataFrame:
    """The same from crowd-kit's columns; a task is cut at its last |."""
    task = pl.col("task")
    strange = read.select(task.is_not_null() & task.str.contains(TASK).not_()).to_series().arg_true()
    if len(strange):
        raise _refusal(file, [Problem(f"{file.name}:{row + 2}", f"the task '{read['task'][row]}' is not IMAGE|LABEL") for row in strange])
    image, label = (task.str.extract(TASK, group).alias(name) for group, name in ((1, "image"), (2, "label")))
    return read.select(image, label, pl.col("worker").alias("annotator"), pl.col("label").alias("vote"))


def _coded(file: Path, read: pl.DataFrame) -> VoteTable:
    """The votes as numbers. Raises InvalidInput for empty cells, unknown votes, and one person's second vote on one label of one image."""
    votes = read["vote"].replace_strict(_codes_of_votes(read["vote"]), default=None, return_dtype=pl.Int64)
    empty = read.select(pl.any_horizontal(pl.col(COLUMNS).is_null())).to_series().arg_true()
    unknown = (votes.is_null() & read["vote"].is_not_null()).arg_true()
    codes = {column: _codes(read[column]) for column in COLUMNS[:3]}
    twice = _twice([code for _, code in codes.values()])
    problems = [Problem(f"{file.name}:{row + 2}", "a cell is empty") for row in empty]
    problems += [Problem(f"{file.name}:{row + 2}", f"'{read['vote'][row]}' is not a vote: write no, maybe or yes") for row in unknown]
    problems += [Problem(f"{file.name}:{row + 2}", _second_vote(read, row)) for row in twice]
    if problems:
        raise _refusal(file, problems)
    image, label, rater = (code.to_numpy().astype(np.int64) for _, code in codes.values())
    questions = questions_of_votes(image, label, rater, votes.to_numpy())
    images, labels, raters = (tuple(names.to_list()) for names, _ in codes.values())
    return VoteTable(questions, images, labels, raters)


def _codes_of_votes(written: pl.Series) -> dict[str, int]:
    """What each spelling means, of those that mean a vote."""
    spellings = {text: text.strip().lower() for text in written.unique().drop_nulls().to_list()}
    return {text: VOTES[word] for text, word in spellings.items() if word in VOTES}


def _codes(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The different texts in order, and the place of each text among them; an empty cell has none."""
    names = texts.unique().drop_nulls().sort()
    return names, texts.cast(pl.Enum(names)).to_physical()


def _twice(codes: Sequence[pl.Series]) -> list[int]:
    """The rows that repeat an earlier row's image, label and annotator; sorted as numbers, which takes far less memory than as texts."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for code in codes:
        numbers = code.cast(pl.Int64).fill_null(-1).to_numpy() + 1
        key = key * (1 + int(numbers.max(initial=0))) + numbers
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order[1:]] == key[order[:-1]]]
    return [int(row) for row in np.sort(again)]


def _second_vote(read: pl.DataFrame, row: int) -> str:
    image, label, annotator, _ = read.row(row)
    return f"'{annotator}' votes a second time on label '{label}' of '{image}'"


def _refusal(file: Path, problems: list[Problem], way_out: str = "") -> InvalidInput:
    shown = sorted(problems, key=lambda problem: _line(problem.where))[:MOST_PROBLEMS]
    left = len(problems) - len(shown)
    more = f"… and {left} more." if left else ""
    return InvalidInput(f"Cannot read votes from '{file}'", shown, " ".join(filter(None, (more, way_out))))


def _line(where: str) -> int:
    line = where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
