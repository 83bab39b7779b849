"""Scores that were made elsewhere: an array in a file, one row an image, in the order of the import or as a card beside it says.

Such a file is no `Scorer`: it needs no picture, and it must know which image is asked for. It is what a scorer gives, `Scores`, so it
joins the way from pictures to proposals one step later (see `inference.running.batches`). Only the rows asked for are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores
from multilabelfy.inference.scorers.cards import ScoresCard, read_card
from multilabelfy.inference.scorers.scores_table import ScoresTable, open_table
from multilabelfy.inference.scorers.softmax import softmax
from multilabelfy.inference.spec import card_path
from multilabelfy.plurals import counted


@dataclass(frozen=True, slots=True)
class ScoresFile:
    """`table` is (n_rows, n_columns), in a file; `labels` as in the Scorer port; `images` names its rows, or is empty."""

    labels: tuple[str, ...]
    images: tuple[str, ...]
    table: ScoresTable
    holds_logits: bool

    @property
    def path(self) -> Path:
        """Where the scores are."""
        return self.table.path

    def row_of(self, images: Sequence[str]) -> Mapping[str, int]:
        """The row of each of a dataset's images where the card names them. Raises InvalidScores where one is missing."""
        row_of = {image: row for row, image in enumerate(self.images)}
        missing = [image for image in images if image not in row_of]
        if missing:
            raise InvalidScores(
                f"Cannot use the scores in '{self.path}': its card names {counted(len(row_of), 'image')}, "
                f"but not {len(missing)} of the dataset's, "
                f"the first is '{missing[0]}'. An image is named by its path below the dataset's folder."
            )
        return row_of

    def rows(self, rows: Sequence[int]) -> npt.NDArray[np.floating]:
        """(len(rows), n_columns) softmax of these rows. Raises InvalidScores where the file was changed since it was opened."""
        read = self.table.rows(rows)
        return softmax(read) if self.holds_logits else read

    def check_number(self, n_images: int) -> None:
        """Raises InvalidScores where rows that are in the order of the import are not as many as the dataset's images."""
        if len(self.table) != n_images:
            raise InvalidScores(
                f"Cannot use the scores in '{self.path}': it has {counted(len(self.table), 'row')}, "
                f"and the dataset {counted(n_images, 'image')}. It needs one "
                f"row an image, in the order of the import; or name the image of each row in '{card_path(self.path).name}', as \"images\"."
            )


def open_scores(file: Path) -> ScoresFile:
    """The scores in a `.npy` file, with what a card beside it may say (see `ScoresCard`).

    Raises ScorerUnavailable where it cannot be read, InvalidScores where it is not a table of numbers, InvalidInput for its card.
    """
    card = read_card(card_path(file), ScoresCard) if card_path(file).exists() else ScoresCard()
    table = open_table(file)
    if card.images and len(card.images) != len(table):
        raise InvalidScores(
            f"Cannot use the scores in '{file}': it has {counted(len(table), 'row')}, "
            f"and its card names {counted(len(card.images), 'image')}."
        )
    return ScoresFile(card.label_keys, tuple(card.images), table, card.output == "logits")
