"""The demo for all tests that look at one: `commanded` is what the command made, anew where one broke off, and `demo` is what is there."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest
from tests import processes

if TYPE_CHECKING:  # every test loads this file, and few of them a demo
    from multilabelfy.demo.running import Demo

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
N_IMAGES = 60


@dataclass(frozen=True)
class Commanded:
    """The workspace of a demo, and what the command that made it printed."""

    folder: Path
    done: CompletedProcess[str]

    def path(self, name: str) -> Path:
        """Where the command says that this lies."""
        return Path(json.loads(self.done.stdout)[name])


@pytest.fixture(scope="session")
def commanded(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    from multilabelfy.demo.running import MARKER

    folder = tmp_path_factory.mktemp("commanded")
    (folder / MARKER).write_text('{"made_by": "multilabelfy demo", "is_complete": false}')
    (folder / "leftover").write_text("")
    return Commanded(folder, demo_in(folder, "--fresh"))


@pytest.fixture(scope="session")
def demo(commanded: Commanded) -> "Demo":
    from multilabelfy.demo.running import standing

    made = standing(commanded.folder)
    assert made is not None, commanded.done.stderr
    return made


def demo_in(folder: Path, *flags: str) -> CompletedProcess[str]:
    """Run `multilabelfy demo`, which serves nothing."""
    return processes.run("demo", "--no-serve", "--workspace", str(folder), "--images", str(N_IMAGES), *flags)
