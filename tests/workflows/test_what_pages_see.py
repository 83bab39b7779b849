"""What workflows give to pages and commands are types of the core or their own, never the store's.

The contract in pyproject.toml keeps `web` and `cli` from importing the store; this keeps its types from coming in by another name.
"""

import ast
import dataclasses
import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import multilabelfy
from multilabelfy.workflows.workspace import Workspace

ROOT = Path(multilabelfy.__file__).parent
OPENED_BY_WORKFLOWS_ALONE = {
    "multilabelfy.store.database.opening.store.Store",
    "multilabelfy.store.database.connection.Connection",
}
"""The workspace that pages pass on carries the open store, as a handle. A transaction is taken by what goes on in it: no page has one."""
WORKFLOWS, STORE = "multilabelfy.workflows", "multilabelfy.store"


def asked_by(folder: str) -> set[tuple[str, str]]:
    """What the modules of a folder import from workflows: (module, name)."""
    trees = (ast.walk(ast.parse(file.read_text(encoding="utf-8"))) for file in (ROOT / folder).rglob("*.py"))
    imports = (node for tree in trees for node in tree if isinstance(node, ast.ImportFrom) and node.module)
    return {(str(node.module), alias.name) for node in imports if str(node.module).startswith(WORKFLOWS) for alias in node.names}


def public(module: str, name: str) -> Iterator[object]:
    """A function or class that is imported, or those of a module that is imported whole."""
    imported = getattr(importlib.import_module(module), name, None) or importlib.import_module(f"{module}.{name}")
    if not inspect.ismodule(imported):
        yield imported
        return
    for each, value in vars(imported).items():
        if not each.startswith("_") and getattr(value, "__module__", None) == imported.__name__:
            yield value


def types_of(item: object) -> Iterator[type]:
    """The project's types in a function's annotations, and in the fields of those, at any depth."""
    hints = typing.get_type_hints(inspect.unwrap(item)).values() if inspect.isfunction(item) else [item]
    seen: set[object] = set()
    waiting = list(hints)
    while waiting:
        hint = waiting.pop()
        waiting += [part for argument in typing.get_args(hint) for part in (argument if isinstance(argument, list) else [argument])]
        found = typing.get_origin(hint) or hint
        if isinstance(found, type) and found.__module__.startswith("multilabelfy") and found not in seen:
            seen.add(found)
            yield found
            waiting += typing.get_type_hints(found).values() if dataclasses.is_dataclass(found) else []


@pytest.mark.parametrize("folder", ["web", "cli"])
def test_no_type_of_the_store_reaches_a_page_or_a_command(folder: str) -> None:
    asked = asked_by(folder)
    found = {
        (f"{kind.__module__}.{kind.__qualname__}", f"{module}.{name}")
        for module, name in asked
        for item in public(module, name)
        for kind in types_of(item)
        if kind.__module__.startswith(STORE)
    }
    assert len(asked) > 20
    assert {(kind, where) for kind, where in found if kind not in OPENED_BY_WORKFLOWS_ALONE} == set()


@pytest.mark.parametrize("folder", ["web", "cli"])
def test_no_page_and_no_command_opens_a_transaction(folder: str) -> None:
    for file in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "store"], file


def test_a_type_of_the_store_is_seen_in_a_field_of_what_is_passed() -> None:
    def shown(workspaces: dict[str, list[Workspace]]) -> None: ...

    assert "Store" in {kind.__name__ for kind in types_of(shown)}
