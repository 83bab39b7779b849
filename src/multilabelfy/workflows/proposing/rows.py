"""Which row of a file of scores is an image's: in the order of the import that is its place, and nothing about the others is kept."""

from collections.abc import Callable

from multilabelfy.dataset.model import DatasetId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images


def row_finder(c: Connection, dataset: DatasetId, file: ScoresFile) -> Callable[[StoredImage], int]:
    """The row of each of the dataset's images. Raises InvalidScores where the file's rows do not fit."""
    if not file.images:
        file.check_number(sum(images.counts(c, dataset).values()))
        return lambda image: image.place
    row_of = file.row_of(images.paths(c, dataset))
    return lambda image: row_of[image.path]
