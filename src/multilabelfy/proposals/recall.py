"""Whether an image's given label is among its first proposals."""

import numpy as np
import numpy.typing as npt


def is_held(ranked: npt.NDArray[np.int32], given: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each image's given label (n_images,) is among its ranked ones (n_images, k); a negative one, "none given", never is."""
    held: npt.NDArray[np.bool_] = (ranked == given[:, None]).any(axis=1)
    return held
