"""The reference is complete: every command, error and setting has its line, and what it says is what the code does."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from multilabelfy.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
NAMING = {".py", ".js", ".html", ".service", ".yaml", ".timer"}


def reference_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_script", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setting_rows() -> dict[str, list[str]]:
    """The rows of the settings' table: name → its cells."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", (REFERENCE / "settings.md").read_text(), flags=re.M)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


@pytest.mark.parametrize("page", ["commands.md", "errors.md", "formats.md", "measures.md"])
def test_the_reference_is_what_the_code_says(page: str) -> None:
    assert (REFERENCE / page).read_text() == reference_script().PAGES[page](), "run `python scripts/reference.py`"


def test_every_setting_has_its_line() -> None:
    assert list(setting_rows()) == list(Settings.model_fields)


def test_every_setting_states_its_default_and_its_effect() -> None:
    for name, (default, effect, _) in setting_rows().items():
        field = Settings.model_fields[name]
        assert default.strip("`") == ("" if field.default is None else str(field.default)), name
        assert effect == field.description, name


def test_every_setting_names_a_test_that_is_there() -> None:
    for name, (_, _, test) in setting_rows().items():
        file, _, function = test.strip("`").partition("::")
        assert f"def {function}(" in (ROOT / file).read_text(), name


def test_every_link_between_the_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_anchor_that_a_link_names_is_a_heading() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = [(page, file, anchor) for page in pages for file, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text())]
    assert len(named) > 40
    broken = [
        f"{page.relative_to(ROOT)}: {file}#{anchor}"
        for page, file, anchor in named
        if anchor not in anchors(page.parent / file if file else page)
    ]
    assert broken == []


def test_every_page_that_code_names_is_there() -> None:
    files = [path for room in ("src", "bench", "scripts", "tests", "deploy") for path in (ROOT / room).rglob("*") if path.suffix in NAMING]
    named = {(path.name, name) for path in files for name in re.findall(r"\bdocs/[\w/-]+\.(?:md|svg|png)\b", path.read_text())}
    assert len(named) > 20
    assert {(file, name) for file, name in named if not (ROOT / name).exists()} == set()
