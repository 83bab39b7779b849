"""`annotators`, as a person types it and as a script reads it."""

import json
from pathlib import Path

import polars as pl
import pytest
from tests.answering import answer
from tests.studies import ready_study
from typer.testing import CliRunner, Result

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput
from multilabelfy.simulation.raters import SimulatedTeam, careful, never, voted


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six people, of whom p0 never chooses and p2 writes down what p1 said."""
    questions, _ = voted(SimulatedTeam([never, *[careful()] * 5], copies={2: 1}), 150, overlap=4, seed=1)
    image, label = questions.image[questions.question], questions.label[questions.question]
    names = {
        "image": [f"{of:03}.jpg" for of in image],
        "label": [f"k{of}" for of in label],
        "annotator": [f"p{of}" for of in questions.rater],
    }
    file = tmp_path_factory.mktemp("votes") / "votes.csv"
    pl.DataFrame({**names, "vote": questions.vote}).write_csv(file)
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["annotators", *map(str, arguments)], catch_exceptions=False)


def test_people_read_sentences_with_their_evidence(votes: Path) -> None:
    text = run("--votes", votes).stdout
    assert "6 annotators; something to look at for 1, and for 1 pair" in text
    assert "  ! Chose no label in a run of 102 answers, out of 102. By the other votes on these pictures" in text
    assert "    Look at: " in text
    assert "p1 and p2: correlation of errors " in text
    assert "Votes: 4.0 on a label are worth at most " in text


def test_of_one_person_no_pair_is_told_of(votes: Path, tmp_path: Path) -> None:
    pl.read_csv(votes).filter(annotator="p0").write_csv(tmp_path / "alone.csv")
    text = run("--votes", tmp_path / "alone.csv").stdout
    assert "(1 test of people, and no two share enough labels to be compared; of what is found" in text


def test_scripts_read_every_number(votes: Path) -> None:
    found = json.loads(run("--votes", votes, "--json").stdout)
    first = found["annotators"][0]
    assert (first["annotator"], first["answers"], first["enough"]) == ("p0", 102, True)
    assert first["confusion"]["valid"]["yes"] == first["sensitivity"]
    [concern] = [concern for concern in first["concerns"] if concern["kind"] == "never-chooses"]
    assert (concern["evidence"]["n"], concern["evidence"]["all"]) == (102, 102)
    assert len(concern["images"]) == 5
    assert concern["p"] <= concern["p_among_all"] <= 0.05
    [alike] = [pair for pair in found["pairs"] if pair["concern"]]
    assert alike["annotators"] == ["p1", "p2"]
    assert alike["alike"] == alike["labels"]


def test_a_table_is_written_beside_and_never_over_another(votes: Path, tmp_path: Path) -> None:
    assert run("--votes", votes, "--out", tmp_path / "annotators.csv").exit_code == 0
    assert pl.read_csv(tmp_path / "annotators.csv").height == 6
    with pytest.raises(InvalidInput):
        run("--votes", votes, "--out", tmp_path / "annotators.csv")
    assert run("--votes", votes, "--out", tmp_path / "annotators.csv", "--overwrite").exit_code == 0
    with pytest.raises(InvalidInput):
        run("--votes", votes, "--out", tmp_path / "annotators.txt")


def test_a_study_with_few_answers_says_so_and_names_nobody(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    study.workspace.close()
    text = run("pilot", "--workspace", study.workspace.folder)
    assert text.stdout.startswith("pilot: 2 annotators; too few answers to tell.\n")
    assert text.stdout.count("1 answer; too few to tell.") == 2
    assert "Ada" not in text.output
    assert "Hardly any label has three votes" in text.stderr
    assert "Ada: 1 answer; too few to tell." in run("pilot", "--workspace", study.workspace.folder, "--with-names").stdout


def test_a_study_without_answers_says_so(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    study.workspace.close()
    assert run("pilot", "--workspace", study.workspace.folder).stdout == "pilot: nobody has cast a vote yet.\n"


@pytest.mark.parametrize("arguments", [(), ("pilot", "--votes", "votes.csv"), ("pilot", "--gold", "gold.json")])
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
