"""How pictures look to a model: of each a vector whose direction counts, in half precision."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores
from multilabelfy.plurals import counted

Embeddings = npt.NDArray[np.float16]
"""(n_images, width), each row of unit length, or zero where a model gave zeros."""


def checked_embeddings(embeddings: npt.NDArray[np.generic], *, images: Sequence[str], source: str) -> Embeddings:
    """The embeddings of `images`, (n_images, width) floats of any length, as they are kept. Raises InvalidScores, naming the first wrong
    image.

    Each row is divided by its length and rounded to float16: a number moves by 2⁻¹² at most, a cosine of two rows by about as much.

    >>> checked_embeddings(np.array([[3.0, 4.0], [0.0, 0.0]]), images=["a", "b"], source="m").round(2).tolist()
    [[0.60009765625, 0.7998046875], [0.0, 0.0]]
    """
    attempt = f"Cannot use the embeddings of '{source}'"
    embeddings = np.asarray(embeddings)
    if embeddings.ndim != 2 or len(embeddings) != len(images) or not embeddings.shape[1]:
        wanted = f"({len(images)}, width): a row for each of {counted(len(images), 'image')}"
        raise InvalidScores(f"{attempt}: they have the shape {embeddings.shape}, not {wanted}.")
    if not np.issubdtype(embeddings.dtype, np.floating):
        raise InvalidScores(f"{attempt}: they are of type {embeddings.dtype}, not floating-point numbers.")
    finite = np.isfinite(embeddings).all(axis=1)
    if not finite.all():
        image = images[int(finite.argmin())]
        raise InvalidScores(f"{attempt}: that of '{image}' holds a NaN or an infinite number. The model or its preparation is broken.")
    lengths = np.linalg.norm(embeddings.astype(np.float64), axis=1, keepdims=True)
    return np.asarray(embeddings / np.where(lengths > 0, lengths, 1), dtype=np.float16)
