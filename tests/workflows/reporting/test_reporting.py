"""`report` tells what a study's release says, or what label files say, and leaves one page with its figures and tables."""

import errno
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from tests.answering import answer, person
from tests.studies import NOW, SOURCE, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.model import Relation, Role
from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput, UnknownRelease
from multilabelfy.formats.exported.data_card import TABLE
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Report
from multilabelfy.report.methods import FrozenPlan, plan_text
from multilabelfy.report.rendering import page
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.refining.desk import decide, next_work
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.file_material import Files
from multilabelfy.workflows.reporting.writing import report_of_files, report_of_published, report_of_study, write_report


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Images 0-3 agree on two, one, one and one label; 4 is empty by an expert's decision; 5 waits for its second answer."""
    study = ready_study(tmp_path_factory.mktemp("decided"))
    for who in ("Ada", "Ben"):
        answer(study, who, 0, [0, 1], relation=Relation.SEVERAL_OBJECTS)
        answer(study, who, 1, [1])
        answer(study, who, 2, [2])
        answer(study, who, 3, [4])  # the given label is 3
        answer(study, who, 4)
    answer(study, "Ada", 5, [5])
    expert = person(study, "Eve", Role.EXPERT)
    case = next_work(study.workspace, "pilot", expert, NOW).case
    assert case is not None
    decide(study.workspace, "pilot", expert, case.assignment, Decision("decision", frozenset(), reason=EmptyReason.UNUSABLE), NOW)
    resolve(study.workspace, "pilot", NOW)
    yield study
    study.workspace.close()


@pytest.fixture(scope="module")
def report(decided: Study) -> Report:
    """What is told of that release."""
    return report_of_study(decided.workspace, "pilot", now=NOW)


def test_a_report_needs_a_release_and_says_how_to_make_one(study: Study) -> None:
    with pytest.raises(UnknownRelease, match="Run `multilabelfy resolve pilot`"):
        report_of_study(study.workspace, "pilot", now=NOW)


def test_a_report_of_nothing_says_so(study: Study, tmp_path: Path) -> None:
    with study.workspace.store.writing() as c:
        releases.add(c, study.dataset.id, [], 6, NOW)
    with pytest.raises(InvalidInput, match="its newest release, number 1, holds no image"):
        report_of_study(study.workspace, "pilot", now=NOW)
    empty = tmp_path / "nothing.json"
    empty.write_text("{}")
    with pytest.raises(InvalidInput, match="there are no images in it"):
        report_of_files(Files(empty), now=NOW)


def test_a_report_tells_of_the_images_that_are_released(report: Report) -> None:
    counts = {row["labels"]: row["images"] for row in report.finding("several-labels").table.records()}
    assert counts == {0: 1, 1: 3, 2: 1}
    assert report.summary[0].startswith("The study is not finished: 1 of 6 images (16.7%) has no final labels yet")
    assert "20.0% of all 5 finished images" in report.finding("several-labels").definition
    assert "1 image had no final labels yet and is not part of it." in dict(report.methods)["Labels and release"]


def test_the_report_of_a_blind_study_says_whether_places_change_answers(report: Report) -> None:
    rows = report.finding("position").table.records()
    assert sum(int(row["answers"] or 0) for row in rows if str(row["where"]).startswith("place ")) > 0


def test_empty_images_stand_with_their_reason(report: Report) -> None:
    rows = report.finding("images-without-labels").table.records()
    assert [(row["reason"], row["images"]) for row in rows] == [("the image is unusable (blurred, tiny, edited)", 1)]


def test_the_proposer_is_measured(report: Report) -> None:
    row = report.finding("models").table.records()[0]
    assert (row["model"], row["top1"], row["real"]) == (SOURCE, 1.0, 3 / 4)  # it names the given label first; image 3's is not valid


def test_given_labels_are_held_against_the_final_ones(report: Report) -> None:
    rows = report.finding("given-against-final").table.records()
    assert [row["images"] for row in rows] == [2, 1, 1, 1]  # alone: 1 and 2, one of several: 0, replaced: 3, none: 4


def test_kinds_agreement_and_effort_are_told_without_names(report: Report) -> None:
    assert report.finding("kinds").table.records()[0]["images"] == 1
    assert report.finding("agreement").table.records()[0]["value"] == 1.0
    effort = {row["who"]: (row["answers"], row["mean_seconds"]) for row in report.finding("effort").table.records()}
    assert effort["annotator 1"] == (6, 4.0)
    written = page(report, {}) + json.dumps(asdict(report), default=str)  # figures draw what is in this
    assert not re.search(r"\b(Ada|Ben|Eve)\b", written)


def test_the_methods_tell_the_protocol_agreement_effort_and_plan(report: Report) -> None:
    methods = dict(report.methods)
    assert methods["Plan"] == "No analysis plan was frozen."
    assert "2 annotators answered under the protocol “paper”" in methods["2 Annotation"]
    assert "Their 11 answers took 1 minute, 4 seconds each on average." in methods["2 Annotation"]
    assert "Before refinement: the same set of labels 100.0%" in methods["3 Disagreement"]
    assert plan_text([FrozenPlan("ab12", NOW, 0), FrozenPlan("cd34", NOW, 7)]) == (
        f"The analysis plan was frozen on {NOW:%Y-%m-%d}, before the first answer; its SHA-256 is ab12. "
        f"Amendment 1 was frozen on {NOW:%Y-%m-%d}, after 7 answers; its SHA-256 is cd34."
    )


def test_the_headline_is_told_by_rule_and_as_released(report: Report) -> None:
    rows = report.finding("headline-by-rule").table.records()
    assert [(row["images"], row["share"]) for row in rows] == [(5, 1 / 5)] * 4


def test_the_given_label_is_followed_from_the_proposals_to_the_final_set(report: Report) -> None:
    rows = report.finding("given-on-the-way").table.records()
    assert [(row["images"], row["empty"]) for row in rows] == [(5, 1), (5, 1), (3, 0), (3, 0), (3, 0)]


def test_further_predictions_stand_beside_the_proposer(decided: Study, tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    rows = [f"{image.path},k{3:05},1" for image in decided.images]
    table.write_text("image,label,rank\n" + "\n".join(rows) + "\n")
    report = report_of_study(decided.workspace, "pilot", now=NOW, predictions=[table])
    assert {row["model"]: row["top1"] for row in report.finding("models").table.records()} == {SOURCE: 1.0, "other": 1 / 5}


def test_models_are_told_by_kind_and_by_how_labels_were_decided(report: Report) -> None:
    kinds = {row["kind"]: (row["images"], row["top1"], row["real"]) for row in report.finding("accuracy-by-kind").table.records()}
    assert kinds == {"one label": (3, 1.0, 2 / 3), "several objects": (1, 1.0, 1.0)}  # image 3's given label is not valid
    ways = {row["decided"]: (row["images"], row["top1"], row["real"]) for row in report.finding("accuracy-by-decision").table.records()}
    assert ways == {"by annotators who agreed": (4, 1.0, 3 / 4), "by an expert": (1, 1.0, None)}


def predicted(study: Study, folder: Path, **first: int) -> Path:
    """Models that name one label for every image."""
    rows = [f"{model},{image.path},k{label:05},1" for model, label in first.items() for image in study.images]
    table = folder / "others.csv"
    table.write_text("model,image,label,rank\n" + "\n".join(rows) + "\n")
    return table


def test_the_proposer_and_the_models_under_test_are_told(decided: Study, tmp_path: Path) -> None:
    table = predicted(decided, tmp_path, other=1, distant=29)
    finding = report_of_study(decided.workspace, "pilot", now=NOW, predictions=[table]).finding("proposer-and-models")
    rows = {row["model"]: row for row in finding.table.records()}
    # five images: 0 {0, 1}, 1 {1}, 2 {2}, 3 {4}, 4 {}; image i's annotators saw the labels i … i+4
    assert {model: row["unjudged"] for model, row in rows.items()} == {SOURCE: 0.0, "other": 3 / 5, "distant": 1.0}
    assert [rows["other"][name] for name in ("real", "real_if_valid")] == [2 / 4, 1.0]  # right at 0 and 1, unjudged at 2 and 3
    assert [rows[SOURCE][name] for name in ("proposes", "rank", "own_labels")] == ["yes", 1, 2]  # 1 at image 0, and 4 at image 3
    # without these two: 0 {0}, 1 {1}, 2 {2}, and 3 falls out: the proposer is right at all three
    assert rows[SOURCE]["rank_without_own"] == 1
    assert finding.title.startswith("Nobody judged 0.0% to 100.0% of the models’ first labels; ")


def test_what_people_found_by_search_tells_what_the_candidates_missed(study: Study) -> None:
    for image, by_ada, by_ben in ((0, [20, 21], [20]), (1, [22], []), (2, [], [])):
        answer(study, "Ada", image, [image], added=by_ada)
        answer(study, "Ben", image, [image], added=by_ben)
    resolve(study.workspace, "pilot", NOW)
    report = report_of_study(study.workspace, "pilot", now=NOW)
    assert "no label was found" not in report.finding("headline-by-rule").definition
    definition = report.finding("headline-by-rule").definition
    assert "possibly no more were found by neither" in definition
    assert "Chao’s lower bound is 0.25, 95% interval 0 to" in definition  # 2 × 1 / (4 × 2)
    rows = report.finding("beyond-the-candidates").table.records()
    assert [row["labels"] for row in rows] == [1, 2, 0.25]


def test_labels_that_nobody_was_shown_do_not_count_in_agreement(study: Study) -> None:
    for who in ("Ada", "Ben"):
        answer(study, who, 0, [0], added=[20])  # five are shown; both find a sixth
    resolve(study.workspace, "pilot", NOW)
    assert "; 5 questions answered by at least two" in report_of_study(study.workspace, "pilot", now=NOW).finding("agreement").subtitle


def test_without_a_search_nothing_is_said_of_what_the_candidates_missed(report: Report) -> None:
    assert "search was used in 0 of 10 answers and found no label" in report.finding("headline-by-rule").definition
    assert "beyond-the-candidates" not in [finding.slug for finding in report.findings]


def test_the_command_writes_the_page_without_names_and_its_data_cards_and_prints_where(decided: Study, tmp_path: Path) -> None:
    arguments = ["report", "pilot", "--out", str(tmp_path / "out"), "--workspace", str(decided.workspace.folder), "--json"]
    printed = json.loads(CliRunner().invoke(app, arguments, catch_exceptions=False).stdout)
    html = Path(printed["report"]).read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert not re.search(r"\b(Ada|Ben|Eve)\b", html)
    cards = {"croissant": "croissant.json", "dataset-card": "dataset-card.md", "table": TABLE}
    assert printed["cards"] == {card: str(tmp_path / "out" / file) for card, file in cards.items()}
    assert all(Path(path).is_file() for path in printed["cards"].values())


def test_wrong_given_labels_are_listed_with_how_sure_that_is(decided: Study, report: Report) -> None:
    rows = report.finding("label-errors").table.records()
    assert [(row["image"], row["given"], row["final"], row["sure"]) for row in rows] == [
        (decided.images[3].path, "“lynx”", "“remote control”", 1.0)
    ]


def label_files(folder: Path) -> dict[str, Path]:
    labels, given, predictions = folder / "labels.json", folder / "given.json", folder / "m.npy"
    labels.write_text(json.dumps({"a.jpg": [0], "b.jpg": [1, 2], "c.jpg": []}))
    given.write_text(json.dumps({"a.jpg": 0, "b.jpg": 3, "c.jpg": 4}))
    np.save(predictions, np.array([0, 2, 4]))
    return {"labels": labels, "given": given, "predictions": predictions}


def of_files(folder: Path) -> Report:
    files = label_files(folder)
    return report_of_files(Files(files["labels"], (files["predictions"],), files["given"], subject="Toys"), now=NOW)


def test_label_files_alone_make_a_report(tmp_path: Path) -> None:
    report = report_of_files(Files(label_files(tmp_path)["labels"]), now=NOW)
    assert [finding.slug for finding in report.findings] == ["several-labels", "images-without-labels"]
    assert "33.3% of all 3" in report.summary[0]


def test_files_with_given_labels_and_predictions_tell_more(tmp_path: Path) -> None:
    report = of_files(tmp_path)
    assert report.finding("models").table.records()[0]["real"] == 1.0
    assert report.finding("replacements").table.records() == [
        {"given": "label 3", "instead": "label 1", "images": 1},
        {"given": "label 3", "instead": "label 2", "images": 1},
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a report of all files."""
    folder = tmp_path_factory.mktemp("written")
    return write_report(of_files(folder), folder / "out")


def test_a_report_leaves_a_page_figures_tables_and_its_findings_as_data(written: Path) -> None:
    out = written.parent
    assert written == out / "report.html"
    assert written.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {path.name for path in (out / "figures").iterdir()} >= {f"several-labels.{ending}" for ending in ("svg", "png", "json")}
    assert {path.name for path in (out / "tables").iterdir()} >= {f"several-labels.{ending}" for ending in ("csv", "tex")}
    findings = json.loads((out / "report.json").read_text(encoding="utf-8"))["findings"]
    assert findings[0]["slug"] == "several-labels"


def test_an_earlier_report_is_replaced_and_other_files_stay(written: Path, tmp_path: Path) -> None:
    out = shutil.copytree(written.parent, tmp_path / "out")
    assert (out / "figures" / "models.png").exists()
    (out / "figures" / "mine.png").write_bytes(b"mine")
    write_report(report_of_files(Files(label_files(tmp_path)["labels"]), now=NOW), out)
    assert (out / "figures" / "mine.png").exists()
    assert not (out / "figures" / "models.png").exists()
    assert not (out / "tables" / "models.csv").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="Cannot write the report"):
        write_report(of_files(tmp_path), tmp_path / "file")


def test_a_dataset_or_label_files_are_wanted() -> None:
    done = CliRunner().invoke(app, ["report"])
    assert done.exit_code == 2
    assert "name one source" in done.output


@pytest.mark.real_data
def test_the_images_of_imagenet_by_number_of_labels(shared_data: Path) -> None:
    report = report_of_files(Files(shared_data / "real" / "real.json", subject="ImageNet"), now=NOW)
    images = [row["images"] for row in report.finding("several-labels").table.records()]
    assert images == [3163, 39394, 5408, 1319, 411, 161, 88, 41, 13, 2]
    assert "14.89% of all 50,000" in report.summary[0]
    assert "15.89% of the 46,837" in report.summary[0]


@pytest.mark.real_data
def test_timms_tables_are_joined_and_their_outliers_named(shared_data: Path) -> None:
    tables = [shared_data / "timm" / f"results-imagenet{which}.csv" for which in ("", "-real")]
    report = report_of_published(tables[0], tables[1], now=NOW)
    finding = report.finding("published")
    assert finding.subtitle.startswith("1,556 models in both tables")
    assert "is worth 1.03 points of imagenet-real at 60% and 0.54 at 90%" in finding.title.replace("results-", "")
    assert "mixer_l16_224.goog_in21k_ft_in1k" in finding.marked
    best = max(finding.table.records(), key=lambda row: float(row["real"] or 0))
    assert best["model"] == "eva02_large_patch14_448.mim_m38m_ft_in22k_in1k"


@pytest.mark.parametrize("n_written", [0, 3, 11])
def test_on_a_full_disk_the_earlier_report_stays_whole_and_that_is_said(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_written: int
) -> None:
    write_report(report, tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    n_calls, once = iter(range(1000)), Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if next(n_calls) >= n_written:
            raise OSError(errno.ENOSPC, "No space left on device")
        return once(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InvalidInput, match="No space left on device"):
        write_report(report, tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
