"""Measure the server in the form that Prometheus reads: requests, database, stored answers, jobs.

What the store knows is read from it when somebody asks. What a process measures itself is kept by `prometheus_client`; several workers keep
it in files of one folder, and whichever of them is asked adds these up (its multiprocess mode).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from multilabelfy.errors import StoreUnavailable
from multilabelfy.web.operating.exchanges import Exchange
from multilabelfy.workflows.serving.throughput import throughput
from multilabelfy.workflows.workspace import Workspace

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where several workers keep their measurements; the library reads this variable once, when it is first imported."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Metrics:
    """What this process measures, with `is_ready` and the store asked at each look."""

    def __init__(self, workspace: Workspace, is_ready: Callable[[], bool]) -> None:
        self._workspace, self._is_ready = workspace, is_ready
        self._registry = own = CollectorRegistry()
        of_request = ("method", "route")
        self._requests = Counter("multilabelfy_http_requests", "Requests answered.", (*of_request, "status"), registry=own)
        self._seconds = Histogram(
            "multilabelfy_http_request_duration_seconds", "From a request to its answer's end.", of_request, buckets=SECONDS, registry=own
        )
        self._transactions = Gauge(
            "multilabelfy_database_transactions", "Open transactions.", ("kind",), multiprocess_mode="livesum", registry=own
        )
        self._open = {kind: self._transactions.labels(kind) for kind in ("reading", "writing")}
        self._of_kind = cache(self._kind)
        self._wait = Histogram(
            "multilabelfy_database_write_wait_seconds", "From asking to write to the write lock.", buckets=SECONDS, registry=own
        )
        self._jobs = Gauge("multilabelfy_background_jobs", "Background jobs running.", multiprocess_mode="livesum", registry=own)

    def follow(self, exchange: Exchange) -> None:
        """Count an exchange under its route; methods that nobody knows count as one."""
        method = exchange.method if exchange.method in METHODS else "other"
        requests, seconds = self._of_kind(method, exchange.route, exchange.status)
        requests.inc()
        seconds.observe(exchange.seconds)

    def _kind(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """What counts and what times these requests; a lookup of it costs as much as counting."""
        return self._requests.labels(method, route, str(status)), self._seconds.labels(method, route)

    def opened(self, kind: str) -> None:
        """A transaction was opened."""
        self._open[kind].inc()

    def closed(self, kind: str) -> None:
        """A transaction was closed."""
        self._open[kind].dec()

    def waited(self, seconds: float) -> None:
        """A writer got its turn."""
        self._wait.observe(seconds)

    def count_job(self, change: int) -> None:
        """A background job began (1) or ended (-1)."""
        self._jobs.inc(change)

    def text(self) -> bytes:
        """Everything measured, of all workers together, in Prometheus' text format."""
        return generate_latest(cast(Any, self))

    def collect(self) -> Iterator[Metric]:
        """What was measured, and what the store knows; nothing of that where it cannot be read."""
        yield from _of_all_workers() if SHARED_FOLDER in os.environ else self._registry.collect()
        yield GaugeMetricFamily("multilabelfy_ready", "Whether people can be served, as /readyz says.", int(self._is_ready()))
        with suppress(StoreUnavailable):
            yield from _stored(self._workspace)


def _of_all_workers() -> Iterator[Metric]:
    collector: Any = MultiProcessCollector  # untyped
    metrics: Iterator[Metric] = collector(CollectorRegistry()).collect()
    return metrics


def _stored(workspace: Workspace) -> Iterator[Metric]:
    answers = CounterMetricFamily("multilabelfy_answers_stored", "Answers stored; revisions are not counted.", labels=["task"])
    sheets = CounterMetricFamily("multilabelfy_sheets_handed_out", "Sheets handed out.", labels=["task"])
    in_hand = GaugeMetricFamily("multilabelfy_sheets_in_hand", "Sheets that somebody holds now.", labels=["task"])
    for task, totals in throughput(workspace).items():
        answers.add_metric([task.value], totals.answered)
        sheets.add_metric([task.value], totals.handed_out)
        in_hand.add_metric([task.value], totals.in_hand)
    yield from (answers, sheets, in_hand)
