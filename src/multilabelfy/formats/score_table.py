"""Labels' scores by aggregated votes (`aggregate`): `image,label,score[,log_odds]`, one row per question."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from multilabelfy.formats.files.whole_files import whole_file
from multilabelfy.formats.files.write_tables import faults_of_the_disk

Scores = npt.NDArray[np.float64]


def write_scores(out: Path, images: Sequence[str], labels: Sequence[str], scores: Scores, log_odds: Scores | None = None) -> int:
    """Write one row per question: its image, its label and its score from 0 to 1. All arrays are (n_questions,); returns their number.

    The file is CSV if its suffix says so, else Parquet.
    """
    columns = {"image": pl.Series(images, dtype=pl.String), "label": pl.Series(labels, dtype=pl.String), "score": pl.Series(scores)}
    frame = pl.DataFrame(columns if log_odds is None else {**columns, "log_odds": pl.Series(log_odds)})
    with whole_file(out, overwrite=True) as part, faults_of_the_disk():
        if out.suffix == ".csv":
            frame.write_csv(part)
        else:
            frame.write_parquet(part)
    return frame.height
