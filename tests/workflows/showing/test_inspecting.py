"""Many pictures are looked at on several threads, in an order that reads each part of a table once."""

from pathlib import Path

import pytest
from tests.packed import drawn, put_parquet
from tests.workflows.proposing.studies_for_proposing import settings

from multilabelfy.pictures.shards import parquet_shard
from multilabelfy.pictures.shards.kept import Kept
from multilabelfy.workflows.showing.inspecting import root_of, unreadable_pictures

N_GROUPS, N_ROWS = 60, 40


@pytest.mark.parametrize("n_threads", [1, 16])
def test_however_many_threads_look_the_row_groups_of_a_table_are_read_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_threads: int
) -> None:
    """What is kept holds 10 of 60 row groups: those of the 256 pictures that are looked at together, and a few behind them."""
    table = put_parquet(tmp_path / "a.parquet", [(None, drawn())] * (N_GROUPS * N_ROWS), rows_at_once=N_ROWS)
    read, whole = [], parquet_shard._group
    monkeypatch.setattr(parquet_shard, "_group", lambda *about: read.append(about) or whole(*about))  # type: ignore[func-returns-value]
    monkeypatch.setattr(parquet_shard, "_GROUPS", Kept(10, lambda _: 1))
    paths = [f"{row:08}" for row in range(N_GROUPS * N_ROWS)]

    of_threads = settings(tmp_path).model_copy(update={"decode_threads": n_threads})
    assert unreadable_pictures(root_of(of_threads, table), [*paths, "00009999"], settings=of_threads).keys() == {"00009999"}

    assert N_GROUPS <= len(read) < 2 * N_GROUPS
