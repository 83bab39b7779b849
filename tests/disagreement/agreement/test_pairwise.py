"""Who agrees with whom on the questions that both were shown."""

from multilabelfy.disagreement.agreement.pairwise import PairAgreement, agreement_by_pair
from multilabelfy.disagreement.questions import questions_of, questions_of_votes


def test_two_annotators_are_compared_on_what_both_were_shown() -> None:
    # rater 0 and 1 on two questions: yes/yes, yes/no; rater 2 answered one question with rater 0 alone: no against yes
    questions = questions_of_votes([0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 0, 0], [0, 1, 0, 1, 2, 0], [2, 2, 2, 0, 0, 2])
    first, second = agreement_by_pair(questions)
    assert first == PairAgreement(0, 1, n_questions=2, percent=0.5, positive=2 / 3, kappa=0)
    assert (second.first, second.second, second.n_questions, second.percent) == (0, 2, 1, 0)


def test_nobody_to_compare_gives_no_pairs() -> None:
    assert agreement_by_pair(questions_of_votes([0], [0], [0], [2])) == []
    assert agreement_by_pair(questions_of([])[0]) == []
