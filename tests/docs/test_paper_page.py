"""The page that redoes the paper is true: its commands run on the published files and print what it says."""

import re
from pathlib import Path

import pytest
from tests.docs.test_tutorial import environment, run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "paper.md"


def told() -> list[tuple[str, list[str]]]:
    """Each command with the lines that the page says it prints."""
    found = re.findall(r"^```sh\n(.*?)\n```\n\n```text\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [(command, lines.splitlines()) for command, lines in found]


@pytest.mark.real_data
@pytest.mark.long
@pytest.mark.parametrize(("command", "lines"), told(), ids=[command.split()[1] + command.split("--out ")[-1] for command, _ in told()])
def test_a_command_prints_what_the_page_says(command: str, lines: list[str], tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "data").symlink_to(shared_data)
    printed = run(command, tmp_path, environment())
    assert [line for line in lines if line not in printed] == []


@pytest.mark.real_data
def test_the_notebook_lines_run(tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(shared_data)
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"^```python\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    names: dict[str, object] = {}
    exec(code, names)
    assert "report" in names
