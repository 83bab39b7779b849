"""How often does the headline's printed interval hold the truth, where a study stopped before its end?

Fifty seeded campaigns over the demo's scenes (300 each), whose truth is known, by the demo's annotators and experts with known errors.
Each stops after some of the answers and some of the experts' decisions. Counted: how often the true share of *all* 300 images with several
valid labels lies in the interval that the report prints, and in the one that a report of the finished images alone would print.

    python bench/headline_coverage.py --seeds 50
"""

import argparse

from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS, confusions, truth_of
from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.scenes import scene
from multilabelfy.evaluation.labels.unfinished import ImagesByProgress, share_of_whole
from multilabelfy.simulation.halfway import Staff, halfway, true_share
from multilabelfy.statistics.intervals import Interval, wilson

N_IMAGES = 300
STAGES = ((0.2, 0.0), (0.5, 0.0), (0.5, 0.5), (0.88, 0.75), (0.88, 0.9), (1.0, 0.5), (1.0, 0.9), (1.0, 1.0))
"""Shares of the answers given, and of the disputes decided; the demo itself stops near (0.88, 0.75)."""
WANTED = 0.94


def main() -> int:
    """Print one line a stage; exit with 1 where an interval holds the truth too seldom."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--images", type=int, default=N_IMAGES)
    asked = parser.parse_args()
    staff = Staff(list(ANNOTATORS.values()), list(EXPERTS.values()), confusions(), len(label_space()))
    datasets = [[truth_of(scene(seed, number)) for number in range(asked.images)] for seed in range(asked.seeds)]
    print("answers  decisions   printed   finished alone   width")
    lowest = 1.0
    for answered, decided in STAGES:
        held = [
            (true_share(truths), halfway(truths, staff, answered=answered, decided=decided, seed=seed))
            for seed, truths in enumerate(datasets)
        ]
        lowest = min(lowest, _line(answered, decided, held))
    return int(lowest < WANTED)


def _line(answered: float, decided: float, held: list[tuple[float, ImagesByProgress]]) -> float:
    shares = [(truth, progress, share_of_whole(progress)) for truth, progress in held]
    printed = [_holds(whole.interval, truth) for truth, _, whole in shares if whole]
    alone = [_holds(wilson(progress.finished.n_several, progress.finished.n), truth) for truth, progress, _ in shares]
    width = sum(whole.interval.high - whole.interval.low for _, _, whole in shares if whole) / len(shares)
    print(f"{answered:7.0%}  {decided:9.0%}   {_share(printed):7.0%}   {_share(alone):14.0%}   {100 * width:4.0f} points")
    return _share(printed)


def _holds(interval: Interval | None, truth: float) -> bool:
    return interval is not None and interval.low <= truth <= interval.high


def _share(holds: list[bool]) -> float:
    return sum(holds) / len(holds)


if __name__ == "__main__":
    raise SystemExit(main())
