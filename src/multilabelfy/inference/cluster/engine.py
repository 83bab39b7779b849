"""Rank images on the machines of a Ray cluster: shards of them go to workers through Ray Data, their ranks come back to the one who stores.

The database stays where it is, with one writer. A shard that was not stored is asked for again by the next run, and a worker that dies is
started anew and its shard with it, so that nothing is lost and nothing is done twice. Source of the form: Ray Data's batch inference
(https://docs.ray.io/en/latest/data/batch_inference.html).
"""

import importlib
import logging
import os
import pickle
import socket
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from math import ceil
from typing import Any

import numpy as np

from multilabelfy.errors import ClusterFailed, ExtraMissing
from multilabelfy.inference.cluster.work import ShardImage, ShardOutcome, ShardWorker, WorkOrder
from multilabelfy.inference.running.batches import batches
from multilabelfy.inference.running.processor import n_cores

IMAGES_A_THREAD = 64
IMAGES_ON_A_CARD = 2048
SHARDS_A_WORKER = 4
"""A short run has shards so small that each worker gets some."""
USUAL_SHARDS = 1000
"""A long run has larger shards instead of more: Ray takes 20 ms of processor time for each, however small."""
MOST_TIMES_LARGER = 16
MOST_AT_ONCE = 1_000_000
"""So many images' names lie in the cluster's memory at a time, about a tenth of a gigabyte."""
TRIES = 3
"""A shard whose worker died so often is given up."""
PATIENCE_SECONDS = 5.0
AUTO = "auto"
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Ray sends no statistics of use, and prints nothing where a command prints its results (the last one: of each death of a worker)."""
SMALLER = "With fewer workers (--workers-per-machine) each has more memory, and without --engine a crash shows itself."
GO_ON = "What was proposed so far is kept; run the same command to go on."


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where to score: at the `HOST:PORT` (or "auto") of a cluster that runs, or, without an address, on this machine.

    `workers_a_machine` share a machine's cores; a graphics card always has a worker of its own.
    """

    address: str | None = None
    workers_a_machine: int = 1


@dataclass(frozen=True, slots=True)
class Crew:
    """`n` workers, each with so many cores and graphics cards."""

    n: int
    n_cores: int
    n_cards: int


def require_ray() -> None:
    """Raises ExtraMissing, with the command that installs it, where Ray is not there."""
    if any(find_spec(module) is None for module in ("ray", "pyarrow", "pandas")):
        raise ExtraMissing(
            "Cannot propose with --engine ray: Ray is not installed. Install the extra 'ray': pip install 'multilabelfy[ray]'. "
            "Or let this machine's threads do it, without --engine."
        )


def crew_of(machines: Sequence[Mapping[str, float]], workers_a_machine: int = 1) -> Crew:
    """The workers for machines of which Ray says `CPU` and `GPU`: with graphics cards anywhere, one for each, else so many a machine.

    All workers are alike, so each has what the smallest machine can give. Raises ClusterFailed where there are no cores.
    """
    with_cards = [machine for machine in machines if machine.get("GPU", 0) >= 1]
    if with_cards:
        cores = min(int(machine.get("CPU", 0) // machine["GPU"]) for machine in with_cards)
        return Crew(sum(int(machine["GPU"]) for machine in with_cards), max(cores, 1), 1)
    with_cores = [int(machine["CPU"]) for machine in machines if machine.get("CPU", 0) >= 1]
    if not with_cores:
        raise ClusterFailed("Cannot propose on the cluster: none of its machines offers a core.")
    cores = max(min(with_cores) // workers_a_machine, 1)
    return Crew(sum(min(n // cores, workers_a_machine) for n in with_cores), cores, 0)


def shard_size(n_images: int, crew: Crew, batch_size: int) -> int:
    """How many images a shard has: whole batches, so that these are the batches of one machine."""
    usual = IMAGES_ON_A_CARD if crew.n_cards else IMAGES_A_THREAD * crew.n_cores
    most = min(max(ceil(n_images / USUAL_SHARDS), usual), MOST_TIMES_LARGER * usual)
    size = min(most, ceil(n_images / (SHARDS_A_WORKER * crew.n)))
    return max(ceil(size / batch_size), 1) * batch_size


@contextmanager
def cluster_at(cluster: Cluster) -> Iterator[Crew]:
    """Connect, or start Ray on this machine, and end it afterwards; inside a program that is connected already, that connection is used.

    Raises ExtraMissing, and ClusterFailed where nothing answers.
    """
    require_ray()
    ray = _quiet_ray()
    if ray.is_initialized():
        yield _crew(ray, cluster)
        return
    _connect(ray, cluster)
    try:
        yield _crew(ray, cluster)
    finally:
        ray.shutdown()


def outcomes(order: WorkOrder, images: Iterable[ShardImage], size: int, crew: Crew) -> Iterator[ShardOutcome]:
    """What the workers make of the images, in shards of `size`, as they come in.

    Raises ClusterFailed where the workers of a shard die again and again.
    """
    coming = batches(images, size)
    while shards := [{"shard": pickle.dumps(shard)} for shard in islice(coming, max(MOST_AT_ONCE // size, 1))]:
        yield from _outcomes(order, shards, crew)


class RemoteShardWorker:
    """A worker in Ray's form: a row is a shard."""

    def __init__(self, order: WorkOrder) -> None:
        self._worker = ShardWorker(order)

    def __call__(self, rows: dict[str, Any]) -> dict[str, Any]:
        """One row's shard → one row's outcome, each as bytes."""
        (shard,) = rows["shard"]
        return {"outcome": np.array([pickle.dumps(self._worker.outcome(pickle.loads(shard)))], dtype=object)}  # noqa: S301 – our own bytes


def _outcomes(order: WorkOrder, shards: Sequence[dict[str, bytes]], crew: Crew) -> Iterator[ShardOutcome]:
    ray, data = _quiet_ray(), importlib.import_module("ray.data")
    workers = data.ActorPoolStrategy(size=min(crew.n, len(shards)))
    scored = data.from_items(shards, override_num_blocks=len(shards)).map_batches(
        RemoteShardWorker,
        fn_constructor_args=(order,),
        batch_size=1,
        compute=workers,
        num_cpus=crew.n_cores,
        num_gpus=crew.n_cards or None,
        ray_remote_args_fn=lambda: {"max_restarts": -1, "max_task_retries": TRIES - 1},
    )
    try:
        for rows in scored.iter_batches(batch_size=None, prefetch_batches=0):
            yield from (pickle.loads(outcome) for outcome in rows["outcome"])  # noqa: S301 – a worker's bytes, of our own cluster
    except ray.exceptions.RayError as error:
        raise ClusterFailed(_why(ray, error)) from error


def _why(ray: Any, error: Exception) -> str:
    first = _first_line(error)
    if isinstance(error, ray.exceptions.RayActorError):
        return (
            f"{TRIES} workers that scored the same images died: is there too little memory for the model, or does it crash? "
            f"{SMALLER} {GO_ON}\nRay says: {first}"
        )
    return f"The cluster failed: {first}\n{GO_ON}"


def _crew(ray: Any, cluster: Cluster) -> Crew:
    machines = [machine["Resources"] for machine in ray.nodes() if machine["Alive"]]
    return crew_of(machines, cluster.workers_a_machine)


def _connect(ray: Any, cluster: Cluster) -> None:
    quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
    if cluster.address is None:
        _start(ray, max(n_cores(), cluster.workers_a_machine), quiet)
        return
    attempt = f"Cannot reach a Ray cluster at '{cluster.address}'"
    _check_address(cluster.address, attempt)
    try:
        ray.init(address=cluster.address, **quiet)
    except (Exception, SystemExit) as error:  # Ray raises bare ones, and ends the program where a head falls silent
        raise ClusterFailed(f"{attempt}: {_first_line(error)}") from error


def _start(ray: Any, cores: int, quiet: Mapping[str, Any]) -> None:
    """Ray on this machine. It waits half a minute for its own processes, which a busy machine may not grant at once: so three times.

    It begins no worker before one is asked for: a process for each core would be begun and used by nobody. Workers have this program's
    priority: Ray would give them a lower one, and on a busy machine the run would wait for them.
    """
    for name in ("RAY_prestart_worker_first_driver", "RAY_worker_niceness"):
        os.environ.setdefault(name, "0")
    for tries_left in (2, 1, 0):
        try:
            ray.init(num_cpus=cores, include_dashboard=False, **quiet)
            return
        except Exception as error:  # Ray raises no more special one
            ray.shutdown()
            if not tries_left:
                raise ClusterFailed(f"Cannot start Ray on this machine: {_first_line(error)} Is the machine busy?") from error


def _check_address(address: str, attempt: str) -> None:
    """Ray itself would ask for two minutes and then end the program. Raises ClusterFailed."""
    if address == AUTO:
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in address:
        raise ClusterFailed(f"{attempt}: write the address of its head as HOST:PORT (`ray start --head` names it), or '{AUTO}'.")
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS):
            return
    except (OSError, OverflowError) as error:
        raise ClusterFailed(f"{attempt}: {error}. Does it run (`ray start --head`), and may this machine reach it?") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _quiet_ray() -> Any:
    """The module, told to send no statistics of use and to leave the words to us."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what later versions will do
        ray = importlib.import_module("ray")
        data = importlib.import_module("ray.data")
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    data.DataContext.get_current().enable_progress_bars = False
    return ray
