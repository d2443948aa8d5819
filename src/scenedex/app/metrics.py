"""Prometheus metrics of the API process, and of the state shared by all processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

from scenedex.jobs import JobKind
from scenedex.metrics.samples import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.metrics import Metrics
    from scenedex.metrics.samples import Samples

# All other methods share one label, so that clients cannot fill the memory with labels.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SharedState:
    """State that all processes share, read from the database.

    Attributes:
        jobs: kind, state and number of jobs.
        waits: seconds that the oldest waiting job of each kind has waited.
        workers: number of active worker processes.
        samples: metrics of the worker processes.
    """

    jobs: Sequence[tuple[str, str, int]] = ()
    waits: Mapping[str, float] = field(default_factory=dict[str, float])
    workers: int = 0
    samples: Samples = field(default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], float])


class ApiMetrics:
    """Metrics of one API process, in addition to those of every process."""

    def __init__(self, metrics: Metrics) -> None:
        self._registry = metrics.registry
        gauge = partial(Gauge, registry=self._registry)
        self._requests = Counter(
            "scenedex_http_requests",
            "Answers of this process, by method and status.",
            ("method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "scenedex_http_request_seconds",
            "Seconds from the start of a request to the end of its answer, in this process.",
            ("method",),
            registry=self._registry,
        )
        self._jobs = gauge("scenedex_jobs", "Jobs in the queue, by kind and state.", ("kind", "status"))
        self._waits = gauge(
            "scenedex_oldest_job_seconds",
            "Seconds since the oldest waiting job of a kind was due, or 0 if none waits.",
            ("kind",),
        )
        self._workers = gauge("scenedex_workers", "Active worker processes.")

    def note_request(self, method: str, status: int, seconds: float) -> None:
        """Count one answer and its duration."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, str(status)).inc()
        self._seconds.labels(method).observe(seconds)

    def text(self, state: SharedState) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        self._jobs.clear()
        for kind, status, number in state.jobs:
            self._jobs.labels(kind, status).set(number)
        for kind in JobKind:
            self._waits.labels(kind.value).set(state.waits.get(kind.value, 0))
        self._workers.set(state.workers)
        return text_of(self._registry, state.samples)
