"""`compare` holds two labellings beside each other, from files or from votes; a study with two annotators has it in its report."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.two_labellings import Compared, comparison_of_files
from multilabelfy.workflows.reporting.writing import report_of_study


def written(path: Path, **sets: list[str]) -> Path:
    """A table image,label of these sets; no row for an empty one."""
    rows = [f"{image}.jpg,{label}" for image, labels in sets.items() for label in labels]
    path.write_text("\n".join(["image,label", *rows]) + "\n")
    return path


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def test_the_command_says_who_has_what_and_who_is_right(tmp_path: Path) -> None:
    a = written(tmp_path / "a.csv", one=["cat"], two=["cat", "dog"], three=["dog"])
    b = written(tmp_path / "b.csv", one=["cat"], two=["cat"], three=["fox"], four=["fox"])
    gold = written(tmp_path / "gold.csv", two=["cat", "dog"], three=["dog"])
    done = CliRunner().invoke(app, ["compare", str(a), str(b), "--gold", str(gold), "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    relations = {row["relation"]: row["images"] for row in told["findings"]["labellings-agree"] if row["images"]}
    assert relations == {"the same labels": 1, "a has more, and all of b’s": 1, "no label in common": 1}
    assert {row["label"]: (row["first"], row["second"]) for row in told["findings"]["labellings-by-class"]} == {
        "dog": (2, 0),
        "fox": (0, 1),
    }
    [right] = [row for row in told["findings"]["labellings-against-gold"] if row["measure"] == "images exactly right"]
    assert (right["first"], right["second"], right["of_first"]) == (1.0, 0.0, 2)
    assert (tmp_path / "out" / "report.html").is_file()


def test_images_join_by_file_name_where_folders_differ(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("image,label\nval/1.jpg,cat\n")
    (tmp_path / "b.csv").write_text("image,label\n1.jpg,cat\n")
    made = comparison_of_files(Compared(str(tmp_path / "a.csv"), str(tmp_path / "b.csv")), now=NOW)
    assert "1 image that both have is compared" in dict(made.methods)["Files"]


def test_labellings_of_different_images_are_refused_with_a_name_from_each(tmp_path: Path) -> None:
    a, b = written(tmp_path / "a.csv", one=["cat"]), written(tmp_path / "b.csv", other=["cat"])
    with pytest.raises(InvalidInput, match=r"'one\.jpg' and 'other\.jpg'"):
        comparison_of_files(Compared(str(a), str(b)), now=NOW)


def test_a_rule_over_votes_needs_votes(tmp_path: Path) -> None:
    a = written(tmp_path / "a.csv", one=["cat"])
    with pytest.raises(InvalidInput, match="--votes"):
        comparison_of_files(Compared(str(a), "majority"), now=NOW)


def test_a_rule_over_votes_is_a_labelling(tmp_path: Path) -> None:
    a = written(tmp_path / "a.csv", one=["cat"], two=["dog"])
    votes = tmp_path / "votes.csv"
    votes.write_text("image,label,annotator,vote\none.jpg,cat,x,yes\none.jpg,cat,y,yes\ntwo.jpg,dog,x,yes\ntwo.jpg,dog,y,no\n")
    made = comparison_of_files(Compared(str(a), "majority", votes=votes), now=NOW)
    relations = {row["relation"]: row["images"] for row in made.finding("labellings-agree").table.records() if row["images"]}
    assert relations == {"the same labels": 1, "one of them has no label": 1}


def test_a_study_with_two_annotators_compares_them(study: Study) -> None:
    for who, labels in (("Ada", [0, 1]), ("Ben", [0, 1])):
        answer(study, who, 0, labels)
    answer(study, "Ada", 1, [1, 2])
    answer(study, "Ben", 1, [1])
    resolve(study.workspace, "pilot", NOW)
    rows = report_of_study(study.workspace, "pilot", now=NOW).finding("labellings-agree").table.records()
    assert {row["relation"]: row["images"] for row in rows if row["images"]} == {
        "the same labels": 1,
        "Annotator 1 has more, and all of Annotator 2’s": 1,
    }


@pytest.mark.real_data
def test_no_class_leans_towards_reals_labels_where_anybodys_yes_counts(shared_data: Path) -> None:
    """Nor towards the majority's, which the tests of docs/paper.md hold: ReaL's labels lie between the two."""
    real = shared_data / "real"
    wanted = Compared(str(real / "real.json"), "union", votes=real / "raters.npz", names=("ReaL", ""), subject="ImageNet")
    assert comparison_of_files(wanted, now=NOW).summary == (
        "ReaL and union have the same labels for 50.9% of the images.",
        "0 classes lean towards ReaL, 387 towards union.",
    )
