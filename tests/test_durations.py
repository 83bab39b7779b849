"""The longest tests begin first, and none becomes long without a reason."""

from types import SimpleNamespace
from typing import Any

import pytest
from tests import durations
from tests.durations import OF_ITSELF, WITH_FIXTURES, Recording, longest_first, merged


def item(name: str, *, long: bool = False) -> Any:
    return SimpleNamespace(nodeid=name, get_closest_marker=lambda _: long or None)


def test_what_takes_long_begins_first_with_what_shares_its_fixtures_and_the_rest_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "known", lambda: {"a.py::slow": 20.0, "b.py::half": 12.0, "b.py::other_half": 12.0, "c.py::quick": 1.0})
    monkeypatch.setattr(durations, "of_others", lambda: 0.1)
    names = ["z.py::new", "c.py::quick", "b.py::half", "a.py::slow", "y.py::new", "b.py::other_half"]
    items = [item(name) for name in names] + [item("x.py::new_and_long", long=True)]
    longest_first(items, lambda test: "b.py" if test.startswith("b.py") else test)
    begun = [each.nodeid for each in items]
    assert begun == [
        *["b.py::half", "b.py::other_half", "a.py::slow", "x.py::new_and_long"],  # 24 s, 20 s, and the least of a long one
        *["z.py::new", "c.py::quick", "y.py::new"],
    ]


def test_what_was_measured_replaces_what_was_known_of_the_same_files_and_files_that_went_lose_their_lines() -> None:
    before = {"others": 0.2, "tests": {"a.py::renamed": 9.0, "b.py::not_run": 5.0, "gone.py::x": 4.0}}
    after = merged(before, {"a.py::new_name": 8.04, "a.py::short": 0.1, "a.py::shorter": 0.05, "a.py::so_so": 0.3}, {"a.py", "b.py"})
    assert after == {"others": 0.1, "tests": {"a.py::new_name": 8.0, "b.py::not_run": 5.0}}


@pytest.mark.parametrize(("seconds", "marks", "is_refused"), [(3.1, (), True), (3.1, ("long",), False), (2.9, (), False)])
def test_a_test_over_three_seconds_is_refused_unless_it_says_why(
    seconds: float, marks: tuple[str, ...], is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_long: dict[str, float] = {}
    monkeypatch.setattr(durations, "_too_long", too_long)
    called: Any = SimpleNamespace(when="call", nodeid="a.py::x", keywords=dict.fromkeys(marks, 1), user_properties=[(OF_ITSELF, seconds)])
    Recording().pytest_runtest_logreport(called)
    assert ("a.py::x" in too_long) == is_refused


def test_a_test_counts_with_its_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: dict[str, float] = {}
    monkeypatch.setattr(durations, "_measured", measured)
    properties = [(OF_ITSELF, 1.0), (WITH_FIXTURES, 4.0)]
    ended: Any = SimpleNamespace(when="teardown", nodeid="a.py::x", keywords={}, user_properties=properties)
    Recording().pytest_runtest_logreport(ended)
    assert measured == {"a.py::x": 4.0}
