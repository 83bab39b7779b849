"""The page that redoes the paper is true: its commands run on the published files and print what it says."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.docs.test_tutorial import environment, run, undrawn

from multilabelfy.report.findings import Report

__all__ = ["undrawn"]
pytestmark = [pytest.mark.real_data, pytest.mark.long("the paper's whole tables are evaluated")]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "paper.md"


def told() -> list[tuple[str, list[str]]]:
    """Each command with the lines that the page says it prints."""
    found = re.findall(r"^```sh\n(.*?)\n```\n\n```text\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [(command, lines.splitlines()) for command, lines in found]


@dataclass
class Redone:
    """The folder in which the page's commands run, and what each that has run has printed."""

    folder: Path
    printed: dict[str, str] = field(default_factory=dict)

    def by(self, command: str) -> str:
        """What a command prints; it runs once."""
        if command not in self.printed:
            self.printed[command] = run(command, self.folder, environment())
        return self.printed[command]

    def finding(self, slug: str) -> dict[str, Any]:
        """A finding of the report that the page's first command writes."""
        self.by(told()[0][0])
        findings = json.loads((self.folder / "imagenetv2" / "report.json").read_text(encoding="utf-8"))["findings"]
        return next(finding for finding in findings if finding["slug"] == slug)


@pytest.fixture(scope="module")
def redone(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, undrawn: None) -> Redone:
    """Nothing is drawn."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "data").symlink_to(shared_data)
    return Redone(folder)


@pytest.mark.parametrize(("command", "lines"), told(), ids=[command.split()[1] + command.split("--out ")[-1] for command, _ in told()])
def test_a_command_prints_what_the_page_says(command: str, lines: list[str], redone: Redone) -> None:
    printed = redone.by(command)
    assert [line for line in lines if line not in printed] == []


def test_the_drop_under_every_defensible_choice(redone: Redone) -> None:
    curve = redone.finding("specification-curve")
    assert curve["title"] == "16–47% of the drop to ImageNetV2 disappears, depending on the choice; 39.8% as printed"
    rows = [row for row in records(curve) if row["measure"] == "share of the drop that disappears" and row["changed"] != 2]
    found = {row["images"] if row["labels"] == "labels as released" else row["labels"]: round(row["value"], 1) for row in rows}
    assert found == {
        "top-1 of all images, ReaL of those with a label": 39.8,
        "both of images with a label": 47.3,
        "an empty set counts as right": 31.9,
        "ImageNet’s labels: more than half say yes": 16.3,
        "ImageNet’s labels: at least two say yes": 35.2,
        "ImageNet’s labels: anybody says yes": 34.8,
        "ImageNet’s labels: score above 0.5": 37.6,
        "ImageNet’s labels: score above 0.9": 38.5,
    }
    gain = next(row for row in records(curve) if row["unit"] == "points" and not row["changed"])
    assert gain["value"] == pytest.approx(10.6, abs=0.05)


def test_two_fifths_of_the_drop_to_imagenetv2_go_away(redone: Redone) -> None:
    drop = redone.finding("drop")
    assert drop["title"] == "40% of the drop to ImageNetV2 disappears when any valid label counts"
    assert drop["subtitle"] == "Mean of 49 models: −12.0 points in top-1, −7.2 points in ReaL"
    assert "39.8%" in drop["definition"]
    assert redone.finding("drop-by-model")["title"] == "47 of 49 models reliably drop less in ReaL than in top-1"


def records(finding: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of its table by the names of its columns."""
    names = [column["name"] for column in finding["table"]["columns"]]
    return [dict(zip(names, row, strict=True)) for row in finding["table"]["rows"]]


@pytest.fixture(scope="module")
def imagenetv2(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report that the page's notebook lines make."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "data").symlink_to(shared_data)
    [code] = re.findall(r"^```python\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(code, names)
    assert isinstance(names["report"], Report)
    return names["report"]


def test_the_notebook_lines_run(imagenetv2: Report) -> None:
    assert imagenetv2.finding("accuracy-by-number-of-labels").table.rows


def test_the_headline_of_imagenetv2_is_the_papers(imagenetv2: Report) -> None:
    assert imagenetv2.finding("several-labels").title == "47.88% of ImageNetV2’s images have several valid labels"
    assert "48.51% of the 9,871 with any label" in imagenetv2.summary[0]
    assert "1.908 labels per image" in imagenetv2.summary[0]


def test_the_images_of_imagenetv2_by_number_of_labels(imagenetv2: Report) -> None:
    images = [row["images"] for row in imagenetv2.finding("several-labels").table.records()]
    assert images == [129, 5083, 2385, 1306, 628, 237, 127, 48, 23, 18, 13, 1, 2]


def test_given_labels_of_imagenetv2_that_are_valid(imagenetv2: Report) -> None:
    definition = imagenetv2.finding("given-against-final").definition
    assert "87.97% of all" in definition
    assert "89.12% of those with at least one final label" in definition


def test_the_line_of_49_models_is_the_papers(imagenetv2: Report) -> None:
    definition = imagenetv2.finding("real-against-top1").definition
    assert "slope 1.1455" in definition
    assert "intercept 0.0224, R² 0.9990" in definition
    assert "A quadratic has R² 0.9994" in definition


def test_where_models_and_people_disagree_labels_were_rejected_and_ties_are_named(imagenetv2: Report) -> None:
    assert "On 129 of the 1,074, most models name the rejected label first" in imagenetv2.finding("label-errors").definition
    assert imagenetv2.finding("winners").title.endswith("“notebook” for “laptop” and “canoe” for “paddle” (10 images each)")
    by_class = imagenetv2.finding("errors-by-class").title
    assert by_class == "28 given labels are reliably rejected more often than the mean of 12%, first “tiger cat”, 28–69%"


def test_three_of_49_models_leave_the_trend_by_more_than_sampling(imagenetv2: Report) -> None:
    finding = imagenetv2.finding("real-against-top1")
    assert finding.title.endswith("; no model stands out from the scatter, sampling does not explain 3 of 49")
    assert set(finding.marked) == {"alexnet", "resnet_v2_50_tf", "resnet_v2_101_tf"}


def test_the_gain_of_49_models_is_over_the_same_images(imagenetv2: Report) -> None:
    finding = imagenetv2.finding("models")
    assert finding.title == "The 49 models gain 10.6 points on average when any valid label counts"
    assert "10,000 images, ReaL over 9,871 with a label, variable top-k and ASMA over 9,639" in finding.subtitle


def test_top1_misses_that_are_valid_labels(imagenetv2: Report) -> None:
    assert imagenetv2.finding("misses").title == "31.8% of the top-1 misses are valid labels"


def test_models_agree_with_the_given_label_of_images_without_labels(imagenetv2: Report) -> None:
    row = imagenetv2.finding("accuracy-by-number-of-labels").table.records()[0]
    assert row["labels"] == 0
    assert row["top1"] == pytest.approx(0.250, abs=5e-4)
