"""How long it takes to find all near copies among many fingerprints, and how much memory.

    python -m bench.near_copies --images 1000000    # random codes, and 1% near copies of some of them, 0 to 10 bits away

Also printed: one fingerprint for all (blank pictures), and many different ones that are near each other, the worst case.
"""

import argparse
import resource
import time

import numpy as np

from multilabelfy.pictures.likeness import MOST_BITS_APART
from multilabelfy.pictures.near_copies import near_copies
from multilabelfy.pictures.near_pairs import Codes

SHARE = 100
N_CROWDED = 20_000


def main() -> None:
    """Print a line for each kind of dataset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000_000)
    n = parser.parse_args().images
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 2**64, n, dtype=np.uint64)
    measure("random, 1% of them near copies", np.concatenate([codes, versions(codes[: n // SHARE], MOST_BITS_APART, generator)]))
    measure("one fingerprint", np.zeros(n, dtype=np.uint64))
    measure("different, all near each other", versions(np.zeros(N_CROWDED, dtype=np.uint64), MOST_BITS_APART // 2, generator))


def versions(codes: Codes, most_apart: int, generator: np.random.Generator) -> Codes:
    """Each code with 0 to `most_apart` of its bits turned."""
    turned = [generator.choice(64, int(generator.integers(0, most_apart + 1)), replace=False).tolist() for _ in codes]
    return codes ^ np.array([sum(1 << bit for bit in bits) for bits in turned], dtype=np.uint64)


def measure(name: str, codes: Codes) -> None:
    """Seconds of processor, and the most memory so far."""
    began = time.process_time()
    groups = near_copies(codes)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.process_time() - began
    print(f"{name}: {len(codes):,} codes, {sum(map(len, groups)):,} in {len(groups):,} groups; {seconds:.1f} s, {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
