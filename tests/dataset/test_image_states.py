"""The table of what each state of an image means: it hangs together, no state is a dead end, and nothing else says what a state means.

Each cell follows from others by a law, so that no second table repeats them here.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import multilabelfy
from multilabelfy.dataset import image_states
from multilabelfy.dataset.image_states import FinalBy, ImageState, StateMeaning, WaitsFor, n_in

SOURCES, TESTS = Path(multilabelfy.__file__).parent, Path(__file__).parents[1]
WAITING = (image_states.AWAITING_PROPOSALS, image_states.AWAITING_ANNOTATORS, image_states.AWAITING_EXPERTS)
LAWS: dict[str, Callable[[StateMeaning], bool]] = {
    "it is in the study if somebody has to act, or people or an import said what it shows": lambda of: (
        of.is_in_study == (of.waits_for is not WaitsFor.NOBODY or of.is_resolved or of.is_decided)
    ),
    "what is in the study can be shown": lambda of: of.is_shown or not of.is_in_study,
    "nothing in the study ends without final labels: somebody has to act, or an owner may send it to an expert again": lambda of: (
        not of.is_in_study or of.is_resolved or of.waits_for is not WaitsFor.NOBODY or of.is_reopenable
    ),
    "no more is wanted of what has final labels": lambda of: not of.is_resolved or of.waits_for is WaitsFor.NOBODY,
    "annotators get what has proposals and came without final labels": lambda of: (
        of.is_answerable == (of.is_in_study and of.waits_for is not WaitsFor.PROPOSALS and of.final_by is not FinalBy.IMPORT)
    ),
    "it has all its answers unless it waits for them": lambda of: (
        of.is_settled == (of.is_answerable and of.waits_for is not WaitsFor.ANNOTATORS)
    ),
    "an answer moves it until experts have decided": lambda of: of.is_movable == (of.is_answerable and not of.is_decided),
    "experts have decided what waits for nobody and is not the annotators'": lambda of: (
        of.is_decided == (of.is_answerable and of.waits_for is WaitsFor.NOBODY and of.final_by is not FinalBy.ANNOTATORS)
    ),
    "it can be sent to an expert again once nobody has it": lambda of: (
        of.is_reopenable == (of.is_settled and of.waits_for is WaitsFor.NOBODY)
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_the_cells_of_every_state_hang_together(law: str) -> None:
    assert [state for state in ImageState if not LAWS[law](state.meaning)] == []


@pytest.mark.parametrize("state", ImageState)
def test_every_state_has_its_own_words_and_a_next_step(state: ImageState) -> None:
    assert [other for other in ImageState if other.meaning.words == state.meaning.words] == [state]
    assert state.meaning.next_step.endswith(".")


def test_every_image_waits_for_somebody_or_has_final_labels_or_experts_differ_or_it_is_none_of_the_study() -> None:
    parts = (*WAITING, image_states.RESOLVED, image_states.CONTESTED, image_states.OUT_OF_STUDY)
    assert sorted(state for part in parts for state in part) == sorted(ImageState)
    assert all(parts)
    assert (*image_states.AWAITING_ANSWERS, *image_states.AWAITING_EXPERTS) == image_states.UNFINISHED


def test_whoever_makes_labels_final_has_states_of_their_own() -> None:
    finals = (image_states.FINAL_BY_ANNOTATORS, image_states.FINAL_BY_EXPERTS, image_states.FINAL_BY_IMPORT)
    assert sorted(state for part in finals for state in part) == sorted(image_states.RESOLVED)
    assert set(image_states.FINAL_BY_EXPERTS) == set(image_states.DECIDED) & set(image_states.RESOLVED)
    assert all(finals)


def test_images_are_counted_over_a_group() -> None:
    counts = {state: 10**place for place, state in enumerate(ImageState)}
    assert n_in(counts, image_states.IN_STUDY) + n_in(counts, image_states.OUT_OF_STUDY) == sum(counts.values())
    assert n_in({ImageState.OPEN: 3}, image_states.MOVABLE) == 3


def test_no_other_module_asks_about_a_state_by_name() -> None:
    """Whoever asks names a group of the table: a comparison, a look-up or a list elsewhere would be forgotten when a state is added."""
    asked = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path in sorted(SOURCES.rglob("*.py"))
        if path.name != "image_states.py" and "ImageState." in (source := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.expr) and _asks(node)
    ]
    assert not asked


def test_no_test_gathers_states_by_hand() -> None:
    """A set of states, or a table or cases by state, would be a second list; what a story counts or expects of its images is none."""
    gathered = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in sorted(TESTS.rglob("*.py"))
        if "ImageState." in (source := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.expr)
        for listed in _gathered(node)
        if len(set(listed)) > 1
    ]
    assert not gathered


def test_no_template_style_or_statement_names_a_state() -> None:
    values = "|".join(ImageState)
    named = {
        "*.html": r"\.state\.value *(==|!=|in\b|not in\b)",
        "*.css": rf"\[data-state=[\"']?({values})\b",
        "*.py": rf"state *(=|IN) *\(?'({values})'",
    }
    found = [
        f"{path.relative_to(SOURCES)}: {line.strip()}"
        for kind, pattern in named.items()
        for path in sorted(SOURCES.rglob(kind))
        if "migrations" not in path.parts
        for line in path.read_text("utf-8").splitlines()
        if re.search(pattern, line)
    ]
    assert not found


def test_a_link_to_images_in_one_state_shows_the_whole_group_that_it_counts() -> None:
    alone = {group[0] for group in (*WAITING, image_states.CONTESTED, image_states.UNREADABLE) if len(group) == 1}
    links = {link for path in SOURCES.rglob("*.html") for link in re.findall(r"/images\?state=(\w+)", path.read_text("utf-8"))}
    assert links
    assert links <= alone


def _asks(node: ast.expr) -> bool:
    match node:
        case ast.Compare():
            return any(map(_states, (node.left, *node.comparators)))
        case ast.Subscript():
            return bool(_states(node.slice))
        case ast.Call(func=ast.Attribute(attr="get")):
            return any(map(_states, node.args))
        case ast.Tuple() | ast.List() | ast.Set():
            return sum(map(bool, map(_states, node.elts))) > 1
        case _:
            return False


def _gathered(node: ast.expr) -> Iterator[list[str]]:
    match node:
        case ast.Set():
            yield [state for one in node.elts for state in _states(one)]
        case ast.Dict() if not all(isinstance(value, ast.Constant) for value in node.values):
            yield [state for key in node.keys if key is not None for state in _states(key)]
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            yield [state for one in node.comparators for state in _states(one)]
        case ast.Call(func=ast.Attribute(attr="parametrize")):
            yield [state for one in node.args for state in _states(one)]
        case _:
            pass


def _states(node: ast.AST) -> list[str]:
    """The states that are named below a node."""
    return [
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "ImageState"
    ]
