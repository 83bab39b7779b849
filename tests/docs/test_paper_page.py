"""The page that redoes the paper is true: its commands run on the published files and print what it says."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.docs.test_tutorial import environment, run, undrawn

__all__ = ["undrawn"]
pytestmark = [pytest.mark.real_data, pytest.mark.long]
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


def test_the_notebook_lines_run(tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(shared_data)
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"^```python\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    names: dict[str, object] = {}
    exec(code, names)
    assert "report" in names
