"""`make chaos`: play chaotic campaigns both ways until so many answers are given; print what was injected, keep it where it loses."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.campaign import Wanted, run


def main() -> int:
    """0 where nothing was lost."""
    arguments = _arguments()
    ways = {"both": (True, False), "secure": (True,), "plain": (False,)}[arguments.way]
    seed = random.SystemRandom().randrange(10**6) if arguments.seed is None else arguments.seed
    each = -(-arguments.answers // len(ways))
    return max(play(Wanted(seed, each, secure, arguments.rate), quiet=arguments.quiet) for secure in ways)


def play(wanted: Wanted, *, quiet: bool) -> int:
    """One campaign, told."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    print(f"seed {wanted.seed}, {wanted.n_answers} answers over {wanted.kind}, in {folder}", flush=True)
    came = run(wanted, folder)
    if not quiet or came.lost:
        print("\n".join(came.log))
    rate = 60 * came.n_answers / came.seconds
    print(f"{came.n_answers} answers by {came.n_keys} keys, {came.n_faults} faults, {came.seconds:.0f} s: {rate:.0f} answers a minute")
    print(f"the longest that a sheet stood without what was visible on it before: {came.longest_blank:.1f} s")
    if not came.lost:
        shutil.rmtree(folder, ignore_errors=True)
        print("nothing was lost", flush=True)
        return 0
    print(f"LOST (seed {wanted.seed}; the workspace and the log are kept in {folder}):\n{came.lost}", flush=True)
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, help="what faults are drawn by; a random one where none is said")
    parser.add_argument("--rate", type=float, default=0.03, help="the chance of a fault before a key")
    parser.add_argument("--way", choices=["both", "secure", "plain"], default="both")
    parser.add_argument("--quiet", action="store_true", help="print the log only where something is lost")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
