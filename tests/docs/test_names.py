"""A name stands for one thing: no two public classes share one, and no variable is called by a word that says nothing of what it holds."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAY_NOTHING = ("said", "one", "there", "found", "handed")
BOUND = re.compile(rf"\b({'|'.join(SAY_NOTHING)})\b *(?:=|,|:|\)| in )")  # where a tree is worth a look
CLASS = re.compile(r"^class ([A-Z]\w*)", flags=re.M)


def sources(folder: str) -> Iterator[tuple[str, str]]:
    """Each file of a folder, and its text."""
    return ((str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in sorted((ROOT / folder).rglob("*.py")))


def names_in(node: ast.AST) -> list[str]:
    """What this node makes a variable or a parameter of. A field is neither: among counts, `found` says what it counts."""
    if isinstance(node, ast.arg):
        return [node.arg]
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.NamedExpr | ast.For | ast.comprehension):
        targets = [node.target]
    elif isinstance(node, ast.withitem) and node.optional_vars:
        targets = [node.optional_vars]
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def test_no_class_name_stands_for_two_things() -> None:
    places = defaultdict(list)
    for file, text in sources("src"):
        for name in CLASS.findall(text):
            places[name].append(file)
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


@pytest.mark.parametrize("folder", ["src", "bench", "scripts"])
def test_variables_and_parameters_say_what_they_hold(folder: str) -> None:
    trees = [(file, ast.parse(text)) for file, text in sources(folder) if BOUND.search(text)]
    named = [(file, name) for file, tree in trees for node in ast.walk(tree) for name in names_in(node) if name in SAY_NOTHING]
    assert named == []
