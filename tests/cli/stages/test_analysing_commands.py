"""`disagreements`, `resolve` and `aggregate`, as a person types them and as a script reads them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.answering import answer
from tests.deciding import agree, say
from tests.studies import Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput, UnknownDataset


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    for image, first, second in ((0, [0], [0]), (1, [1], [2]), (2, [], [])):
        answer(ready, "Ann", image, first)
        answer(ready, "Bob", image, second)
    yield ready
    ready.workspace.close()


def said(study: Study, *arguments: str) -> str:
    """What a command prints on standard output."""
    done = CliRunner().invoke(app, [*arguments, "--workspace", str(study.workspace.folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def read(study: Study, *arguments: str) -> Any:
    """The same as JSON: nothing but JSON is printed."""
    return json.loads(said(study, *arguments, "--json"))


def test_disagreements_for_people_name_labels_pairs_and_figures(study: Study) -> None:
    text = said(study, "disagreements", "pilot")
    assert "3 of 6 images have all their answers; 1 agrees, 2 go to an expert." in text
    assert "tiger cat / Egyptian cat" in text
    assert "Positive agreement" in text
    assert "Fleiss’ kappa" in text


def test_disagreements_for_scripts_hold_every_number(study: Study) -> None:
    found = read(study, "disagreements", "pilot")
    assert (found["compared"], found["agreed"], found["disputed"]) == (3, 1, 2)
    assert found["reasons"] == {"agreed-empty": 1, "sets-differ": 1}
    assert found["pairs"] == [{"labels": [1, 2], "names": ["tiger cat", "Egyptian cat"], "n_images": 1}]
    assert found["agreement"]["n_questions"] == 15
    assert found["agreement"]["percent"]["value"] == pytest.approx(13 / 15)


def test_resolve_prints_the_release(study: Study) -> None:
    assert read(study, "resolve", "pilot") == {
        "release": 1, "new": True, "images": 1, "unresolved": 5, "added": 1, "changed": 0, "removed": 0
    }  # fmt: skip
    assert "nothing is new since release 1 (1 image), so none was made; 5 are unresolved." in said(study, "resolve", "pilot")
    assert read(study, "resolve", "pilot")["new"] is False


def test_resolve_by_the_posterior_says_what_it_settled_and_what_it_left(study: Study) -> None:
    printed = said(study, "resolve", "pilot", "--by", "posterior", "--threshold", "0.3", "--votes-alone")
    assert "release 1 holds 2 images (2 added" in printed
    assert "Of 2 images that waited for an expert, the posterior settled 1 at a threshold of 0.3, from 30 votes by 2 people." in printed
    assert "Left to experts: 1 with no label that reaches the threshold." in printed
    kept = read(study, "resolve", "pilot", "--by", "posterior", "--threshold", "0.3", "--votes-alone")["by_posterior"]
    assert (kept["method"], kept["threshold"], kept["n_settled"], kept["n_below"], kept["models"]) == ("posterior", 0.3, 1, 1, [])
    again = said(study, "resolve", "pilot")
    assert "The release before had 1 image settled by the posterior; without it they wait for an expert again." in again


def test_thin_votes_are_warned_of_before_anything_is_believed(study: Study) -> None:
    done = CliRunner().invoke(app, ["resolve", "pilot", "--by", "posterior", "--workspace", str(study.workspace.folder)])
    assert "Warning: There are votes on 3 images only, too few to know how people err" in done.stderr


@pytest.mark.parametrize("options", [["--threshold", "0.6"], ["--margin", "0.1"], ["--votes-alone"], ["--count-given"]])
def test_options_of_the_posterior_alone_are_refused(study: Study, options: list[str]) -> None:
    with pytest.raises(InvalidInput, match="Add --by posterior, or leave them out"):
        said(study, "resolve", "pilot", *options)


def test_resolve_without_final_labels_says_so(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "fresh")
    assert "no image has final labels yet, so no release was made; 6 are unresolved." in said(study, "resolve", "pilot")
    assert read(study, "resolve", "pilot")["release"] is None
    study.workspace.close()


@pytest.mark.parametrize("command", ["disagreements", "resolve"])
def test_an_unknown_dataset_is_named(study: Study, command: str) -> None:
    with pytest.raises(UnknownDataset, match="There is no dataset"):
        said(study, command, "other")


def test_aggregate_writes_scores_and_prints_where(tmp_path: Path) -> None:
    votes, out = tmp_path / "votes.csv", tmp_path / "scores.csv"
    votes.write_text("image,label,annotator,vote\na.jpg,cat,ann,yes\na.jpg,cat,bob,no\n")
    done = CliRunner().invoke(app, ["aggregate", str(votes), "--method", "majority", "--out", str(out), "--json"], catch_exceptions=False)
    assert json.loads(done.stdout) == {
        "method": "majority", "n_images": 1, "n_questions": 1, "n_votes": 2, "n_annotators": 2, "out": str(out), "warnings": []
    }  # fmt: skip
    assert out.read_text() == "image,label,score\na.jpg,cat,0.5\n"


def test_aggregate_refuses_what_is_no_vote(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("image,label\na,1\n")
    with pytest.raises(InvalidInput, match="it lacks annotator, vote; its columns are image, label"):
        CliRunner().invoke(app, ["aggregate", str(tmp_path / "votes.csv"), "--out", "x.parquet"], catch_exceptions=False)


def test_disagreements_say_what_experts_the_audit_and_the_reveal_say(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "audited", protocol=replace(BLIND, audit_share=1.0))
    assert read(study, "disagreements", "pilot")["experts"]["audit"] is None
    agree(study)
    for who in ("Eve", "Fay"):
        say(study, who, 0, 1)
    text = said(study, "disagreements", "pilot")
    assert "Two experts on 1 image before the reveal: 1.00 [0.21, 1.00] equal sets" in text
    assert "Audit: 1.00 [0.21, 1.00] of the agreed images were decided differently (1 of 1 drawn)." in text
    assert "After the reveal experts changed 0.00 [0.00, 0.66] of 2 answers." in text
    assert read(study, "disagreements", "pilot")["experts"]["agreement"]["n_audited"] == 1
    study.workspace.close()
