"""The page about reports is true: its notebook lines run, and what they leave shows in a cell."""

import re
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, ready_study

from multilabelfy.report.findings import Report
from multilabelfy.workflows.releasing.resolve import resolve

PAGE = Path(__file__).resolve().parents[2] / "docs" / "report.md"


def test_the_notebook_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = ready_study(tmp_path)
    for who in ("Ada", "Ben"):
        answer(study, who, 0, [0, 1])
    resolve(study.workspace, "pilot", NOW)
    study.workspace.close()
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"^```python\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    names: dict[str, object] = {}
    exec(code.replace('"demo-workspace"', '"workspace"').replace('"demo"', '"pilot"'), names)
    report = names["report"]
    assert isinstance(report, Report)
    assert code.endswith("# the last line of a cell: title, figure, definition and table")
    assert "<svg" in names["shown"](report.finding("several-labels"))._repr_html_()  # type: ignore[operator]
    for named in ("report.html", "report.json", "figures/several-labels.png", "tables/several-labels.tex"):
        assert (tmp_path / "report" / named).is_file()
    assert names["rows"] == report.finding("several-labels").table.records()
