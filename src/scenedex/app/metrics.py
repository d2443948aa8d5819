"""What this process counts, in Prometheus' terms."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Whatever else clients make up is one label, so that they cannot fill the memory with labels.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The metrics of one API process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "scenedex_http_requests",
            "Answers given, by method and status.",
            ("method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "scenedex_http_request_seconds",
            "Time from a request's start to the end of its answer.",
            ("method",),
            registry=self._registry,
        )
        self._jobs = Gauge(
            "scenedex_jobs", "Jobs in the queue, by kind and state.", ("kind", "status"), registry=self._registry
        )

    def note_request(self, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, str(status)).inc()
        self._seconds.labels(method).observe(seconds)

    def set_jobs(self, counts: list[tuple[str, str, int]]) -> None:
        """Note how many jobs there are of each kind and state."""
        self._jobs.clear()
        for kind, status, number in counts:
            self._jobs.labels(kind, status).set(number)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)
