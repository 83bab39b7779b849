"""How well does a consensus method do, and what does it cost? On ReaL's votes with 49 models (../shared/data), and on 10M votes.

    python bench/bench_consensus.py --only foresight      # log-loss of a kept-back vote, 1, 2 and 4 votes given; seeds 0, 1, 2
    python bench/bench_consensus.py --only recovery       # simulation with raters who err together: log-loss, F1, calibration; seeds 0 to 4
    python bench/bench_consensus.py --only ablation       # foresight with one part left out at a time; seed 0
    python bench/bench_consensus.py --only stopping       # calibration by number of votes, fixed and where the policy stops; seeds 0 to 4
    python bench/bench_consensus.py --only calibration    # draws docs/pictures/calibration.svg from the same simulation; seed 0
    python bench/bench_consensus.py --only warm           # iterations after a few more of ReaL's votes, from kept parameters; seed 0
    python bench/bench_consensus.py --only speed          # an iteration beside crowd-kit's, if that is installed; 10M votes, seed 0

Without --only all of them run. `foresight` keeps one of the five votes of each question back, fits on 1, 2 or 4 of the others, and prints
the mean negative log-chance that the method gave to the vote that was kept back. `ranks` beside it is the average precision with which the
log-odds find the labels to which at least half of *all* votes that were not given say yes. Gold is not used anywhere.
"""

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus import dawid_skene, one_coin, posterior
from multilabelfy.disagreement.consensus.posterior import Parameters, Start
from multilabelfy.disagreement.consensus.rules import mean
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.disagreement.questions import Questions
from multilabelfy.formats.reading.votes import VoteTable, read_votes
from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import inline, layered, share_axis
from multilabelfy.report.rendering import Figure
from multilabelfy.simulation.replay import dealt, replay
from multilabelfy.statistics.calibration import bins_of, brier_score, calibration_error
from multilabelfy.statistics.intervals import wilson_of_share
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles, join_evidence

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "calibration.svg"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Fitted = tuple[Floats, Floats, Floats]
"""Log-odds (n_questions,), chances of being valid (n_questions,), and confusions (n_raters, 2, 3)."""
Method = Callable[[Questions, Floats | None], Fitted]
ByVotes = tuple[Ints, Floats, Floats, Floats]
"""Of each question: how many votes it has, its chance as fitted and as corrected on gold, and whether it is valid."""
SHRINKAGE = 20.0
GIVEN = (1, 2, 4)
BY_VOTES = (1, 2, 3, 5)
N_GOLD = 200


def by_mean(questions: Questions, _: Floats | None) -> Fitted:
    """The mean vote, with half a vote on either side; its confusions are counted from it."""
    counts = questions.counts()
    chance = (mean(counts) * counts.sum(axis=1) + 0.5) / (counts.sum(axis=1) + 1)
    return chance, chance, confusions(questions, chance)


def by_dawid_skene(questions: Questions, _: Floats | None) -> Fitted:
    fit = dawid_skene.fit(questions)
    return fit.log_odds, fit.score, fit.confusion


def by_one_coin(questions: Questions, _: Floats | None) -> Fitted:
    fit = one_coin.fit(questions)
    return fit.log_odds, fit.score, confusions(questions, fit.score)


def by_posterior(parameters: Parameters, *, with_models: bool) -> Method:
    def run(questions: Questions, features: Floats | None) -> Fitted:
        fit = posterior.fit(questions, features if with_models else None, parameters=parameters)
        return fit.log_odds, fit.score, fit.confusion

    return run


def confusions(questions: Questions, chance: Floats) -> Floats:
    """Each rater's answers by these chances, shrunk towards everybody's as in leftout.py: (n_raters, 2, 3)."""
    cell, size = questions.rater * 3 + questions.vote, questions.n_raters * 3
    valid = np.bincount(cell, weights=chance[questions.question], minlength=size)
    answers = np.stack([np.bincount(cell, minlength=size) - valid, valid]).reshape(2, -1, 3).transpose(1, 0, 2)
    everybody = answers.sum(axis=0) / answers.sum(axis=(0, 2))[:, np.newaxis]
    shrunk = answers + SHRINKAGE * everybody
    return np.asarray(shrunk / shrunk.sum(axis=2, keepdims=True))


DEFAULT = Parameters()
METHODS: dict[str, Method] = {
    "mean": by_mean,
    "one-coin": by_one_coin,
    "dawid-skene": by_dawid_skene,
    "posterior, votes alone": by_posterior(DEFAULT, with_models=False),
    "posterior, 49 models": by_posterior(DEFAULT, with_models=True),
}


def read_real(data: Path) -> tuple[VoteTable, Floats]:
    """ReaL's votes, and what 49 models say of each question; the given label is not looked at."""
    table = read_votes(data / "real" / "raters.npz")
    features = join_evidence(table, EvidenceFiles((data / "predictions" / "imagenet.npz",))).features
    assert features is not None
    return table, features


def some_votes(questions: Questions, votes: Ints) -> Questions:
    return replace(questions, question=questions.question[votes], rater=questions.rater[votes], vote=questions.vote[votes])


def places(questions: Questions, seed: int) -> tuple[Ints, Ints]:
    """The votes question by question in random order, and each one's place within its question; as leftout.py draws them."""
    order = np.lexsort((np.random.default_rng(seed).random(len(questions.question)), questions.question))
    of = questions.question[order]
    return order, np.arange(len(of)) - np.searchsorted(of, of)


def foresight(questions: Questions, features: Floats, methods: dict[str, Method], seeds: int) -> None:
    print(f"{'log-loss of a kept-back vote (ranks)':40}" + "".join(f"{n:>10} given" for n in GIVEN) + f"   seeds 0 to {seeds - 1}")
    drawn = [places(questions, seed) for seed in range(seeds)]
    for name, method in methods.items():
        cells = []
        for n_given in GIVEN:
            figures = [_foreseen(questions, features, method, order, place, n_given) for order, place in drawn]
            cells.append("{:8.4f} ({:.3f})".format(*np.mean(figures, axis=0)))
        print(f"{name:40}" + "".join(cells), flush=True)


def _foreseen(questions: Questions, features: Floats, method: Method, order: Ints, place: Ints, n_given: int) -> tuple[float, float]:
    kept, given = order[place == 0], order[(place > 0) & (place <= n_given)]
    log_odds, chance, confusion = method(some_votes(questions, given), features)
    of, rater = chance[questions.question[kept], np.newaxis], questions.rater[kept]
    foreseen = of * confusion[rater, 1] + (1 - of) * confusion[rater, 0]
    loss = -np.log(foreseen[np.arange(len(kept)), questions.vote[kept]] + 1e-9).mean()
    rest = some_votes(questions, order[(place == 0) | (place > n_given)]).counts()
    return float(loss), average_precision(log_odds, 2 * rest[:, 2] >= rest.sum(axis=1))


def average_precision(score: Floats, valid: npt.NDArray[np.bool_]) -> float:
    ranked = valid[np.argsort(-score, kind="stable")].astype(float)
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1) * ranked).sum() / ranked.sum())


ABLATION: dict[str, Method] = {
    "all of it": by_posterior(DEFAULT, with_models=True),
    "without models": by_posterior(DEFAULT, with_models=False),
    "votes not tempered": by_posterior(replace(DEFAULT, correlation=0.0), with_models=True),
    "correlation 0.05": by_posterior(replace(DEFAULT, correlation=0.05), with_models=True),
    "correlation 0.2": by_posterior(replace(DEFAULT, correlation=0.2), with_models=True),
    "raters shrunk by 5 votes": by_posterior(replace(DEFAULT, shrinkage=5.0), with_models=True),
    "raters shrunk by 20 votes": by_posterior(replace(DEFAULT, shrinkage=20.0), with_models=True),
    "one confusion for everybody": by_posterior(replace(DEFAULT, shrinkage=1e9), with_models=True),
    "models' shares, not each model": lambda questions, features: METHODS["posterior, 49 models"](questions, _shares(features)),
    "models' weights penalised by 3": by_posterior(replace(DEFAULT, penalty=3.0), with_models=True),
    "models' weights penalised by 300": by_posterior(replace(DEFAULT, penalty=300.0), with_models=True),
}


def _shares(features: Floats | None) -> Floats | None:
    return None if features is None else features[:, :5]


def recovery(seeds: int) -> None:
    """2,000 images of 6 labels by 30 raters; a fifth of the questions is hard for everybody, so that raters err together."""
    print(f"{'simulated, raters err together':40}{'votes':>6}{'log-loss':>10}{'F1':>8}{'ECE':>8}{'Brier':>8}   seeds 0 to {seeds - 1}")
    methods = {name: method for name, method in METHODS.items() if "49" not in name}
    methods["posterior, not tempered"] = by_posterior(replace(DEFAULT, correlation=0.0), with_models=False)
    for n_votes in (1, 2, 5):
        drawn = [simulated(2000, 6, n_votes, seed) for seed in range(seeds)]
        for name, method in methods.items():
            figures = np.mean([_recovered(method(questions, None)[1], valid) for questions, valid in drawn], axis=0)
            print(f"{name:40}{n_votes:6}{figures[0]:10.4f}{figures[1]:8.3f}{figures[2]:8.3f}{figures[3]:8.3f}", flush=True)


def _recovered(chance: Floats, valid: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    truth, safe = valid.astype(float), np.clip(chance, 1e-6, 1 - 1e-6)
    taken = chance > 0.5
    f1 = 2 * (taken & valid).sum() / max(taken.sum() + valid.sum(), 1)
    loss = -(truth * np.log(safe) + (1 - truth) * np.log(1 - safe)).mean()
    return float(loss), float(f1), calibration_error(chance, truth), brier_score(chance, truth)


def simulated(n_images: int, n_labels: int, n_votes: int, seed: int) -> tuple[Questions, npt.NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    n, n_raters = n_images * n_labels, 30
    valid, hard = rng.random(n) < 0.2, rng.random(n) < 0.2
    skill = rng.dirichlet([27, 3, 2], n_raters), rng.dirichlet([4, 4, 24], n_raters)
    rater = np.argsort(rng.random((n, n_raters)), axis=1)[:, :n_votes]
    answers = np.where(valid[:, np.newaxis, np.newaxis], skill[1][rater], skill[0][rater])
    confused = np.where(valid[:, np.newaxis], [0.45, 0.2, 0.35], [0.5, 0.2, 0.3])[:, np.newaxis, :]
    answers = np.where(hard[:, np.newaxis, np.newaxis], confused, answers)
    vote = np.minimum((rng.random((n, n_votes, 1)) > answers.cumsum(axis=2)).sum(axis=2), 2)
    image = np.arange(n) // n_labels
    return Questions(image, np.arange(n) % n_labels, np.repeat(np.arange(n), n_votes), rater.ravel(), vote.ravel(), n_raters), valid


def stopping(seeds: int) -> None:
    """Calibration by number of votes, fixed and where the policy stopped (one to five visits), before and after 200 gold questions."""
    heading = f"{'votes':>6}{'share':>8}{'ECE':>8}{'Brier':>8}{'ECE, gold':>11}{'Brier':>8}   seeds 0 to {seeds - 1}"
    print(f"{'simulated, raters err together':28}{heading}")
    drawn = [simulated(2000, 6, 5, seed) for seed in range(seeds)]
    for n_votes in BY_VOTES:
        _print_calibrated(
            f"fixed, {n_votes}", [_by_votes(questions, valid, fixed(n_votes), seed) for seed, (questions, valid) in enumerate(drawn)]
        )
    for bound in (0.8, 0.2):
        rule = AdaptiveOverlap(1, 5, bound)
        _print_calibrated(
            f"stopped, bound {bound}", [_by_votes(questions, valid, rule, seed) for seed, (questions, valid) in enumerate(drawn)]
        )


def fixed(n: int) -> AdaptiveOverlap:
    """As many visits for every image."""
    return AdaptiveOverlap(floor=n, cap=n)


def _by_votes(questions: Questions, valid: npt.NDArray[np.bool_], rule: AdaptiveOverlap, seed: int) -> ByVotes:
    """The votes that the rule asked for on each question, and chances and truth: as they are, and corrected on 200 gold questions."""
    asked = replay(questions, dealt(questions, seed), rule)
    known = np.full(len(questions), np.nan)
    gold = np.random.default_rng([seed, 2]).permutation(len(questions))[:N_GOLD]
    known[gold] = valid[gold]
    corrected = posterior.calibrated(posterior.fit(asked.questions, known=known), known)
    rest = np.isnan(known)  # what gold says of its own questions is not held against it
    n_votes = np.bincount(asked.questions.question, minlength=len(questions))
    return n_votes[rest], asked.fit.score[rest], corrected.score[rest], valid[rest].astype(float)


def _print_calibrated(name: str, each: list[ByVotes]) -> None:
    """A row for all questions, and one for each number of votes if there are several."""
    numbers = sorted({int(n) for of in each for n in np.unique(of[0])})
    for n in [None, *(numbers if len(numbers) > 1 else [])]:
        rows = [_figures_of(of, n) for of in each]
        figures = np.mean(rows, axis=0)
        print(
            f"{name:28}{'all' if n is None else n:>6}{figures[0]:8.3f}"
            + "".join(f"{x:{w}.3f}" for x, w in zip(figures[1:], (8, 8, 11, 8), strict=True)),
            flush=True,
        )


def _figures_of(of: ByVotes, n: int | None) -> tuple[float, ...]:
    n_votes, raw, corrected, truth = of
    at = np.ones(len(truth), dtype=bool) if n is None else n_votes == n
    ends = ((calibration_error(chance[at], truth[at]), brier_score(chance[at], truth[at])) for chance in (raw, corrected))
    return (float(at.mean()), *(figure for pair in ends for figure in pair))


def calibration(n_images: int, seed: int) -> dict[str, Any]:
    """Chances against shares, in steps of 1/15, by number of votes: our method in blue, Dawid and Skene's in amber; a panel each."""
    panels = [_panel(n_votes, *simulated(n_images, 6, n_votes, seed)) for n_votes in BY_VOTES]
    rows = [alt.hconcat(*panels[place : place + 2], spacing=30) for place in range(0, len(panels), 2)]
    title = ["Where people err together, votes that are tempered claim too much by less"]
    subtitle = [
        f"{6 * n_images:,} simulated questions by number of votes; posterior in blue, Dawid and Skene in amber;",
        "the line is a perfect calibration, and the bars are Wilson’s intervals",
    ]
    chart = look.in_our_look(alt.vconcat(*rows, spacing=24), title, subtitle)  # type: ignore[arg-type]  # several panels
    return {"description": f"{title[0]}. {' '.join(subtitle)}.", **chart.to_dict(validate=False)}


def _panel(n_votes: int, questions: Questions, valid: npt.NDArray[np.bool_]) -> alt.LayerChart:
    """One number of votes."""
    records = [
        {"chance": of.chance, "share": of.share, "low": interval.low, "high": interval.high, "colour": colour, "shape": shape}
        for name, colour, shape in (("dawid-skene", look.AMBER, "diamond"), ("posterior, votes alone", look.BLUE, "circle"))
        for of in bins_of(METHODS[name](questions, None)[1], valid.astype(float))
        for interval in [wilson_of_share(of.share, of.n)]
    ]
    whole = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("chance:Q", scale=whole, axis=share_axis("chance", tickCount=5))
    y = alt.Y("share:Q", scale=whole, axis=share_axis("valid labels", tickCount=5))
    colour = alt.Color("colour:N", scale=None)
    data = inline(records)
    line = alt.Chart(inline([{"chance": at, "share": at} for at in (0, 1)])).mark_line(color=look.GREY, strokeWidth=1.5)
    bars = alt.Chart(data).mark_rule(opacity=0.8).encode(x=x, y=alt.Y("low:Q", scale=whole), y2="high:Q", color=colour)
    marks = (
        alt.Chart(data).mark_point(filled=True, size=40, opacity=0.9).encode(x=x, y=y, color=colour, shape=alt.Shape("shape:N", scale=None))
    )
    votes = "one vote" if n_votes == 1 else f"{n_votes} votes"
    title = alt.TitleParams(text=votes, fontSize=look.SIZE, fontWeight="normal", color=look.INK)
    return layered(line.encode(x=x, y=y), bars, marks, width=200, height=170).properties(title=title)


def warm(questions: Questions, features: Floats) -> None:
    """The last votes come later: iterations from nothing and from the fit before, and how far each ends from where it would converge to."""
    print(f"{'ReaL, a few votes more':28}{'new votes':>10}{'cold':>6}{'warm':>6}{'cold, off by':>14}{'warm, off by':>14}   seed 0")
    order = np.random.default_rng(0).permutation(len(questions.vote))
    for name, evidence in (("votes alone", None), ("49 models", features)):
        cold = posterior.fit(questions, evidence)
        limit = posterior.fit(questions, evidence, parameters=replace(DEFAULT, tolerance=1e-6, most_iterations=2000)).score
        for n_new in (100, 1_000, 10_000, 50_000):
            before = posterior.fit(some_votes(questions, order[n_new:]), evidence)
            again = posterior.fit(questions, evidence, start=Start(before.weights, before.confusion))
            off = [float(np.abs(of.score - limit).max()) for of in (cold, again)]
            print(f"{name:28}{n_new:10,}{cold.n_iterations:6}{again.n_iterations:6}{off[0]:14.4f}{off[1]:14.4f}", flush=True)


def speed(n_votes: int) -> None:
    """2 votes in 10 on a question's label are yes; five votes a question, eight questions an image, 1,000 raters. In seconds of processor
    time; an iteration is what more of them cost more."""
    questions = many_votes(n_votes, np.random.default_rng(0))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fit = posterior.fit(questions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_votes:,} votes: {fit.n_iterations} iterations, peak {peak:.0f} MiB ({before:.0f} before)")
    few, many = (partial(posterior.fit, questions, parameters=Parameters(most_iterations=n)) for n in (2, 12))
    each = (seconds(many) - seconds(few)) / 10
    print(f"an iteration takes {each:.3f} s, the first two with all that is laid out {seconds(few):.1f} s")
    weight, cell = np.zeros(questions.n_raters * 3), questions.rater * 3 + questions.vote
    bare = seconds(lambda: np.bincount(cell, weights=fit.score[questions.question], minlength=len(weight)))
    bare += seconds(lambda: np.bincount(questions.question, weights=weight[cell], minlength=len(questions)))
    print(f"two bare bincounts: {bare:.3f} s; an iteration is {each / bare:.1f} of them")
    if find_spec("crowdkit") is None:
        print("crowd-kit is not installed: nothing is measured beside it.")
    else:
        other = of_crowd_kit(questions)
        print(f"an iteration of crowd-kit's Dawid-Skene: {other:.2f} s, {other / each:.1f} of ours")


def of_crowd_kit(questions: Questions) -> float:
    """An iteration of its Dawid-Skene on the same votes: what six more cost more, for each."""
    import pandas as pd
    from crowdkit.aggregation import DawidSkene  # type: ignore[import-not-found]  # no dependency

    votes = pd.DataFrame({"task": questions.question, "worker": questions.rater, "label": questions.vote})
    few, more = (seconds(lambda n=n: DawidSkene(n_iter=n, tol=0.0).fit(votes)) for n in (2, 8))  # type: ignore[misc]  # n is bound
    return (more - few) / 6


def seconds(work: Callable[[], object]) -> float:
    """Of the process's time."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def many_votes(n_votes: int, rng: np.random.Generator) -> Questions:
    n = n_votes // 5
    question = np.repeat(np.arange(n), 5)
    vote = 2 * ((rng.random(n_votes, dtype=np.float32) < 0.85) == np.repeat(rng.random(n) < 0.2, 5))
    return Questions(np.arange(n) // 8, np.arange(n) % 8, question, rng.integers(0, 1000, n_votes), vote, 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("foresight", "recovery", "ablation", "stopping", "calibration", "warm", "speed"))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--votes", type=int, default=10_000_000)
    chosen = parser.parse_args()
    if chosen.only in (None, "foresight", "ablation", "warm") and not chosen.data.is_dir():
        print(f"Without {chosen.data} nothing is measured on ReaL's votes.")
    elif chosen.only in (None, "foresight", "ablation", "warm"):
        table, features = read_real(chosen.data)
        if chosen.only in (None, "foresight"):
            foresight(table.questions, features, METHODS, seeds=3)
        if chosen.only in (None, "ablation"):
            foresight(table.questions, features, ABLATION, seeds=1)
        if chosen.only in (None, "warm"):
            warm(table.questions, features)
    if chosen.only in (None, "recovery"):
        recovery(seeds=5)
    if chosen.only in (None, "stopping"):
        stopping(seeds=5)
    if chosen.only == "calibration":
        PICTURE.write_text(Figure(calibration(5000, seed=0)).svg)
    if chosen.only in (None, "speed"):
        speed(chosen.votes)


if __name__ == "__main__":
    main()
