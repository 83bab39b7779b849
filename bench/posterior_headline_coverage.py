"""How often does the interval of the headline by the posterior hold the truth?

Two kinds of simulated studies of known truth. `demo`: 300 of the demo's scenes, two of its annotators an image, its experts, stopped as in
headline_coverage.py. Truth is that of all 300 images, and (behind the slash) of all scenes of all seeds: the population that they are
drawn from. `crowds`: images with as many labels as ImageNetV2's have, votes alone, teams whose errors are drawn anew, and err together as
far as is said. Printed: how often each share's interval holds the truth, its mean width and the mean error of the value in points, and
which part of the headline's width is due to what.

    python bench/posterior_headline_coverage.py --only demo --seeds 200     # exits with 1 where the headline is held too seldom
    python bench/posterior_headline_coverage.py --only crowds --seeds 200
"""

import argparse
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS, confusions, truth_of
from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.scenes import scene
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.evaluation.posterior.answered_images import UNKNOWN, AnsweredImages
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline, posterior_headline
from multilabelfy.evaluation.posterior.share import WidthPart
from multilabelfy.simulation.answered import posterior_headline_of
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.halfway import Staff, stopped
from multilabelfy.simulation.population import drawn, like_imagenetv2

Floats = npt.NDArray[np.float64]
N_IMAGES, N_LABELS = 300, 8
STAGES = ((0.2, 0.0), (0.5, 0.0), (0.5, 0.5), (0.88, 0.75), (0.88, 0.9), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0))
"""Shares of the answers given, and of the disputes decided."""
CROWDS = ((300, 5, 2), (300, 10, 3), (300, 20, 5), (1000, 10, 2), (1000, 10, 3), (1000, 20, 5))
"""Images, people, and people an image."""
CORRELATIONS = 0.0, 0.1, 0.3
WANTED = 0.93
NAMES = "none", "one", "several"


def main() -> int:
    """Print one line a stage or crowd; exit with 1 where the headline's interval holds the truth too seldom."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("demo", "crowds"))
    parser.add_argument("--seeds", type=int, default=200)
    asked = parser.parse_args()
    kinds = {"demo": of_demo, "crowds": of_crowds}
    lowest = min(kind(asked.seeds) for name, kind in kinds.items() if asked.only in (None, name))
    return int(lowest < WANTED)


def of_demo(seeds: int) -> float:
    staff = Staff(list(ANNOTATORS.values()), list(EXPERTS.values()), confusions(), len(label_space()))
    datasets = [[truth_of(scene(seed, number)) for number in range(N_IMAGES)] for seed in range(seeds)]
    truths = np.array([shares_of(len(truth.valid()) for truth in truths) for truths in datasets])
    lowest = 1.0
    for answered, decided in STAGES:
        studies = (stopped(truths, staff, answered=answered, decided=decided, seed=seed) for seed, truths in enumerate(datasets))
        headlines = [posterior_headline_of(study) for study in studies]
        lowest = min(lowest, printed(f"demo, {answered:.0%} answered, {decided:.0%} decided", headlines, truths, truths.mean(axis=0)))
    return lowest


def of_crowds(seeds: int) -> float:
    lowest = 1.0
    for n_images, n_people, overlap in CROWDS:
        for correlation in CORRELATIONS:
            studies = [of_crowd(n_images, n_people, overlap, correlation, seed) for seed in range(seeds)]
            name = f"{n_images} images, {overlap} of {n_people} people, errors alike by {correlation}"
            lowest = min(lowest, printed(name, [headlines for headlines, _ in studies], np.array([truth for _, truth in studies])))
    return lowest


def of_crowd(n_images: int, n_people: int, overlap: int, correlation: float, seed: int) -> tuple[PosteriorHeadline | None, Floats]:
    """People miss 15% of what is valid on average and say yes to 4% of what is not, each as they do."""
    rng = np.random.default_rng((seed, n_images, n_people, overlap))
    images = drawn(like_imagenetv2(N_LABELS), n_images, rng)
    false_yes, false_maybe, miss, maybe = (rng.beta(a, b, n_people) for a, b in ((2, 48), (2, 60), (3, 17), (2, 30)))
    not_valid, valid = (1 - false_yes - false_maybe, false_maybe, false_yes), (miss, maybe, 1 - miss - maybe)
    crowd = Crowd(np.stack([np.column_stack(not_valid), np.column_stack(valid)], axis=1), correlation)
    questions, _ = voted(images.image, images.label, images.valid, crowd, overlap, rng)
    nothing_known = np.full(n_images, UNKNOWN), np.full(len(questions), np.nan), np.ones(n_images, dtype=np.bool_)
    return posterior_headline(AnsweredImages(questions, posterior.fit(questions), *nothing_known)), shares_of(images.n_valid.tolist())


def shares_of(n_valid: Iterable[int]) -> Floats:
    """The shares of images with no valid label, one, and several."""
    sizes = np.minimum(np.fromiter(n_valid, dtype=np.int64), 2)
    return np.bincount(sizes, minlength=3) / len(sizes)


def printed(name: str, headlines: list[PosteriorHeadline | None], truths: Floats, population: Floats | None = None) -> float:
    shares = [(of.none, of.single, of.several) for of in headlines if of is not None]
    ends = np.array([[(share.interval.low, share.value, share.interval.high) for share in of] for of in shares])
    low, value, high = ends.transpose(2, 0, 1)
    held = ((low <= truths) & (truths <= high)).mean(axis=0)
    of_all = [""] * 3 if population is None else [f"/{holds:.0%}" for holds in ((low <= population) & (population <= high)).mean(axis=0)]
    cells = [
        f"{what} {held[k]:.0%}{of_all[k]} (width {100 * (high - low)[:, k].mean():.1f}, error {100 * (value - truths)[:, k].mean():+.1f})"
        for k, what in enumerate(NAMES)
    ]
    parts = ", ".join(f"{part} {np.mean([of[2].parts[part] for of in shares]):.0%}" for part in WidthPart)
    print(f"{name}: {'; '.join(cells)}; {parts}; n = {len(shares)}", flush=True)
    return float(held[2])


if __name__ == "__main__":
    raise SystemExit(main())
