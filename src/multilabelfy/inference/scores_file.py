"""Scores that were made elsewhere: an array in a file, one row an image in the order of the import.

Such a file is no `Scorer`: it needs no picture, and it must know which image is asked for. It is what a scorer gives, `Scores`, so it
joins the way from pictures to proposals one step later (see `streaming`). The file is mapped into memory: only the rows asked for are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores, ScorerUnavailable
from multilabelfy.inference.cards import ScoresCard, read_card
from multilabelfy.inference.softmax import softmax
from multilabelfy.inference.spec import card_path


@dataclass(frozen=True, slots=True)
class ScoresFile:
    """`array` is (n_images, n_columns), mapped from `path`; `labels` as in the Scorer port."""

    path: Path
    labels: tuple[str, ...]
    array: npt.NDArray[np.floating]
    holds_logits: bool

    @property
    def n_rows(self) -> int:
        """How many images it has scores of."""
        return len(self.array)

    def rows(self, places: Sequence[int]) -> npt.NDArray[np.floating]:
        """(len(places), n_columns) softmax of the images at these places of the import."""
        read = np.asarray(self.array[list(places)])
        return softmax(read) if self.holds_logits else read


def open_scores(file: Path) -> ScoresFile:
    """The scores in a `.npy` file; a card beside it may say `output` (softmax if silent) and `labels` (the dataset's, if silent).

    Raises ScorerUnavailable where it cannot be read, InvalidScores where it is no table of numbers, InvalidInput for its card.
    """
    card = read_card(card_path(file), ScoresCard) if card_path(file).exists() else ScoresCard()
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ScorerUnavailable(f"Cannot read the scores in '{file}': {error}. Write them with numpy.save, as plain numbers.") from None
    if not isinstance(array, np.ndarray) or array.ndim != 2 or not np.issubdtype(array.dtype, np.floating):
        found = f"{array.dtype} of shape {array.shape}" if isinstance(array, np.ndarray) else "an archive of several arrays"
        raise InvalidScores(f"Cannot use the scores in '{file}': it is {found}, and floats of shape (n_images, n_labels) are wanted.")
    return ScoresFile(file, card.label_keys, array, card.output == "logits")
