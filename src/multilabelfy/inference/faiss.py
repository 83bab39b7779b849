"""Ask faiss for the nearest of many vectors (Douze et al., "The Faiss library", 2024); an optional extra.

The vectors are parted into cells around as many centres; of each vector only the cells nearest to it are looked through. Some of the
nearest are missed like that: `docs/proposals.md` says how many.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import ExtraMissing
from multilabelfy.plurals import counted
from multilabelfy.proposals.kin.nearest import Nearest, ordered

CELLS_A_ROOT = 4
"""So many cells for each unit of the square root of the number of vectors: between faiss's own advice of 4 and 16."""
CELLS_LOOKED_AT = 48
LEARNT_FROM_EACH = 40
"""So many vectors for each cell, spread evenly, show where the centres are."""
ROWS_AT_ONCE = 8192


def require_faiss(n_images: int, n_exactly: int) -> None:
    """Raises ExtraMissing, with the command that installs it, where faiss is not there."""
    if find_spec("faiss") is None:
        raise ExtraMissing(
            f"Cannot find the kin of {counted(n_images, 'image')}: beyond {n_exactly} they are looked for by faiss, which is missing. "
            "Install the extra 'kin': pip install 'multilabelfy[kin]'."
        )


def nearest_by_faiss(vectors: npt.NDArray[np.float16], n_nearest: int, advance: Callable[[int, int], None] | None = None) -> Nearest:
    """As `nearest_by_cosine`, of (n, width) vectors, but approximately: some of the nearest may be missed, and then others follow.

    The same vectors give the same answer on the same machine. It keeps 2 × n × width bytes beside the vectors.
    """
    index = _filled(vectors)
    places, cosines = [], []
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        rows = vectors[start : start + ROWS_AT_ONCE].astype(np.float32)
        near, at = index.search(rows, n_nearest + 1)
        nearest = ordered(*_without_itself(at, near, start))
        places.append(nearest.places[:, :n_nearest])
        cosines.append(nearest.cosines[:, :n_nearest])
        if advance is not None:
            advance(start + len(rows), len(vectors))
    return Nearest(np.concatenate(places), np.concatenate(cosines))


def _filled(vectors: npt.NDArray[np.float16]) -> Any:
    """An index of all vectors, each kept as it is, in float16."""
    import faiss

    n, width = vectors.shape
    n_cells = max(1, min(int(CELLS_A_ROOT * n**0.5), n // LEARNT_FROM_EACH))
    kind = (
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )  # the vectors themselves, not how far they are off their centre
    index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(width), width, n_cells, *kind)
    index.cp.seed, index.nprobe = 0, CELLS_LOOKED_AT
    step = max(1, n // (n_cells * LEARNT_FROM_EACH))
    index.train(vectors[::step].astype(np.float32))
    for start in range(0, n, ROWS_AT_ONCE):
        index.add(vectors[start : start + ROWS_AT_ONCE].astype(np.float32))
    return index


def _without_itself(
    places: npt.NDArray[np.int64], cosines: npt.NDArray[np.float32], first: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Take each vector out of its own nearest; rows begin with vector `first`."""
    itself = places == np.arange(first, first + len(places))[:, None]
    return np.where(itself, -1, places), np.where(itself, np.float32(-1), cosines)
