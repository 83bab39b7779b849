"""Tables of what a command found: copies, scores, suspects, ways to ask, annotators. One row a thing, columns named once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy
from multilabelfy.disagreement.answer_quality.self_agreement import SelfAgreement
from multilabelfy.disagreement.raters.concerns import SENTENCES, Concern, told
from multilabelfy.disagreement.raters.haste import QUANTILES
from multilabelfy.disagreement.raters.review import RaterProfile, RaterReview
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table
from multilabelfy.statistics.intervals import Measured

COPIES_COLUMNS = {
    "group": ColumnType.INTEGER,  # from 1
    "image": ColumnType.TEXT,
    "given_label": ColumnType.TEXT,  # empty where the image has none
    "contradicts": ColumnType.TRUTH,  # whether the group has different given labels
}


def write_copies(path: Path, rows: Iterable[TableRow], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, COPIES_COLUMNS, rows, overwrite=overwrite)


SUSPECTS_COLUMNS = {
    "rank": ColumnType.INTEGER,
    "image": ColumnType.TEXT,
    "given_label": ColumnType.TEXT,
    "suggested_label": ColumnType.TEXT,  # the model's best label besides the given one
    "suspicion": ColumnType.NUMBER,
    "given_score": ColumnType.NUMBER,
    "suggested_score": ColumnType.NUMBER,
    "flagged": ColumnType.TRUTH,  # cleanlab considers it wrong; empty for the loss
}


def write_suspects(path: Path, rows: Iterable[TableRow], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, SUSPECTS_COLUMNS, rows, overwrite=overwrite)


WAYS_TO_ASK_COLUMNS = {
    "study": ColumnType.INTEGER,  # its seed
    "way": ColumnType.TEXT,
    "image": ColumnType.TEXT,
    "answers": ColumnType.INTEGER,
    "annotator_ms": ColumnType.INTEGER,
    "expert_ms": ColumnType.INTEGER,
    "probability": ColumnType.NUMBER,  # of the panel's draw; empty outside it
    "settled": ColumnType.TRUTH,  # whether a release would hold it
    "labels": ColumnType.TEXTS,  # indices, as in truth.json
    "valid": ColumnType.TEXTS,
}


def write_ways_to_ask(path: Path, rows: Iterable[ImageAsked], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, WAYS_TO_ASK_COLUMNS, map(_row, rows), overwrite=overwrite)


def _row(asked: ImageAsked) -> TableRow:
    seen = (asked.n_answers, asked.annotator_ms, asked.expert_ms, asked.probability, asked.is_settled)
    return (asked.study, asked.way.value, asked.image, *seen, _indices(asked.labels), _indices(asked.valid))


def _indices(labels: Iterable[int]) -> list[str]:
    return [str(label) for label in sorted(labels)]


WHERE = ("not_valid", "valid")
ANSWERS = ("no", "maybe", "yes")


def _measured_columns(*names: str) -> dict[str, ColumnType]:
    return {name + end: ColumnType.NUMBER for name in names for end in ("", "_low", "_high")}


ANNOTATORS_COLUMNS = {
    "annotator": ColumnType.TEXT,
    "answers": ColumnType.INTEGER,
    "votes": ColumnType.INTEGER,
    "enough": ColumnType.TRUTH,  # false: too few answers to tell
    **_measured_columns("sensitivity", "specificity"),
    **_measured_columns(*(f"{answer}_where_{where}" for where in WHERE for answer in ANSWERS)),  # the confusion matrix
    **_measured_columns("seconds"),  # the median
    **{f"seconds_{round(100 * quantile)}": ColumnType.NUMBER for quantile in QUANTILES},
    "gold_yes_right": ColumnType.INTEGER,  # of gold_yes, are valid
    "gold_yes": ColumnType.INTEGER,
    "gold_valid_chosen": ColumnType.INTEGER,  # of gold_valid, got a yes
    "gold_valid": ColumnType.INTEGER,
    "again_alike": ColumnType.INTEGER,  # of again, labels of repeats answered as the first time
    "again": ColumnType.INTEGER,
    **_measured_columns("drift", "pace"),  # late − early of sensitivity + specificity − 1; seconds late by early
    "concerns": ColumnType.TEXTS,
}


@dataclass(frozen=True)
class NamedReview:
    """A review with what to call annotators and the images of concerns, by code, and how each did on gold and on repeats."""

    review: RaterReview
    annotators: tuple[str, ...]
    images: Mapping[int, str]
    gold: tuple[GoldAccuracy, ...]
    again: tuple[SelfAgreement, ...] = field(default=())

    def again_of(self, rater: int) -> SelfAgreement:
        """One rater's agreement with themselves."""
        return self.again[rater] if self.again else SelfAgreement()

    def images_of(self, concern: Concern) -> list[str]:
        """What to look at."""
        return [self.images[image] for image in concern.images]


def sentence(concern: Concern) -> str:
    """A concern in English."""
    return told(concern, SENTENCES[concern.kind])


def write_annotators(path: Path, reviewed: NamedReview, *, overwrite: bool = False) -> int:
    """Write a row for each annotator; returns their number. Raises InvalidInput."""
    return write_table(path, ANNOTATORS_COLUMNS, _rows(reviewed), overwrite=overwrite)


def _rows(reviewed: NamedReview) -> Iterator[TableRow]:
    for profile in reviewed.review.profiles:
        rates, gold, again = profile.rates, reviewed.gold[profile.rater], reviewed.again_of(profile.rater)
        cells = [cell for where in rates.answers for answer in where for cell in _cells(answer)]
        yield (
            *(reviewed.annotators[profile.rater], profile.n_answers, rates.n_votes, profile.is_enough),
            *(*_cells(rates.sensitivity), *_cells(rates.specificity), *cells),
            *_of_speed(profile),
            *(gold.precision.n_of, gold.precision.n, gold.recall.n_of, gold.recall.n, again.alike.n_of, again.alike.n),
            *(*_cells(profile.drift.change if profile.drift else None), *_cells(profile.drift.pace if profile.drift else None)),
            [sentence(concern) for concern in profile.concerns],
        )


def _of_speed(profile: RaterProfile) -> tuple[float | None, ...]:
    if profile.speed is None:
        return (None,) * (3 + len(QUANTILES))
    return (*_cells(profile.speed.median), *profile.speed.quantiles)


def _cells(measured: Measured | None) -> tuple[float | None, float | None, float | None]:
    if measured is None or measured.value is None:
        return None, None, None
    ends = measured.interval
    return measured.value, ends.low if ends else None, ends.high if ends else None
