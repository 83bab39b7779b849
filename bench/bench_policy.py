"""What does asking where it pays save, and does a random panel keep the headline right? Simulated, and on ReaL's votes (../shared/data).

    python bench/bench_policy.py --only coverage   # 200 studies that stop in the middle, seeds 0 to 199: the headline by panel, and without
    python bench/bench_policy.py --only recovery   # fixed overlap against the policy on known truth, seeds 0 to 9
    python bench/bench_policy.py --only demo       # 200 studies of the demo, seeds 0 to 199: two votes and an expert against the policy
    python bench/bench_policy.py --only order      # 40 studies of the demo, seeds 0 to 39: experts' cases by votes, or by expected gain
    python bench/bench_policy.py --only real       # ReaL's votes with 49 models: the fifth vote of each question is kept back; seed 0

Without --only the first two run. They draw twenty people with typical errors (`consensus.posterior`), who err together with a correlation
of 0.15, as was measured on ReaL's votes, on images with as many valid labels as ImageNetV2's, of ten that are asked.
`real` asks among four votes a question and counts which labels that are taken as valid have a yes as their fifth vote: F1 against one
person's answer. It is far from 1 for any method, but fair, since no method was given that vote.
`demo` draws the demo's pictures and lets its models propose, in a temporary folder; its people and their errors are in the demo's cast. It
exits with 1 where the weighted headline holds the truth in fewer than 94% of the studies.
"""

import argparse
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.protocol import ExpertOrder
from multilabelfy.demo.campaign.asking import asked_both_ways, known_images, staffs
from multilabelfy.demo.campaign.study import NAME, SCORERS, import_dataset
from multilabelfy.demo.making import make_dataset
from multilabelfy.demo.running import N_IMAGES, SEED
from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.consensus.posterior import TYPICAL, Posterior
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, LabelQuality, WayOfAsking, ways_compared
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.settings import load_settings
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.known_truth import KnownImage
from multilabelfy.simulation.panel import panel_study
from multilabelfy.simulation.population import drawn, like_imagenetv2
from multilabelfy.simulation.replay import Replayed, dealt, replay
from multilabelfy.simulation.same_effort import with_part_of_the_experts
from multilabelfy.statistics.calibration import brier_score, calibration_error
from multilabelfy.statistics.intervals import Z_95, wilson
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles, join_evidence
from multilabelfy.workflows.proposing import runs
from multilabelfy.workflows.workspace import opened

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Bools = npt.NDArray[np.bool_]
CROWD = Crowd(np.stack([TYPICAL] * 20), correlation=0.15)
IMAGES = like_imagenetv2(10)
YES = 2


def fixed(n: int) -> AdaptiveOverlap:
    """As many visits for every image."""
    return AdaptiveOverlap(floor=n, cap=n)


def coverage(n_studies: int) -> None:
    """400 images, a quarter of them in the panel, two answers each there; the policy stops after 700 visits outside it."""
    print(f"{'share of images with several labels':40}{'covers truth':>14}{'mean':>8}{'truth':>8}   seeds 0 to {n_studies - 1}")
    for name, probability in (
        ("panel, every image drawn with 0.25", np.full(400, 0.25)),
        ("panel, half the images with 0.4, half 0.1", np.repeat([0.4, 0.1], 200)),
    ):
        studies = []
        for seed in range(n_studies):
            images = drawn(IMAGES, 400, np.random.default_rng([seed, 1]))
            studies.append(panel_study(images, CROWD, AdaptiveOverlap(), probability, overlap=2, most_visits=700, seed=seed))
        truth = np.array([study.truth for study in studies])
        for row, shares, ends in (
            (name, [study.panel.share for study in studies], [study.panel.interval for study in studies]),
            (
                "  without it, what the policy finished",
                [study.finished for study in studies],
                [study.finished_interval for study in studies],
            ),
        ):
            holds = np.mean([end.low <= true <= end.high for end, true in zip(ends, truth, strict=True)])
            print(f"{row:40}{holds:14.1%}{np.mean(shares):8.3f}{truth.mean():8.3f}", flush=True)


def recovery(seeds: int) -> None:
    """1,000 images; what fixed overlap gives, and what the policy gives."""
    print(f"{'simulated, raters err together':40}{'votes':>8}{'visits':>8}{'F1':>8}{'ECE':>8}{'Brier':>8}   seeds 0 to {seeds - 1}")
    rules = {f"fixed, {n}": fixed(n) for n in range(1, 8)}
    rules |= {f"adaptive, 2 to 7, bound {bound}": AdaptiveOverlap(2, 7, bound) for bound in (0.8, 0.6, 0.4, 0.3, 0.2, 0.1)}
    for name, rule in rules.items():
        rows = []
        for seed in range(seeds):
            images = drawn(IMAGES, 1000, np.random.default_rng([seed, 1]))
            questions, visit = voted(images.image, images.label, images.valid, CROWD, 7, np.random.default_rng(seed))
            rows.append(_figures(replay(questions, visit, rule), images.valid))
        print(f"{name:40}" + "".join(f"{figure:8.3f}" for figure in np.mean(rows, axis=0)), flush=True)


def demo(n_studies: int) -> int:
    """The demo's images and people; the exit status."""
    ways = ways_compared(asked_both_ways(_of_the_demo(), range(n_studies)), seed=0)
    print(f"{'the demo, in the same time':40}{'two and an expert':>24}{'the policy':>26}{'difference':>28}   seeds 0 to {n_studies - 1}")
    for measure in LabelQuality:
        of = ways.quality[measure]
        cells = [
            f"{measured.value:.4f} ({measured.interval.low:.4f}–{measured.interval.high:.4f})"
            for measured in (of.fixed, of.adaptive)
            if measured.interval
        ]
        gained, ends = of.difference.value or 0.0, of.difference.interval
        difference = f"{gained:+.4f} ({ends.low:+.4f} to {ends.high:+.4f})" if ends else f"{gained:+.4f}"
        print(f"{measure:40}{cells[0]:>24}{cells[1]:>26}{difference:>28}")
    for way, effort in ways.effort.items():
        people = f"{effort.answers:.3f} answers an image, {effort.annotator_hours:.3f} + {effort.expert_hours:.3f} hours"
        print(f"{way:40}{people}, {effort.by_experts:.1%} by experts, {effort.unsettled:.1%} not settled")
    print(f"{'share with several labels: the truth':40}{ways.truth:.3f}")
    headlines = {"two votes and an expert": ways.headline[WayOfAsking.FIXED], "panel, weighted": ways.headline[WayOfAsking.ADAPTIVE]}
    for name, of_way in {**headlines, "all finished, unweighted": ways.plain}.items():
        held = wilson(of_way.n_holding, n_studies)
        covered = f"holds it in {of_way.n_holding} of {n_studies} ({of_way.n_holding / n_studies:.1%}"
        print(f"{name:40}{of_way.share:.3f}   {covered}, 95% interval {held.low:.1%} to {held.high:.1%})" if held else name)
    return int(ways.headline[WayOfAsking.ADAPTIVE].n_holding < 0.94 * n_studies)


def order(n_studies: int) -> None:
    """Two votes an image, and experts with a part of the time that all disputes would take them; the posterior settles the rest."""
    known = _of_the_demo()
    print(f"{'F1 with this share of the experts':40}{'by votes':>10}{'by gain':>10}{'difference':>26}   seeds 0 to {n_studies - 1}")
    for share in (0.25, 0.5, 0.75):
        f1 = np.array(
            [[_f1(with_part_of_the_experts(staff, share, by)) for by in ExpertOrder] for staff in staffs(known, range(n_studies))]
        )
        gained = f1[:, 1] - f1[:, 0]
        half = Z_95 * gained.std(ddof=1) / np.sqrt(n_studies)
        ends = f"{gained.mean():+.4f} ({gained.mean() - half:+.4f} to {gained.mean() + half:+.4f})"
        print(f"{share:<40.0%}{f1[:, 0].mean():10.4f}{f1[:, 1].mean():10.4f}{ends:>26}", flush=True)


def _f1(rows: Sequence[ImageAsked]) -> float:
    right = sum(len(row.labels & row.valid) for row in rows)
    return 2 * right / sum(len(row.labels) + len(row.valid) for row in rows)


def _of_the_demo() -> list[KnownImage]:
    with tempfile.TemporaryDirectory() as folder:
        made = make_dataset(Path(folder) / "dataset", SEED, N_IMAGES)
        with opened(load_settings(Path(folder) / "workspace"), create=True) as workspace:
            now = datetime.now(UTC)
            import_dataset(workspace, made, SEED, now)
            runs.propose(workspace, NAME, SCORERS, now=now)
            return known_images(workspace, NAME, made.scenes)


def real(data: Path) -> None:
    """Fixed overlap against the policy, both among the same four votes of each question."""
    table = read_votes(data / "real" / "raters.npz")
    features = join_evidence(table, EvidenceFiles((data / "predictions" / "imagenet.npz",))).features
    visit = dealt(table.questions, seed=0)
    given, of_given, kept_yes = _kept_back(table.questions, visit)

    def fit(questions: Questions) -> Posterior:
        return posterior.fit(questions, features)

    print(f"{'ReaL, 49 models; against the fifth vote':40}{'votes':>8}{'visits':>8}{'F1':>8}")
    runs = [(f"fixed, {n}", fixed(n), 0.0) for n in (1, 2, 3, 4)]
    runs += [(f"adaptive, 1 to 4, bound {bound}", AdaptiveOverlap(1, 4, bound), 0.0) for bound in (0.3, 0.2, 0.1)]
    runs += [(f"adaptive, 1 to 4, bound {bound}, open labels", AdaptiveOverlap(1, 4, bound), 0.02) for bound in (0.2, 0.1)]
    for name, rule, clear in runs:
        votes, visits, f1, *_ = _figures(replay(given, of_given, rule, fit, clear=clear), kept_yes)
        print(f"{name:40}{votes:8.3f}{visits:8.3f}{f1:8.3f}", flush=True)


def _kept_back(questions: Questions, visit: Ints) -> tuple[Questions, Ints, Bools]:
    """The questions with their first four votes, the visits of these, and whether the fifth is a yes, (n_questions,)."""
    yes = np.zeros(len(questions), dtype=np.bool_)
    fifth = visit == visit.max()
    yes[questions.question[fifth]] = questions.vote[fifth] == YES
    votes = [column[~fifth] for column in (questions.question, questions.rater, questions.vote)]
    return Questions(questions.image, questions.label, votes[0], votes[1], votes[2], questions.n_raters), visit[~fifth], yes


def _figures(replayed: Replayed, valid: Bools) -> tuple[float, ...]:
    chance = replayed.fit.score
    taken = chance >= 0.5
    f1 = 2 * (taken & valid).sum() / max(taken.sum() + valid.sum(), 1)
    truth = valid.astype(np.float64)
    asked = (replayed.votes_a_question, replayed.visits_an_image)
    return (*asked, float(f1), calibration_error(chance, truth), brier_score(chance, truth))


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("coverage", "recovery", "demo", "order", "real"))
    parser.add_argument("--studies", type=int, default=200, help="of the demo's images")
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    if chosen.only in (None, "coverage"):
        coverage(200)
    if chosen.only in (None, "recovery"):
        recovery(10)
    if chosen.only == "demo":
        return demo(chosen.studies)
    if chosen.only == "order":
        order(40)
    if chosen.only == "real" and not chosen.data.is_dir():
        print(f"Without {chosen.data} nothing is measured on ReaL's votes.")
    elif chosen.only == "real":
        real(chosen.data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
