"""Reviewing those who answered: what a study knows of them, and what a file of votes does."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.answering import answer, person
from tests.checking import answer_again
from tests.deciding import say
from tests.studies import Study, ready_study

from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy
from multilabelfy.disagreement.raters.concerns import ConcernKind
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.formats.tables_of_results import write_annotators
from multilabelfy.simulation.raters import SimulatedTeam, careful, never, voted
from multilabelfy.statistics.shares import Share
from multilabelfy.workflows.analysing.annotators import review_annotators, review_of
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
from multilabelfy.workflows.analysing.votes_of_files import review_votes

N_IMAGES = 24


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Ada chooses the first label of each image, Bob none; experts decide that Ada is right."""
    ready = ready_study(tmp_path, n_images=N_IMAGES)
    for image in range(N_IMAGES):
        answer(ready, "Ada", image, [image])
        answer(ready, "Bob", image)
    for image in range(N_IMAGES):
        say(ready, "Ed", image)
    yield ready
    ready.workspace.close()


def test_whoever_never_chooses_is_found_by_what_experts_decided(study: Study) -> None:
    answer_again(study, "Ada", 0, [0])
    found = review_annotators(study.workspace, "pilot")
    ada, bob = found.review.profiles
    assert (ada.n_answers, ada.concerns, bob.n_answers) == (N_IMAGES, (), N_IMAGES)
    assert {concern.kind for concern in bob.concerns} == {ConcernKind.NEVER, ConcernKind.UNINFORMED}
    assert set(found.images_of(bob.concerns[0])) <= {image.path for image in study.images}
    assert not found.review.rests_on_assumptions
    assert found.again[0].n_images == 1


def test_people_have_the_pseudonyms_of_exports_unless_names_are_asked_for(study: Study) -> None:
    nameless = review_annotators(study.workspace, "pilot")
    assert nameless.annotators == tuple(study.workspace.pseudonym(person(study, name).id) for name in ("Ada", "Bob"))
    assert review_annotators(study.workspace, "pilot", with_names=True).annotators == ("Ada", "Bob")


def test_a_study_without_answers_has_nobody_to_review(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    with study.workspace.store.reading() as c:
        assert review_of(c, study.dataset).annotators == ()
    study.workspace.close()


def table_of(folder: Path) -> Path:
    """The votes of six people, of whom the first never chooses; a file of gold beside it has the truth of the first ten images."""
    questions, valid = voted(SimulatedTeam([never, *[careful()] * 5]), 100, overlap=3, seed=1)
    image, label = questions.image[questions.question], questions.label[questions.question]
    columns = {"image": [f"{of:03}.jpg" for of in image], "label": [str(of) for of in label]}
    votes = pl.DataFrame({**columns, "annotator": [f"p{of}" for of in questions.rater], "vote": questions.vote})
    votes.write_csv(folder / "votes.csv")
    sets = {f"{of:03}.jpg": [int(at) for at in range(5) if valid[5 * of + at]] for of in range(10)}
    (folder / "gold.json").write_text(str(sets).replace("'", '"'))
    return folder / "votes.csv"


def test_the_votes_of_a_table_say_who_never_chooses(tmp_path: Path) -> None:
    found = review_votes(table_of(tmp_path), EvidenceFiles())
    assert found.annotators == tuple(f"p{number}" for number in range(6))
    assert ConcernKind.NEVER in {concern.kind for concern in found.review.profiles[0].concerns}
    assert not any(profile.concerns for profile in found.review.profiles[1:])
    assert found.gold[0] == GoldAccuracy()
    assert found.review.profiles[0].drift is None  # a table has no times


def test_gold_beside_a_table_is_counted_for_each_annotator(tmp_path: Path) -> None:
    votes = table_of(tmp_path)
    found = review_votes(votes, EvidenceFiles(gold=tmp_path / "gold.json"))
    table = read_votes(votes)
    asked = table.questions.image[table.questions.question[table.questions.rater == 0]]
    n_answers = len(set(asked[asked < 10].tolist()))
    assert found.gold[0].precision == Share(0, 0)
    assert found.gold[0].recall.n_of == 0
    assert found.gold[0].n_images == n_answers
    together = sum(found.gold[1:], GoldAccuracy())
    assert 0.6 < (together.recall.value or 0) < 1


def test_a_table_has_a_row_for_each_annotator(tmp_path: Path) -> None:
    found = review_votes(table_of(tmp_path), EvidenceFiles())
    assert write_annotators(tmp_path / "out.parquet", found) == 6
    written = pl.read_parquet(tmp_path / "out.parquet")
    first, second = written.rows(named=True)[:2]
    assert first["annotator"] == "p0"
    assert first["sensitivity_high"] < 0.2 < second["sensitivity_low"]
    assert first["no_where_valid"] + first["maybe_where_valid"] + first["yes_where_valid"] == pytest.approx(1, abs=1e-5)
    assert sum(concern.startswith("Chose no label in a run of") for concern in first["concerns"]) == 1
    assert (second["concerns"], second["seconds"], second["gold_yes"]) == ([], None, 0)
    write_annotators(tmp_path / "out.csv", found)
    assert pl.read_csv(tmp_path / "out.csv").columns == written.columns
