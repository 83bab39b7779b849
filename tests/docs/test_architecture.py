"""The page about the architecture is true: its picture is the contract of layers, its table has every room, its walks go down.

A walk is a nested list of files. A step at the margin is a command, a page or a script that a page loads. Any other step is imported by the
step that it is indented under; a template is named by it.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from multilabelfy.web.assets.script_bundles import bundles, imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "multilabelfy"
SCRIPTS = PACKAGE / "web" / "static" / "js"
PAGE = ROOT / "docs" / "architecture.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
WALKS = ("From `import` to proposals", "From a key press to its row", "From Resolve to the report")
STEP = re.compile(r"^( *)\d+\. `([^`]+)`: (.+)$")
PROJECT = ("src", "tests", "bench", "scripts", "docs", "deploy")
FILE = re.compile(r"\.(?:py|js|css|html|md|toml|po|mo|json)$")


@dataclass(frozen=True)
class Step:
    """A step of a walk: its file below the package, what happens there, and the step that it is indented under."""

    file: str
    words: str
    above: str | None


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def steps_of(walk: str) -> list[Step]:
    """The steps of a walk in order. Fails where a line of its list is not a step, or is indented deeper than one step."""
    section = page().split(f"\n### {walk}\n", 1)[1].split("\n#", 1)[0]
    steps: list[Step] = []
    way: list[str] = []
    for line in filter(None, section.splitlines()):
        match = STEP.match(line)
        assert match is not None, f"not a step: {line}"
        depth, rest = divmod(len(match[1]), 3)
        assert rest == 0, f"indented by a part of a step: {line}"
        assert depth <= len(way), f"indented too deep: {line}"
        way = [*way[:depth], match[2]]
        steps.append(Step(match[2], match[3], way[depth - 1] if depth else None))
    return steps


def imported_by(file: Path) -> set[str]:
    """The files below the package that a Python file or a script imports, also inside functions; imports for types alone do not count."""
    if file.suffix == ".js":
        name = file.relative_to(SCRIPTS).as_posix()
        return {f"web/static/js/{needed}" for _, needed in imports(name, file.read_text(encoding="utf-8"))}
    return {path for module in modules_of(file, for_types=False) if (path := _path_of(module)) is not None}


def modules_of(file: Path, *, for_types: bool) -> Iterator[str]:
    """The dotted names of everything that a Python file imports, with or without what it imports for types alone."""
    yield from _modules(ast.parse(file.read_text(encoding="utf-8")), for_types)


def _modules(tree: ast.AST, for_types: bool) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" and not for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        yield from _modules(node, for_types)


def _path_of(module: str) -> str | None:
    """The file below the package that holds a module; None for a package, a name inside a module, or somebody else's module."""
    name, _, rest = module.partition(".")
    path = PACKAGE / f"{rest.replace('.', '/')}.py"
    return path.relative_to(PACKAGE).as_posix() if name == "multilabelfy" and rest and path.is_file() else None


def leads_to(above: str, below: str) -> bool:
    """Whether a file imports another, or names it as its template."""
    if "/templates/" not in below:
        return below in imported_by(PACKAGE / above)
    return f'"{below.split("/templates/")[1]}"' in (PACKAGE / above).read_text(encoding="utf-8")


def is_entry(file: str) -> bool:
    """Whether a person or a browser comes in here: a command, a page with addresses of its own, or a script that a page loads."""
    text = (PACKAGE / file).read_text(encoding="utf-8")
    if file.endswith(".js"):
        return file.removeprefix("web/static/js/") in loaded_scripts()
    if file.startswith("cli/"):
        return file in imported_by(PACKAGE / "cli/listing.py")
    return file.startswith("web/") and "@router." in text


def loaded_scripts() -> set[str]:
    """The scripts that no other script imports, by their path below `js/`."""
    modules = {path.relative_to(SCRIPTS).as_posix(): path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js")}
    return set(bundles(modules))


def rooms() -> dict[str, tuple[str, list[str]]]:
    """The page's table: each room, what lives there, and the files to look at first."""
    section = page().split("\n## The rooms\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \| (.+) \|$", section, flags=re.MULTILINE)
    return {room: (words, re.findall(r"`([^`]+)`", files)) for room, words, files in rows}


def does_something(file: str) -> bool:
    """Whether a file has a class, or a function that is more than a call of another one with its own parameters; a script has any."""
    if not file.endswith(".py"):
        return True
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.ClassDef) or (isinstance(node, ast.FunctionDef) and not _only_forwards(node)) for node in tree.body)


def _only_forwards(function: ast.FunctionDef) -> bool:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if len(body) != 1 or not isinstance(body[0], ast.Return | ast.Expr) or not isinstance(body[0].value, ast.Call):
        return False
    call = body[0].value
    passed_on = [ast.unparse(value) for value in (*call.args, *(keyword.value for keyword in call.keywords))]
    return passed_on == [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]


def passed_on_by(file: str) -> set[str]:
    """The names that a Python file offers although another one defines them: those of `__all__` that it imports."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    offered = [node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    imported = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    return {name for value in offered for name in ast.literal_eval(value)} & imported


def folders() -> set[str]:
    """Every folder of the package that holds a file which is kept."""
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    parents = {parent for path in files for parent in path.relative_to(PACKAGE).parents}
    return {parent.as_posix() for parent in parents} - {"."}


def names_in(text: str) -> set[str]:
    """Everything in backticks, outside blocks of code."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)))


def is_path(name: str) -> bool:
    """Whether a name in backticks is a path: something with a slash or a file's ending, without blanks or placeholders."""
    return ("/" in name or FILE.search(name) is not None) and re.fullmatch(r"[\w./-]+", name) is not None


def is_code(name: str) -> bool:
    """Whether a name in backticks is the path of a file of this project, with a folder: not a file that a study has."""
    top = name.split("/")[0]
    return "/" in name and FILE.search(name) is not None and is_path(name) and ((PACKAGE / top).is_dir() or top in PROJECT)


def exists(name: str) -> bool:
    """Whether there is such a place, in the package or in the project; NAME and CODE stand for any name."""
    pattern = re.sub("NAME|CODE", "*", name)
    return any(any(base.glob(pattern)) for base in (PACKAGE, ROOT))


def layers() -> list[str]:
    """The layers that `make arrows` proves, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    [proven] = [contract["layers"] for contract in contracts if contract.get("containers") == ["multilabelfy"]]
    return list(proven)


def test_the_layers_are_drawn_as_make_arrows_proves_them() -> None:
    block = re.search(r"^```text\n(.*?)^```", page().split("\n## The layers\n")[1], re.MULTILINE | re.DOTALL)
    assert block is not None
    assert [line.split("  ")[0] for line in block[1].splitlines() if line.strip() != "↓"] == layers()


def test_every_folder_of_the_package_is_in_the_table_or_below_a_room_that_is() -> None:
    uncovered = {folder for folder in folders() if not any(folder == room or folder.startswith(f"{room}/") for room in rooms())}
    assert uncovered == set()


def test_every_room_of_the_table_exists_and_its_first_file_lies_in_it() -> None:
    assert len(rooms()) > 30
    for room, (words, files) in rooms().items():
        assert (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file(), room
        assert len(words) < 100, room
        assert files, room
        assert all((PACKAGE / file).is_file() and file.startswith((f"{room}/", f"{room}.py")) for file in files), room


def test_every_layer_has_its_row() -> None:
    assert {room for layer in layers() for room in layer.split(" | ")} <= rooms().keys()


def test_every_file_and_folder_that_a_page_names_exists() -> None:
    pages = [path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "decisions"]
    named = {(path.name, name) for path in pages for name in names_in(path.read_text(encoding="utf-8")) if is_code(name)}
    assert len(named) > 60
    assert {(path, name) for path, name in named if not exists(name)} == set()


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_comes_in_where_people_and_browsers_do(walk: str) -> None:
    entries = [step.file for step in steps_of(walk) if step.above is None]
    assert entries
    assert [file for file in entries if not is_entry(file)] == []


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_only_goes_down(walk: str) -> None:
    steps = [step for step in steps_of(walk) if step.above is not None]
    assert len(steps) > 5
    assert [f"{step.above} does not lead to {step.file}" for step in steps if not leads_to(step.above or "", step.file)] == []


@pytest.mark.parametrize("walk", WALKS)
def test_no_step_of_a_walk_only_forwards(walk: str) -> None:
    files = {step.file for step in steps_of(walk)}
    assert {file for file in files if not does_something(file)} == set()
    assert {file: names for file in files if file.endswith(".py") and (names := passed_on_by(file))} == {}


@pytest.mark.parametrize("walk", WALKS)
def test_each_step_of_a_walk_is_said_in_half_a_line(walk: str) -> None:
    assert [step.file for step in steps_of(walk) if len(step.words) > 90] == []


def test_every_place_that_contributing_names_exists() -> None:
    named = {name for name in names_in(CONTRIBUTING.read_text(encoding="utf-8")) if is_path(name)}
    assert len(named) > 30
    assert {name for name in named if not exists(name)} == set()


def test_every_name_that_contributing_gives_is_in_the_code() -> None:
    named = {name for name in names_in(CONTRIBUTING.read_text(encoding="utf-8")) if re.fullmatch(r"[A-Za-z_]{2,}", name)}
    files = (path for room in (PACKAGE, ROOT / "tests") for path in room.rglob("*") if path.suffix in {".py", ".html", ".js"})
    words = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert len(named) > 12
    assert named - words == set()


def test_contributing_is_read_in_ten_minutes() -> None:
    assert len(CONTRIBUTING.read_text(encoding="utf-8").split()) <= 900
