"""Where there is no room for a table that is being written, that is said, and nothing of it stays, whoever writes its bytes."""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.files.write_tables import ColumnType, write_table
from multilabelfy.formats.score_table import write_scores

N_ROWS = 60_000
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")


@pytest.fixture
def room() -> Iterator[None]:
    """No file becomes larger than 20 KB: the system refuses the rest, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("name", ["table.csv", "table.parquet"])
def test_a_table_without_room_is_refused_and_gone(tmp_path: Path, name: str) -> None:
    rows = ((f"{number * 7919**3}.jpg",) for number in range(N_ROWS))
    with pytest.raises(InvalidInput, match=rf"{name}: File too large"):
        write_table(tmp_path / name, {"image": ColumnType.TEXT}, rows)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("name", ["scores.csv", "scores.parquet"])
def test_scores_without_room_are_refused_and_gone(tmp_path: Path, name: str) -> None:
    images = [f"{number * 7919**3}.jpg" for number in range(N_ROWS)]
    with pytest.raises(InvalidInput, match=rf"{name}: File too large"):
        write_scores(tmp_path / name, images, ["cat"] * N_ROWS, np.linspace(0, 1, N_ROWS))
    assert list(tmp_path.iterdir()) == []
