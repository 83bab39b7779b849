"""How long tests take, for two purposes: the longest begin first, so that no core waits at the end, and none becomes long unnoticed.

Counted are seconds of processor time, of the worker and of every process below it: other programs on the machine hardly change them.
`make durations` writes them into `durations.json`; there, and nowhere else, a test is refused that takes more than `LONGEST` seconds itself
and is not marked `long`, with the reason. So no test ever fails because a machine was busy.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pytest

FILE = Path(__file__).with_suffix(".json")
LONGEST = 3.0
"""Seconds that a test may take without a reason, the making of its fixtures apart."""
WORTH_A_LINE = 0.5
"""A test that takes less counts as the median of these."""
OF_ITSELF, WITH_FIXTURES = "seconds of the test itself", "seconds with its fixtures"
_measured: dict[str, float] = {}
_too_long: dict[str, float] = {}


@cache
def known() -> dict[str, float]:
    """The seconds of each test that is worth a line."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))["tests"])


@cache
def of_others() -> float:
    """The seconds that a test is taken for that has no line, a new one too."""
    return float(json.loads(FILE.read_text(encoding="utf-8"))["others"])


def expected(test: str) -> float:
    """The seconds that this test will take."""
    return known().get(test, of_others())


def merged(before: dict[str, Any], measured: dict[str, float], files: set[str]) -> dict[str, Any]:
    """What the file shall hold: of the tests that ran what was measured, of those in other `files` what was known."""
    ran = {test.split("::")[0] for test in measured}
    short = [seconds for seconds in measured.values() if seconds < WORTH_A_LINE]
    kept = {test: seconds for test, seconds in before["tests"].items() if test.split("::")[0] in files - ran}
    long = {test: round(seconds, 1) for test, seconds in measured.items() if seconds >= WORTH_A_LINE}
    return {"others": round(median(short), 3) if short else before["others"], "tests": dict(sorted((kept | long).items()))}


def longest_first(items: list[pytest.Item], shared: Callable[[str], str]) -> None:
    """Sort tests so that what takes long begins early, those together that share something; the short ones stay as they are."""
    seconds: dict[str, float] = {}
    for item in items:
        marked = LONGEST if item.get_closest_marker("long") else 0.0
        seconds[shared(item.nodeid)] = seconds.get(shared(item.nodeid), 0.0) + max(expected(item.nodeid), marked)
    places = {name: place for place, name in enumerate(sorted(seconds, key=seconds.__getitem__, reverse=True)) if seconds[name] >= LONGEST}
    items.sort(key=lambda item: places.get(shared(item.nodeid), len(seconds)))


def processor_seconds() -> float:
    """What this process and all below it have used, those that ended included."""
    total = 0.0
    for process in [own := psutil.Process(), *own.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:  # its parent has its time
            continue
    return total


class Recording:
    """A plugin of every worker and of the process that hears of their tests; the latter writes the file."""

    def __init__(self) -> None:
        self._begun = self._called = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        self._begun = processor_seconds()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        self._called = processor_seconds()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Iterator[None]:
        report: Any = yield
        if call.when == "call":
            report.user_properties.append((OF_ITSELF, processor_seconds() - self._called))
        if call.when == "teardown":
            report.user_properties.append((WITH_FIXTURES, processor_seconds() - self._begun))
        return report  # type: ignore[no-any-return]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = dict(report.user_properties)
        if report.when == "call" and float(str(told[OF_ITSELF])) > LONGEST and "long" not in report.keywords:
            _too_long[report.nodeid] = float(str(told[OF_ITSELF]))
        if report.when == "teardown":
            _measured[report.nodeid] = float(str(told[WITH_FIXTURES]))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        files = {path.relative_to(session.config.rootpath).as_posix() for path in FILE.parent.rglob("test_*.py")}
        written = merged(json.loads(FILE.read_text(encoding="utf-8")), _measured, files)
        FILE.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        if _too_long:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for test, seconds in sorted(_too_long.items(), key=lambda each: -each[1]):
            terminalreporter.write_line(f'{test} takes {seconds:.1f} s: make it faster, or mark it long("why")', red=True)
