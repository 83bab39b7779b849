"""`report --only classes` finds what is wrong with a class set, from label files and from a study."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.report.findings import Report
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.class_evidence import Seen
from multilabelfy.workflows.reporting.class_set import class_set_of_files, class_set_of_study
from multilabelfy.workflows.reporting.gathering.file_material import Files


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
    mixed = report.finding("mixed-up")
    assert mixed.title == "1 pair of labels is mixed up, but not often"
    [row] = mixed.table.records()
    assert [row[name] for name in ("first", "second", "images", "either", "share")] == ["Egyptian cat", "lynx", 1, 1, 1.0]
    assert row["suggestion"] == "explain the difference"
    assert report.finding("without-images").title == "28 of 30 labels have no image"
    assert report.finding("twins").title == "No two labels nearly always come together"


def test_mixed_up_labels_are_shown_with_what_each_annotator_chose(study: Study) -> None:
    [group] = class_set_of_study(study.workspace, "pilot", now=NOW).finding("mixed-up").pictures
    assert group.heading == "Egyptian cat or lynx: 1 image"
    assert [(picture.image, picture.lines) for picture in group.shown] == [(study.images[2].path, ("chosen: Egyptian cat", "chosen: lynx"))]


def test_a_label_without_images_says_how_often_it_was_given_shown_and_ticked(study: Study) -> None:
    rows = {row["label"]: row for row in class_set_of_study(study.workspace, "pilot", now=NOW).finding("without-images").table.records()}
    lynx = rows["lynx"]  # given to image 3, which has no answers; shown beside images 0 to 2; ticked by Ben beside image 2
    assert [lynx[name] for name in ("shown", "ticked", "suggestion")] == [3, 1, "ticked, yet never final: look for its twin"]
    assert rows["dining table"]["suggestion"] == "nobody was shown it: propose more labels"


def test_a_missing_name_is_counted_without_regard_to_case_and_shown(study: Study) -> None:
    answer(study, "Ada", 3, [3], missing_label="Tabby kitten")
    answer(study, "Ben", 3, [3], missing_label="tabby kitten ")
    finding = class_set_of_study(study.workspace, "pilot", now=NOW).finding("missing-names")
    assert finding.table.rows == (("tabby kitten", 2),)
    [group] = finding.pictures
    assert [picture.image for picture in group.shown] == [study.images[3].path]


def test_an_image_that_must_not_be_shown_is_left_out(study: Study) -> None:
    [one, other] = [image.id for image in study.images[:2]]
    assert Seen({}, {}, withheld=frozenset({one})).to_show([one, other, other]) == [other]


def test_twins_are_shown_with_the_images_that_have_both(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=12)
    for image in range(12):
        for who in ("Ada", "Ben"):
            answer(study, who, image, [0, 1], added=[0, 1])
    resolve(study.workspace, "pilot", NOW)
    [group] = class_set_of_study(study.workspace, "pilot", now=NOW).finding("twins").pictures
    assert group.heading == "tabby and tiger cat: 12 images with both"
    assert [picture.image for picture in group.shown] == [image.path for image in study.images[:4]]
    study.workspace.close()


def test_the_command_writes_a_page_and_prints_its_findings(tmp_path: Path) -> None:
    labels, given = tmp_path / "labels.json", tmp_path / "given.json"
    labels.write_text(json.dumps({f"{i}.jpg": [0, 1] if i < 20 else [1] for i in range(80)}))
    given.write_text(json.dumps({f"{i}.jpg": 0 if i == 79 else 1 for i in range(80)}))
    arguments = ["report", "--only", "classes", "--labels", str(labels), "--given", str(given), "--out", str(tmp_path / "out"), "--json"]
    printed = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    assert Path(printed["report"]).is_file()
    assert [(row["first"], row["second"]) for row in printed["findings"]["inside"]] == [("label 0", "label 1")]
    assert [row["images"] for row in printed["findings"]["mixed-up"]] == [1]


@pytest.fixture(scope="module")
def told_of(shared_data: Path) -> Callable[[str], Report]:
    """`told_of("real/real.json")`: what is told of the class set of real labels, once for each file."""
    return cache(lambda file: class_set_of_files(Files(shared_data / file), now=NOW))


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["imagenetv2/refined_labels.json", "real/real.json"])
def test_the_known_twins_are_found(told_of: Callable[[str], Report], file: str) -> None:
    report = told_of(file)
    found = {
        frozenset((str(row["first"]).split(" (")[0], str(row["second"]).split(" (")[0]))
        for slug in ("twins", "inside")
        for row in report.finding(slug).table.records()
    }
    known = [("sunglass", "sunglasses"), ("maillot", "maillot"), ("projectile", "missile"), ("screen", "monitor"), ("laptop", "notebook")]
    assert [pair for pair in known if frozenset(pair) not in found] == []


@pytest.mark.real_data
def test_two_classes_of_one_name_are_told_apart(told_of: Callable[[str], Report]) -> None:
    rows = told_of("real/real.json").finding("twins").table.records()
    [maillots] = [row for row in rows if str(row["first"]).startswith("maillot")]
    assert {maillots["first"], maillots["second"]} == {"maillot (n03710637)", "maillot (n03710721)"}
