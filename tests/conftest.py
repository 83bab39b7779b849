"""What all tests share: the real data beside the project, where it is there, and the databases to test on."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.databases import (
    database_url,
    disk_not_waited_for,
    migrations_run,
    postgres_server,
    postgres_tables,
    statements_compiled_once,
    store,
    tables_made_as_before,
    tables_url,
)
from tests.demos import commanded, demo
from tests.durations import Recording, longest_first
from tests.workers import FilesThatShare, shared_with

__all__ = [
    "commanded",
    "database_url",
    "demo",
    "disk_not_waited_for",
    "migrations_run",
    "postgres_server",
    "postgres_tables",
    "shared_data",
    "statements_compiled_once",
    "store",
    "tables_made_as_before",
    "tables_url",
]

# Set before xdist starts its workers, and theirs before tests start processes. What is compiled is kept, or each process would compile the
# product anew; and each process multiplies matrices on one core, since the others' threads only wait for a core, busily.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SHARED_DATA = Path(os.environ.get("MULTILABELFY_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))

settings.register_profile("suite", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)  # make test ARGS=--hypothesis-profile=thorough
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="play long tests in their long form")
    parser.addoption("--record-durations", action="store_true", help="write tests/durations.json, and refuse what is long without a reason")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("record_durations"):
        config.pluginmanager.register(Recording())


@pytest.fixture
def nightly(request: pytest.FixtureRequest) -> bool:
    """Whether long tests play their long form (`make nightly`)."""
    return bool(request.config.getoption("nightly"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photos, labels and predictions; a test that asks for it is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the real data: there is no folder {SHARED_DATA}; name one in MULTILABELFY_TEST_DATA")
    return SHARED_DATA


DRIVES_OTHER_PROCESSES = ("browser", "chaos")
"""The markers of tests whose processes may be late on a busy machine."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first; the others follow in their order.

    Where `CI` is set, a test that drives other processes is run once more if it fails, and the summary shows how: a race to be found.
    """
    unreasoned = [item.nodeid for item in items if (long := item.get_closest_marker("long")) and not long.args]
    if unreasoned:
        raise pytest.UsageError(f'say why these are long: pytest.mark.long("why"): {unreasoned}')
    longest_first(items, shared_with)
    for item in items if "CI" in os.environ else []:
        if any(item.get_closest_marker(name) for name in DRIVES_OTHER_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesThatShare:
    """How tests are shared out among workers."""
    return FilesThatShare(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_finish(session: pytest.Session) -> Iterator[None]:
    """Keep the garbage collector from going over all that was loaded, again and again."""
    yield
    gc.collect()
    gc.freeze()
