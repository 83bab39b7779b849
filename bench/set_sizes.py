"""Are the labels of an image independent given its votes, or is the size of a set to be modelled? On ReaL's votes (../shared/data).

    python -m bench.set_sizes        # seed 0; 1, 2 and 4 of each question's five votes given, without models and with 49 of them

Printed for both ways (`disagreement/consensus/set_sizes.py`): the mean log-chance that each image's kept-back votes have together, all its
labels at once, more is better; the shares of images with no label, one and several that they foresee; and the log-loss of these three for
the published labels of the same images, less is better. Published labels are cut one by one from scores, which favours independence.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.bench_consensus import DATA, places, read_real, some_votes

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.consensus.set_sizes import how_numbers_fit, set_sizes, set_sizes_by_size, shares_of_sizes
from multilabelfy.disagreement.questions import Questions
from multilabelfy.evaluation.posterior.refits import votes_with
from multilabelfy.formats.reading.votes import VoteTable
from multilabelfy.statistics.logistic import sigmoid

Floats = npt.NDArray[np.float64]
GIVEN = (1, 2, 4)


def main() -> None:
    """Print two lines for each number of votes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    table, models = read_real(data)
    truth, (order, place) = published(table, data / "real" / "real.json"), places(table.questions, 0)
    print("published:", np.bincount(truth, minlength=3) / len(truth))
    for n_given in GIVEN:
        given, kept = (some_votes(table.questions, order[of]) for of in (place < n_given, place >= n_given))
        for name, features in (("votes alone", None), ("49 models", models)):
            fit = posterior.fit(given, features)
            by_models = votes_with(given, fit, np.full(len(given), np.nan), given.n_images).by_models
            compare(f"{n_given} given, {name}", fit, np.zeros(len(given)) if by_models is None else by_models, kept, truth)


def published(table: VoteTable, file: Path) -> npt.NDArray[np.int64]:
    """Whether the published labels of each image are none (0), one (1) or several (2)."""
    sets = json.loads(file.read_text(encoding="utf-8"))
    name = dict(zip(table.questions.image.tolist(), table.images_asked(), strict=True))
    number = [int(re.findall(r"\d+", name[image])[-1]) for image in range(table.questions.n_images)]
    return np.array([min(len(sets[of - 1]), 2) for of in number])


def compare(name: str, fit: Posterior, by_models: Floats, kept: Questions, truth: npt.NDArray[np.int64]) -> None:
    n, image = kept.n_images, kept.image
    by_votes = fit.log_odds - fit.prior
    sizes = {"independent": set_sizes(image, fit.log_odds, n), "by size": set_sizes_by_size(image, by_votes, by_models, n)}
    foreseen = {"independent": independently(fit, kept), "by size": by_size(fit, by_votes, by_models, kept)}
    for way, chances in sizes.items():
        loss = -np.log(np.maximum(chances[np.arange(n), truth], 1e-9)).mean()
        print(f"{name}, {way:12}: kept-back votes {foreseen[way]:.4f}; {chances.mean(axis=0).round(3)}; published {loss:.4f}", flush=True)


def likely(fit: Posterior, kept: Questions) -> tuple[Floats, Floats]:
    """The log-chances of the kept-back votes on each question if its label is not valid, and if it is, (n_questions,) each."""
    says = np.log(fit.confusion)
    no, yes = (np.bincount(kept.question, says[kept.rater, z, kept.vote], len(kept)).astype(np.float64) for z in (0, 1))
    return no, yes


def independently(fit: Posterior, kept: Questions) -> float:
    no, yes = likely(fit, kept)
    together = np.logaddexp(np.log1p(-sigmoid(fit.log_odds)) + no, np.log(sigmoid(fit.log_odds)) + yes)
    return float(np.bincount(kept.image, weights=together).mean())


def by_size(fit: Posterior, by_votes: Floats, by_models: Floats, kept: Questions) -> float:
    """The votes that were not given say how well each number fits; what their sums leave out is added again."""
    no, yes = likely(fit, kept)
    before = how_numbers_fit(kept.image, by_votes, by_models, kept.n_images)
    after = how_numbers_fit(kept.image, by_votes + yes - no, by_models, kept.n_images)
    share = shares_of_sizes(before)
    left_out = np.logaddexp(0, by_votes + yes - no + by_models) - np.logaddexp(0, by_votes + by_models) + no
    return float((np.log(after @ share) - np.log(before @ share) + np.bincount(kept.image, weights=left_out)).mean())


if __name__ == "__main__":
    main()
