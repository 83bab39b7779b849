"""`classes` finds what is wrong with a class set, from label files and from a study."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.workflows.class_sets import class_set_of_files, class_set_of_study
from multilabelfy.workflows.report_material import Files
from multilabelfy.workflows.resolving import resolve


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    for who in ("Ada", "Ben"):
        answer(ready, who, 0, [0, 1])
        answer(ready, who, 1, [1])
    answer(ready, "Ada", 2, [2])
    answer(ready, "Ben", 2, [3])
    resolve(ready.workspace, "pilot", NOW)
    yield ready
    ready.workspace.close()


def test_a_study_tells_which_labels_annotators_mix_up(study: Study) -> None:
    report = class_set_of_study(study.workspace, "pilot", now=NOW)
    assert report.finding("mixed-up").title == "Most often Egyptian cat and lynx are mixed up, in 1 image"
    assert report.finding("without-images").title == "28 of 30 labels have no image"
    assert report.finding("twins").title == "No two labels always come together"


def test_the_command_writes_a_page_and_prints_its_findings(tmp_path: Path) -> None:
    labels, given = tmp_path / "labels.json", tmp_path / "given.json"
    labels.write_text(json.dumps({f"{i}.jpg": [0, 1] if i < 20 else [1] for i in range(80)}))
    given.write_text(json.dumps({f"{i}.jpg": 0 if i == 79 else 1 for i in range(80)}))
    arguments = ["classes", "--labels", str(labels), "--given", str(given), "--out", str(tmp_path / "out"), "--json"]
    printed = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert Path(printed["report"]).is_file()
    assert [(row["first"], row["second"]) for row in printed["findings"]["inside"]] == [("label 0", "label 1")]
    assert [row["images"] for row in printed["findings"]["mixed-up"]] == [1]


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["imagenetv2/refined_labels.json", "real/real.json"])
def test_the_known_twins_are_found(shared_data: Path, file: str) -> None:
    report = class_set_of_files(Files(shared_data / file), now=NOW)
    found = {
        frozenset((str(row["first"]).split(" (")[0], str(row["second"]).split(" (")[0]))
        for slug in ("twins", "inside")
        for row in report.finding(slug).table.records()
    }
    known = [("sunglass", "sunglasses"), ("maillot", "maillot"), ("projectile", "missile"), ("screen", "monitor"), ("laptop", "notebook")]
    assert [pair for pair in known if frozenset(pair) not in found] == []


@pytest.mark.real_data
def test_two_classes_of_one_name_are_told_apart(shared_data: Path) -> None:
    rows = class_set_of_files(Files(shared_data / "real" / "real.json"), now=NOW).finding("twins").table.records()
    [maillots] = [row for row in rows if str(row["first"]).startswith("maillot")]
    assert {maillots["first"], maillots["second"]} == {"maillot (n03710637)", "maillot (n03710721)"}
