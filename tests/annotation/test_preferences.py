"""What a person sets for themselves: keys are letters of a closed set, each used once."""

import pytest

from multilabelfy.annotation.preferences import ACTIONS, Preferences, preferences
from multilabelfy.errors import InvalidInput


def test_an_action_keeps_its_usual_key_until_somebody_moves_it() -> None:
    own = preferences("", True, {"u": "X"})
    assert own.key("u") == "x"
    assert own.key("c") == "c"
    assert own.keys == {"u": "x"}


def test_the_usual_keys_are_not_written_down() -> None:
    assert preferences("de", False, {usual: usual for usual in ACTIONS}) == Preferences("de", False, {})


def test_two_actions_may_change_places() -> None:
    assert preferences("", True, {"u": "f", "f": "u"}).keys == {"u": "f", "f": "u"}


@pytest.mark.parametrize("key", ["", "xy", "1", "/", "é", "<"])
def test_a_key_is_one_letter(key: str) -> None:
    with pytest.raises(InvalidInput, match=r"cannot tell: .* is not one letter"):
        preferences("", True, {"u": key})


def test_a_key_that_would_mean_two_things_is_refused_with_both() -> None:
    with pytest.raises(InvalidInput, match="the key F would mean cannot tell and unfit picture"):
        preferences("", True, {"u": "f"})


def test_an_action_that_came_later_gives_way_to_a_choice_made_before() -> None:
    own = Preferences(keys={"u": "t"})
    assert own.key("u") == "t"
    assert own.key("t") not in {own.key(usual) for usual in ACTIONS if usual != "t"}


def test_a_look_that_there_is_not_is_the_system_s() -> None:
    assert [preferences("", True, {}, theme).theme for theme in ("light", "dark", "pink", "")] == ["light", "dark", "", ""]
