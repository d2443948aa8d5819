"""What this process counts, in Prometheus' terms, and what is shown beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

from scenedex.jobs import JobKind
from scenedex.metrics.samples import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.metrics import Metrics
    from scenedex.metrics.samples import Samples

# Whatever else clients make up is one label, so that they cannot fill the memory with labels.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SharedState:
    """What all processes know together, by the database.

    Attributes:
        jobs: kind, state and number of jobs.
        waits: seconds that the oldest waiting job of a kind waits.
        workers: worker processes that are at work.
        samples: what worker processes have measured.
    """

    jobs: Sequence[tuple[str, str, int]] = ()
    waits: Mapping[str, float] = field(default_factory=dict[str, float])
    workers: int = 0
    samples: Samples = field(default_factory=dict[tuple[str, tuple[tuple[str, str], ...]], float])


class ApiMetrics:
    """The metrics of one API process, on top of those that every process has."""

    def __init__(self, metrics: Metrics) -> None:
        self._registry = metrics.registry
        self._requests = Counter(
            "scenedex_http_requests",
            "Answers given by this process, by method and status.",
            ("method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "scenedex_http_request_seconds",
            "Time from a request's start to the end of its answer, of this process.",
            ("method",),
            registry=self._registry,
        )
        self._jobs = Gauge(
            "scenedex_jobs", "Jobs in the queue, by kind and state.", ("kind", "status"), registry=self._registry
        )
        self._waits = Gauge(
            "scenedex_oldest_job_seconds",
            "Time since the oldest waiting job of a kind could have begun; 0 where none waits.",
            ("kind",),
            registry=self._registry,
        )
        self._workers = Gauge("scenedex_workers", "Worker processes that are at work.", registry=self._registry)

    def note_request(self, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, str(status)).inc()
        self._seconds.labels(method).observe(seconds)

    def text(self, state: SharedState) -> bytes:
        """All metrics in Prometheus' text format."""
        self._jobs.clear()
        for kind, status, number in state.jobs:
            self._jobs.labels(kind, status).set(number)
        for kind in JobKind:
            self._waits.labels(kind.value).set(state.waits.get(kind.value, 0))
        self._workers.set(state.workers)
        return text_of(self._registry, state.samples)
