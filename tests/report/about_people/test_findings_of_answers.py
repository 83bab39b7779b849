"""What a report says of single answers: on gold, on repeats, and by search first; and nothing where there is nothing."""

from dataclasses import replace

from tests.report.reports import NOW, material

from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy
from multilabelfy.disagreement.answer_quality.self_agreement import SelfAgreement
from multilabelfy.disagreement.answer_quality.suggestion import Suggestion
from multilabelfy.report.about_people.answer_quality import AnswerQuality, answer_quality_findings
from multilabelfy.report.findings import Subject
from multilabelfy.report.story import told
from multilabelfy.statistics.shares import Share

PETS = Subject("pets")
FULL = AnswerQuality(
    gold=GoldAccuracy(precision=Share(90, 100), recall=Share(45, 60), perfect=Share(30, 50), n_silent=2),
    again=SelfAgreement(alike=Share(380, 400), positive=Share(30, 40), same_set=Share(12, 20)),
    suggested=Suggestion(n_answers=40, found=Share(30, 50), given_up=Share(3, 33)),
    n_tested=3,
    n_again=2,
)


def test_gold_says_how_many_valid_labels_were_chosen_and_how_many_chosen_ones_are_valid() -> None:
    gold = answer_quality_findings(FULL, PETS)[0]
    assert gold.title == "Between 63% and 84% of the valid labels were chosen, and between 83% and 94% of the chosen ones are valid"
    assert "50 answers by 3 people" in gold.subtitle
    assert "2 answers said “cannot tell” or “unfit picture”" in gold.definition
    assert [(row["measure"], row["of"], row["n"]) for row in gold.table.records()] == [
        ("chosen labels that are valid", 90, 100),
        ("valid labels that were chosen", 45, 60),
        ("images with exactly the valid labels", 30, 50),
    ]
    assert all(row["share_low"] < row["share"] < row["share_high"] for row in gold.table.records())  # type: ignore[operator]


def test_repeats_say_how_far_people_agree_with_themselves() -> None:
    again = answer_quality_findings(FULL, PETS)[1]
    assert again.title == "Shown an image again, annotators repeated 95% of their answers"
    assert "20 images of pets answered twice by 2 people" in again.subtitle


def test_what_candidates_suggest_is_the_rest_of_what_search_found() -> None:
    suggestion = answer_quality_findings(FULL, PETS)[2]
    assert suggestion.title.startswith("By search alone, annotators found between 46% and 72% of the labels")
    assert "40.0% of the chosen labels (95% interval 27.6–53.8%)" in suggestion.definition
    assert [row["share"] for row in suggestion.table.records()] == [0.6, 3 / 33]


def test_one_or_two_answers_make_no_headline() -> None:
    one = AnswerQuality(
        again=SelfAgreement(Share(3, 3), Share(2, 2), Share(1, 1)), suggested=Suggestion(1, Share(1, 1), Share(0, 1)), n_again=1
    )
    assert [finding.title for finding in answer_quality_findings(one, PETS)] == [
        "Annotators were shown 1 image again so far",
        "Annotators gave 1 answer by search first so far",
    ]


def test_a_report_tells_of_answers_where_there_are_checks_and_is_silent_elsewhere() -> None:
    slugs = [finding.slug for finding in told(replace(material(), answers=FULL), made_at=NOW, version="1").findings]
    assert [slug for slug in slugs if slug in {"gold", "self-agreement", "suggestion"}] == ["gold", "self-agreement", "suggestion"]
    assert answer_quality_findings(AnswerQuality(), PETS) == []
    assert not {"gold", "self-agreement", "suggestion"} & {one.slug for one in told(material(), made_at=NOW, version="1").findings}
