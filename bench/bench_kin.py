"""How long kin take to find, exactly and by faiss, and groups of kin to form: on drawn vectors around centres, 50 to each.

    python bench/bench_kin.py --images 20000 100000 --width 1280

Of more than 20,000 images, only as many rows of all pairs are worked out as take a minute: the seconds are what all would take so.
"""

import argparse
import resource
import time

import numpy as np
import numpy.typing as npt

from multilabelfy.inference.faiss import nearest_by_faiss, require_faiss
from multilabelfy.proposals.kin.groups import kin_groups
from multilabelfy.proposals.kin.nearest import nearest_by_cosine

ALL_UP_TO = 20_000
LONGEST = 60.0
AT_ONCE = 1000


class _EnoughSeen(Exception):
    """A minute of it tells the pace."""


def drawn_vectors(n: int, width: int) -> npt.NDArray[np.float16]:
    """Vectors of unit length (n, width) around n / 50 centres."""
    draws = np.random.default_rng(0)
    centres = draws.standard_normal((max(1, n // 50), width), dtype=np.float32)
    vectors = np.empty((n, width), dtype=np.float16)
    for start in range(0, n, AT_ONCE):
        stop = min(n, start + AT_ONCE)
        part = centres[draws.integers(len(centres), size=stop - start)] + 0.8 * draws.standard_normal((stop - start, width))
        vectors[start:stop] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def exactly(vectors: npt.NDArray[np.float16]) -> float:
    """The seconds that all pairs take."""
    began, n_done = time.perf_counter(), 0

    def advance(done: int, total: int) -> None:
        nonlocal n_done
        n_done = done
        if total > ALL_UP_TO and time.perf_counter() - began > LONGEST:
            raise _EnoughSeen

    try:
        nearest_by_cosine(vectors, 12, advance)
    except _EnoughSeen:
        return (time.perf_counter() - began) * len(vectors) / n_done
    return time.perf_counter() - began


def report(what: str, n: int, seconds: float) -> None:
    """One line: what, of how many images, how long, and the peak so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what:28} {n:>9,} images {seconds:8.1f} s   peak {peak:.2f} GB", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs="+", default=[20_000])
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--faiss", action="store_true", help="by faiss, too (needs the extra 'kin')")
    asked = parser.parse_args()
    for n in asked.images:
        vectors = drawn_vectors(n, asked.width)
        began = time.perf_counter()
        kin_groups([f"{image}.jpg" for image in range(n)], vectors, 0, 0.5)
        report("groups for the queue", n, time.perf_counter() - began)
        report("every pair", n, exactly(vectors))
        if asked.faiss:
            require_faiss(n, 0)
            began = time.perf_counter()
            nearest_by_faiss(vectors, 12)
            report("by faiss", n, time.perf_counter() - began)


if __name__ == "__main__":
    main()
