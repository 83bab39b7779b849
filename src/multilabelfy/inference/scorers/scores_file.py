"""Scores that were made elsewhere: an array in a file, one row an image, in the order of the import or as a card beside it says.

Such a file is no `Scorer`: it needs no picture, and it must know which image is asked for. It is what a scorer gives, `Scores`, so it
joins the way from pictures to proposals one step later (see `inference.running.batches`). The file is mapped into memory: only the rows
asked for are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores, ScorerUnavailable
from multilabelfy.inference.scorers.cards import ScoresCard, read_card
from multilabelfy.inference.scorers.softmax import softmax
from multilabelfy.inference.spec import card_path
from multilabelfy.plurals import counted


@dataclass(frozen=True, slots=True)
class ScoresFile:
    """`array` is (n_rows, n_columns), mapped from `path`; `labels` as in the Scorer port; `images` names its rows, or is empty."""

    path: Path
    labels: tuple[str, ...]
    images: tuple[str, ...]
    array: npt.NDArray[np.floating]
    holds_logits: bool

    def row_of(self, images: Sequence[str]) -> Mapping[str, int]:
        """The row of each of a dataset's images, which come in the order of the import. Raises InvalidScores where they do not fit."""
        if not self.images:
            self._check_number(len(images))
            return {image: row for row, image in enumerate(images)}
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
        """(len(rows), n_columns) softmax of these rows."""
        read = np.asarray(self.array[list(rows)])
        return softmax(read) if self.holds_logits else read

    def _check_number(self, n_images: int) -> None:
        if len(self.array) != n_images:
            raise InvalidScores(
                f"Cannot use the scores in '{self.path}': it has {counted(len(self.array), 'row')}, "
                f"and the dataset {counted(n_images, 'image')}. It needs one "
                f"row an image, in the order of the import; or name the image of each row in '{card_path(self.path).name}', as \"images\"."
            )


def open_scores(file: Path) -> ScoresFile:
    """The scores in a `.npy` file, with what a card beside it may say (see `ScoresCard`).

    Raises ScorerUnavailable where it cannot be read, InvalidScores where it is not a table of numbers, InvalidInput for its card.
    """
    card = read_card(card_path(file), ScoresCard) if card_path(file).exists() else ScoresCard()
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ScorerUnavailable(f"Cannot read the scores in '{file}': {error}. Write them with numpy.save, as plain numbers.") from None
    if not isinstance(array, np.ndarray) or array.ndim != 2 or not np.issubdtype(array.dtype, np.floating):
        content = f"{array.dtype} of shape {array.shape}" if isinstance(array, np.ndarray) else "an archive of several arrays"
        raise InvalidScores(f"Cannot use the scores in '{file}': it is {content}, and floats of shape (n_images, n_labels) are wanted.")
    if card.images and len(card.images) != len(array):
        raise InvalidScores(
            f"Cannot use the scores in '{file}': it has {counted(len(array), 'row')}, "
            f"and its card names {counted(len(card.images), 'image')}."
        )
    return ScoresFile(file, card.label_keys, tuple(card.images), array, card.output == "logits")
