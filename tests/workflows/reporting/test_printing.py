"""A report prints to PDF through a browser, and says what to do where there is none."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.reporting.printing import find_browser, print_to_pdf


def page(folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text("<!doctype html><title>A</title><p>A report.")
    return path


@pytest.mark.browser
def test_a_page_becomes_a_pdf(tmp_path: Path) -> None:
    if find_browser() is None:
        pytest.skip("needs a Chromium: none was found")
    assert print_to_pdf(page(tmp_path), tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_browser_that_is_not_there_is_named_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="MULTILABELFY_CHROMIUM"):
        print_to_pdf(page(tmp_path), tmp_path / "report.pdf", browser=str(tmp_path / "no-browser"))


def test_a_browser_that_writes_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="it wrote no file"):
        print_to_pdf(page(tmp_path), tmp_path / "report.pdf", browser="true")


def test_a_browser_named_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTILABELFY_CHROMIUM", "/somewhere/chromium")
    assert find_browser() == "/somewhere/chromium"
