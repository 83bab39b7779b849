"""The headline by the posterior: counts where everything is certain, honest where it is not, silent where votes cannot tell."""

from dataclasses import replace

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.posterior import refits
from multilabelfy.evaluation.posterior.answered_images import UNKNOWN, AnsweredImages
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline, posterior_headline
from multilabelfy.evaluation.posterior.share import WidthPart
from multilabelfy.simulation.annotators import Habits
from multilabelfy.simulation.answered import posterior_headline_of
from multilabelfy.simulation.halfway import Staff, stopped, true_share
from multilabelfy.simulation.truth import TrueObject, Truth
from multilabelfy.statistics.intervals import Interval, wilson

N_IMAGES, N_LABELS = 40, 4
SIZES = (0, 1, 1, 2)
"""How many labels each image has, again and again."""


def votes(n_people: int = 4, overlap: int = 3, slips: float = 0.0, seed: int = 1) -> Questions:
    """The first labels of each image are valid; each vote is wrong with the chance `slips`."""
    rng = np.random.default_rng(seed)
    rows = []
    for image in range(N_IMAGES):
        for person in rng.permutation(n_people)[:overlap]:
            for label in range(N_LABELS):
                is_yes = (label < SIZES[image % len(SIZES)]) != (rng.random() < slips)
                rows.append((image, label, int(person), 2 * int(is_yes)))
    return questions_of_votes(*np.array(rows).T)


def images(questions: Questions, **more: object) -> AnsweredImages:
    """All of them drawn, nothing decided."""
    nothing = np.full(N_IMAGES, UNKNOWN), np.full(len(questions), np.nan), np.ones(N_IMAGES, dtype=np.bool_)
    return replace(AnsweredImages(questions, posterior.fit(questions), *nothing), **more)  # type: ignore[arg-type]


def told(of: AnsweredImages, beyond: BeyondCandidates | None = None) -> PosteriorHeadline:
    found = posterior_headline(of, beyond)
    assert found is not None
    return found


def values(of: PosteriorHeadline) -> list[float]:
    return [of.none.value, of.single.value, of.several.value]


def test_what_experts_decided_is_counted_and_nothing_is_doubtful() -> None:
    questions = votes(slips=0.2)
    known = np.array([SIZES[image % len(SIZES)] for image in range(N_IMAGES)])
    decided = (questions.label < known[questions.image]).astype(np.float64)
    found = told(images(questions, n_known=known, decided=decided))
    assert values(found) == [0.25, 0.5, 0.25]
    assert (found.n_by_votes, found.n_known) == (0, N_IMAGES)
    assert (found.several.parts[WidthPart.DOUBT], found.several.parts[WidthPart.ANNOTATORS], found.several.parts[WidthPart.ASSUMED]) == (
        0,
        0,
        0,
    )
    known_of = wilson(10, N_IMAGES)
    assert known_of is not None
    assert (found.several.interval.low, found.several.interval.high) == pytest.approx((known_of.low, known_of.high))


def test_people_who_never_err_are_believed() -> None:
    found = told(images(votes()))
    assert values(found) == pytest.approx([0.25, 0.5, 0.25], abs=0.02)
    assert sum(values(found)) == pytest.approx(1)


def test_people_who_err_make_it_wider_than_images_do() -> None:
    sure, unsure = told(images(votes())), told(images(votes(slips=0.15)))
    assert width(unsure.several.interval) > 1.2 * width(sure.several.interval)
    assert unsure.several.parts[WidthPart.DOUBT] > sure.several.parts[WidthPart.DOUBT]
    assert unsure.several.parts[WidthPart.ANNOTATORS] > sure.several.parts[WidthPart.ANNOTATORS]


def width(interval: Interval) -> float:
    return interval.high - interval.low


def test_an_expert_s_decision_replaces_what_votes_say() -> None:
    """Of the first half experts say that each image has two labels; of the other half a quarter has."""
    known = np.where(np.arange(N_IMAGES) < N_IMAGES // 2, 2, UNKNOWN)
    found = told(images(votes(), n_known=known))
    assert (found.n_known, found.n_by_votes) == (20, 20)
    assert values(found) == pytest.approx([0.125, 0.25, 0.625], abs=0.02)


def test_experts_teach_how_people_err() -> None:
    """Who says yes to so much that is not there is not believed on the other images either."""
    questions = votes(slips=0.3)
    half = np.arange(N_IMAGES) < N_IMAGES // 2
    known = np.where(half, [SIZES[image % len(SIZES)] for image in range(N_IMAGES)], UNKNOWN)
    decided = np.where(half[questions.image], questions.label < known[questions.image], np.nan)
    untold, taught = told(images(questions, n_known=known)), told(images(questions, n_known=known, decided=decided))
    assert abs(taught.several.value - 0.25) < abs(untold.several.value - 0.25) - 0.02


def test_images_that_nobody_has_begun_are_like_those_drawn_and_widen_it() -> None:
    whole = told(images(votes()))
    part = told(images(votes(), n_untouched=400))
    assert values(part) == pytest.approx(values(whole))
    assert (part.n_images, part.n_untouched, part.n_others) == (N_IMAGES + 400, 400, 0)
    assert part.several.parts[WidthPart.UNFINISHED] > 0.5
    assert width(part.several.interval) == pytest.approx(width(whole.several.interval), rel=0.05)  # as few images as before tell of more


def test_images_of_which_nothing_is_known_may_turn_out_either_way() -> None:
    whole, part = told(images(votes())), told(images(votes(), n_others=40))
    assert values(part) == pytest.approx(values(whole))
    assert part.several.interval.low <= values(part)[2] / 2
    assert part.several.interval.high >= values(part)[2] / 2 + 0.5
    assert part.several.parts[WidthPart.UNFINISHED] == max(part.several.parts.values())


def test_chosen_images_stand_for_themselves_alone() -> None:
    """Images with two labels were put first by their owner: they say nothing of those that nobody has begun."""
    is_drawn = np.array([SIZES[image % len(SIZES)] < 2 for image in range(N_IMAGES)])
    found = told(images(votes(), is_drawn=is_drawn, n_untouched=60))
    assert found.several.value == pytest.approx(10 / 100, abs=0.03)
    assert told(images(votes(), n_untouched=60)).several.value == pytest.approx(0.25, abs=0.03)


def test_where_no_image_came_by_the_draw_the_others_may_turn_out_either_way() -> None:
    found = told(images(votes(), is_drawn=np.zeros(N_IMAGES, dtype=np.bool_), n_untouched=N_IMAGES))
    assert (found.n_untouched, found.n_others) == (0, N_IMAGES)
    assert width(found.several.interval) > 0.5


def test_labels_that_candidates_missed_can_only_make_more_of_them() -> None:
    beyond = BeyondCandidates(N_IMAGES, 2 * N_IMAGES, 4, 1, Interval(0.0, 4.0))
    plain, missed = told(images(votes())), told(images(votes()), beyond)
    assert missed.n_missed == pytest.approx(0.1)
    assert missed.several.interval.low == pytest.approx(plain.several.interval.low)
    assert missed.several.interval.high > plain.several.interval.high + 0.08
    assert missed.none.interval.low < plain.none.interval.low - 0.05
    assert missed.none.interval.high == pytest.approx(plain.none.interval.high)


@pytest.mark.parametrize(("n_people", "overlap"), [(1, 1), (4, 1)])
def test_where_votes_cannot_tell_how_people_err_there_is_none(n_people: int, overlap: int) -> None:
    assert posterior_headline(images(votes(n_people, overlap))) is None


def test_an_image_that_nobody_could_judge_is_one_of_the_others() -> None:
    questions = votes()
    silent = AnsweredImages(
        questions,
        posterior.fit(questions),
        np.full(N_IMAGES + 5, UNKNOWN),
        np.full(len(questions), np.nan),
        np.ones(N_IMAGES + 5, dtype=np.bool_),
    )
    found = told(silent)
    assert (found.n_by_votes, found.n_others, found.n_images) == (N_IMAGES, 5, N_IMAGES + 5)


def test_of_many_images_some_tell_how_far_annotators_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the images are decided, and half of those looked at are too: else annotators would seem to matter too much, or not at all."""
    questions = votes(slips=0.1)
    known = np.where(np.arange(N_IMAGES) < 20, [SIZES[image % len(SIZES)] for image in range(N_IMAGES)], UNKNOWN)
    all_of_them = told(images(questions, n_known=known))
    monkeypatch.setattr(refits, "MOST_REFITTED", N_IMAGES // 2)
    some = told(images(questions, n_known=known))
    assert values(some) == values(all_of_them)
    assert 4 > some.several.parts[WidthPart.ANNOTATORS] / all_of_them.several.parts[WidthPart.ANNOTATORS] > 0.25


def test_of_many_annotators_a_twentieth_is_left_out_at_a_time() -> None:
    questions = votes(n_people=30)
    fit = posterior.fit(questions)
    of_all = refits.votes_with(questions, fit, np.full(len(questions), np.nan), N_IMAGES)
    assert questions.n_raters == 30
    assert len(list(refits.without_annotators(of_all, fit))) == 20


HABITS = Habits(miss=0.02, miss_faint=0.3, one_name=0.1, confuse=0.02, doubt=0.03, search=0.6)
STAFF = Staff([HABITS] * 4, [Habits(miss=0.01, miss_faint=0.1, search=0.9)], {}, 40)


@pytest.mark.parametrize(("answered", "decided"), [(0.5, 0.5), (1.0, 0.0), (1.0, 1.0)])
def test_the_interval_holds_the_truth_of_simulated_studies(answered: float, decided: float) -> None:
    """Ten seeds a stage; bench/posterior_headline_coverage.py has two hundred."""
    n_held = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        truths = [Truth(tuple(_things(rng))) for _ in range(120)]
        headline = posterior_headline_of(stopped(truths, STAFF, answered=answered, decided=decided, seed=seed))
        assert headline is not None
        n_held += headline.several.interval.low <= true_share(truths) <= headline.several.interval.high
    assert n_held >= 9


def _things(rng: np.random.Generator) -> list[TrueObject]:
    labels = rng.permutation(40)[: rng.integers(1, 4)].tolist()
    return [TrueObject((label,), float(rng.random())) for label in labels]
