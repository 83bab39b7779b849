"""The table of what each state of an image means: complete, and the only place that says it."""

import ast
from pathlib import Path

import pytest

import multilabelfy
from multilabelfy.dataset import image_states
from multilabelfy.dataset.image_states import ImageState, n_in

SOURCES = Path(multilabelfy.__file__).parent
COLUMNS = ("answerable", "settled", "movable", "decided", "reopenable", "resolved", "readable")
EXPECTED = {
    ImageState.UNPROPOSED: {"readable"},
    ImageState.OPEN: {"readable", "answerable", "movable"},
    ImageState.AGREED: {"readable", "answerable", "movable", "settled", "reopenable", "resolved"},
    ImageState.DISPUTED: {"readable", "answerable", "movable", "settled"},
    ImageState.REFINED: {"readable", "answerable", "settled", "decided", "reopenable", "resolved"},
    ImageState.CONTESTED: {"readable", "answerable", "settled", "decided", "reopenable"},
    ImageState.IMPORTED: {"readable", "resolved"},
    ImageState.UNREADABLE: set(),
}
STAGES = {ImageState.UNPROPOSED: "proposals", ImageState.OPEN: "annotators", ImageState.DISPUTED: "experts"}


@pytest.mark.parametrize("state", ImageState)
def test_every_state_means_what_it_should(state: ImageState) -> None:
    assert {column for column in COLUMNS if getattr(state.meaning, f"is_{column}")} == EXPECTED[state]
    assert state.meaning.waits_for.value == STAGES.get(state, "nobody")


@pytest.mark.parametrize("state", ImageState)
def test_every_state_has_its_own_words_and_a_next_step(state: ImageState) -> None:
    assert [other for other in ImageState if other.meaning.words == state.meaning.words] == [state]
    assert state.meaning.next_step.endswith(".")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_group_holds_the_states_of_its_column(column: str) -> None:
    assert set(getattr(image_states, column.upper())) == {state for state, columns in EXPECTED.items() if column in columns}


def test_whoever_waits_is_in_exactly_one_group() -> None:
    groups = (image_states.AWAITING_PROPOSALS, image_states.AWAITING_ANNOTATORS, image_states.AWAITING_EXPERTS)
    assert groups == ((ImageState.UNPROPOSED,), (ImageState.OPEN,), (ImageState.DISPUTED,))
    assert image_states.AWAITING_ANSWERS == (ImageState.UNPROPOSED, ImageState.OPEN)
    assert image_states.UNFINISHED == (ImageState.UNPROPOSED, ImageState.OPEN, ImageState.DISPUTED)


def test_what_an_answer_settles_anew_may_be_answered_and_was_not_decided() -> None:
    for state in ImageState:
        meaning = state.meaning
        assert not (meaning.is_movable and meaning.is_decided), state
        assert meaning.is_answerable or not (meaning.is_movable or meaning.is_settled), state


def test_images_are_counted_over_a_group() -> None:
    assert n_in({ImageState.OPEN: 3, ImageState.AGREED: 4}, image_states.MOVABLE) == 7


def test_no_other_file_gathers_states_by_hand() -> None:
    """A list of states elsewhere would be forgotten when a state is added: name the group in the table."""
    gathered = [
        f"{path.relative_to(SOURCES)}:{node.lineno}"
        for path in sorted(SOURCES.rglob("*.py"))
        if path.name != "image_states.py" and "ImageState." in (source := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and sum(_names_a_state(one) for one in node.elts) > 1
    ]
    assert not gathered


def test_no_template_compares_several_states() -> None:
    listed = [path.name for path in sorted(SOURCES.rglob("*.html")) if "state.value in (" in path.read_text("utf-8")]
    assert not listed


def _names_a_state(node: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "ImageState" for part in ast.walk(node)
    )
