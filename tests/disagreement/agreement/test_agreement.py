"""Agreement figures: worked out by hand, and those published for ReaL's raters."""

from pathlib import Path

import numpy as np
import pytest

from multilabelfy.disagreement.agreement import answer_agreement as measures
from multilabelfy.disagreement.agreement.agreement import agreement
from multilabelfy.disagreement.agreement.answer_agreement import cohen_kappa, coincidences
from multilabelfy.disagreement.agreement.measures import ALPHA, ALPHA_ORDINAL, KAPPA, MEASURES, PERCENT, POSITIVE
from multilabelfy.disagreement.questions import Ints, Questions, questions_of_votes

NO, MAYBE, YES = range(3)


def answered(*rows: tuple[int, int, int]) -> measures.Floats:
    """The coincidences of questions given as (n_no, n_maybe, n_yes)."""
    total: measures.Floats = coincidences(np.array(rows, dtype=np.int64)).sum(axis=0)
    return total


def test_two_raters_on_four_questions_by_hand() -> None:
    # yes/yes, yes/no, no/no, no/no: they agree on 3 of 4; 2·1/(2·1+1) of the yeses are met; 3 of 8 answers are yes
    o = measures.yes_against_rest(answered((0, 0, 2), (1, 0, 1), (2, 0, 0), (2, 0, 0)))
    assert measures.percent_agreement(o) == pytest.approx(3 / 4)
    assert measures.positive_agreement(o) == pytest.approx(2 / 3)
    assert measures.prevalence(o) == pytest.approx(3 / 8)
    # Pe = (3/8)² + (5/8)² = 34/64; kappa = (48/64 − 34/64) / (30/64)
    assert measures.fleiss_kappa(o) == pytest.approx(14 / 30)
    # alpha: 1 − (8−1)·2 / (2·3·5)
    assert measures.krippendorff_alpha(o) == pytest.approx(1 - 7 * 2 / 30)


def test_percent_agreement_of_five_raters_counts_pairs() -> None:
    # 3 yes and 2 no of five: (3·2 + 2·1) of 5·4 ordered pairs agree
    assert measures.percent_agreement(answered((2, 0, 3))) == pytest.approx(8 / 20)


def test_questions_with_one_answer_tell_nothing() -> None:
    assert not answered((0, 0, 1), (1, 0, 0)).any()


def test_krippendorffs_published_example() -> None:
    # Krippendorff 2011, the reliability data of section C (4 observers, 12 units, 5 values, missing data): 0.743 nominal
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    counts = np.array([[unit.count(value) for value in "12345"] for unit in units], dtype=np.int64)
    o = coincidences(counts).sum(axis=0)
    assert measures.krippendorff_alpha(o) == pytest.approx(0.743, abs=5e-4)
    assert measures.krippendorff_alpha(o, ordinal=True) == pytest.approx(0.815, abs=5e-4)


def test_cohens_kappa_by_hand() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: po 0.7, pe 0.5·0.6 + 0.5·0.4 = 0.5
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_kappa_is_undefined_where_all_say_the_same() -> None:
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert cohen_kappa([], []) is None


def questions(votes: dict[tuple[int, int], str]) -> Questions:
    """From {(image, label): one letter a rater, n, m or y}, a dash where the rater was not shown it."""
    rows = [(i, q, who, "nmy".index(vote)) for (i, q), said in votes.items() for who, vote in enumerate(said) if vote != "-"]
    return questions_of_votes(*np.array(rows, dtype=np.int64).T)


def test_the_summary_reads_jointly_shown_questions_alone() -> None:
    result = agreement(questions({(0, 0): "yy", (0, 1): "yn", (1, 0): "nn", (1, 1): "nn", (2, 5): "y-"}), seed=0)
    assert (result.n_images, result.n_questions, result.n_answers) == (2, 4, 8)
    assert result.of(KAPPA).value == pytest.approx(14 / 30)
    assert result.of(POSITIVE).value == pytest.approx(2 / 3)


def test_fleiss_kappa_is_left_out_at_unequal_overlap() -> None:
    result = agreement(questions({(0, 0): "yyn", (0, 1): "yn-", (1, 0): "nn-"}), seed=0)
    assert result.of(KAPPA).value is None
    assert result.of(ALPHA).value is not None


def test_no_votes_give_no_figures() -> None:
    empty: Ints = np.zeros(0, dtype=np.int64)
    result = agreement(Questions(empty, empty, empty, empty, empty, 0), seed=0)
    assert result.n_questions == 0
    assert result.of(PERCENT).value is None
    assert result.of(ALPHA_ORDINAL).interval is None


def test_the_same_seed_gives_the_same_interval_around_the_value() -> None:
    votes = {(image, label): "yy" if (image + label) % 3 else "yn" for image in range(30) for label in range(3)}
    first, second = agreement(questions(votes), seed=7), agreement(questions(votes), seed=7)
    assert first == second
    figure = first.of(PERCENT)
    assert figure.value is not None
    assert figure.interval is not None
    assert figure.interval.low <= figure.value <= figure.interval.high


def test_every_measure_of_the_table_is_worked_out_under_a_key_of_its_own() -> None:
    result = agreement(questions({(0, 0): "yy", (0, 1): "yn", (1, 0): "nn", (1, 1): "ym"}), seed=0)
    assert sorted({**result.answers, **result.sets}) == sorted(measure.key for measure in MEASURES)
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert [measure.key for measure in MEASURES if result.of(measure).value is None] == []


@pytest.fixture(scope="module")
def real_votes(shared_data: Path) -> Questions:
    """ReaL's 924,810 votes as questions; about half a second."""
    with np.load(shared_data / "real" / "raters.npz") as raters:
        rater, question, vote = np.nonzero(raters["tensor"])
        names, label = raters["info"][:, 0], raters["info"][:, 1].astype(np.int64)
    image = np.unique(names, return_inverse=True)[1]
    return questions_of_votes(image[question], label[question], rater, vote)


@pytest.mark.real_data
def test_reals_raters_agree_as_published(real_votes: Questions) -> None:
    counts = real_votes.counts()
    o = coincidences(counts).sum(axis=0)
    yes = measures.yes_against_rest(o)
    assert (real_votes.n_images, len(counts), counts.sum()) == (24_889, 184_962, 924_810)
    assert measures.fleiss_kappa(yes) == pytest.approx(0.49, abs=0.005)
    assert measures.fleiss_kappa(o) == pytest.approx(0.41, abs=0.005)
    assert measures.positive_agreement(yes) == pytest.approx(0.56, abs=0.005)
    assert measures.prevalence(yes) == pytest.approx(0.126, abs=0.0005)


@pytest.mark.real_data
def test_easy_noes_raise_kappa_and_leave_positive_agreement(real_votes: Questions) -> None:
    counts = real_votes.counts()
    n_padded = 20 * 24_889 - len(counts)  # up to 20 candidates an image, the added ones refused by all five
    padded = np.concatenate([counts, np.tile([5, 0, 0], (n_padded, 1))])
    o = measures.yes_against_rest(coincidences(padded).sum(axis=0))
    assert measures.fleiss_kappa(o) == pytest.approx(0.54, abs=0.005)
    assert measures.positive_agreement(o) == pytest.approx(0.56, abs=0.005)
