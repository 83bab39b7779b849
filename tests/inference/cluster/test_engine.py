"""Workers share a cluster's machines alike, and shards are whole batches; no Ray is needed to decide that."""

import pytest

from multilabelfy.errors import ClusterFailed
from multilabelfy.inference.cluster.engine import Cluster, Crew, _connect, crew_of, shard_size


@pytest.mark.parametrize(
    ("machines", "workers_a_machine", "crew"),
    [
        ([{"CPU": 8}], 1, Crew(1, 8, 0)),
        ([{"CPU": 8}, {"CPU": 4}], 1, Crew(2, 4, 0)),
        ([{"CPU": 8}], 3, Crew(3, 2, 0)),
        ([{"CPU": 2}], 5, Crew(2, 1, 0)),  # no more than there are cores
        ([{"CPU": 16, "GPU": 4}, {"CPU": 8, "GPU": 1}, {"CPU": 64}], 1, Crew(5, 4, 1)),  # cards first; a machine without one waits
        ([{"CPU": 1, "GPU": 2}], 1, Crew(2, 1, 1)),
        ([{"memory": 5.0}, {"CPU": 2}], 1, Crew(1, 2, 0)),  # a head that scores nothing
    ],
)
def test_workers_are_alike_and_fit_every_machine(machines: list[dict[str, float]], workers_a_machine: int, crew: Crew) -> None:
    assert crew_of(machines, workers_a_machine) == crew


def test_a_cluster_without_a_core_is_refused() -> None:
    with pytest.raises(ClusterFailed, match="none of its machines offers a core"):
        crew_of([{"memory": 5.0}])


@pytest.mark.parametrize(
    ("n_images", "crew", "batch_size", "size"),
    [
        (10_000, Crew(1, 2, 0), 1, 128),
        (1_000_000, Crew(1, 2, 0), 1, 1000),  # a thousand shards, not eight thousand
        (50_000_000, Crew(1, 2, 0), 1, 2048),  # no more is lost with a worker
        (1_000_000, Crew(8, 16, 0), 3, 1026),  # 1,024 would end amid a batch
        (1_000_000, Crew(8, 4, 1), 8, 2048),
        (60, Crew(2, 1, 0), 2, 8),  # 60 / (4 · 2), whole batches
        (1, Crew(2, 1, 0), 4, 4),
    ],
)
def test_a_shard_is_whole_batches_and_small_enough_that_each_worker_gets_some(
    n_images: int, crew: Crew, batch_size: int, size: int
) -> None:
    assert shard_size(n_images, crew, batch_size) == size


@pytest.mark.parametrize("address", ["ray://head:10001", "head", "head:", "head:port", ":6379"])
def test_an_address_that_is_none_is_answered_with_its_form(address: str) -> None:
    with pytest.raises(ClusterFailed, match="write the address of its head as HOST:PORT"):
        _connect(None, Cluster(address))
