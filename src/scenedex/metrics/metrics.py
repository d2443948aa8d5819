"""Metrics of one process. Every label has few values, and none comes from a user."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Histogram

_LONG: Final = (0.05, 0.2, 1, 5, 20, 60, 300, 1200, 3600, 14400)
_STORAGE: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 1, 5, 30)
_DATABASE: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_SEARCH: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_RATIO: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Outcome(StrEnum):
    """Outcome of one run of a job or stage.

    COMPLETED: it has ended, if only with the refusal of a file. FAILED: it broke off. STOPPED: a user or a stop of the
    worker cancelled it.
    """

    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"


class Metrics:
    """Metrics of one process since it started.

    Args:
        process: label of its times of database and storage.
    """

    def __init__(self, process: Literal["api", "worker"]) -> None:
        self.registry = CollectorRegistry()
        self._process = process
        self._jobs = Histogram(
            "scenedex_job_seconds",
            "Time of one run of a job, by kind and how it went.",
            ("kind", "outcome"),
            buckets=_LONG,
            registry=self.registry,
        )
        self._given_up = Counter(
            "scenedex_jobs_given_up",
            "Jobs that ended without success after all of their tries, by kind.",
            ("kind",),
            registry=self.registry,
        )
        self._stages = Histogram(
            "scenedex_stage_seconds",
            "Time of one run of an analysis stage, by stage and how it went; what is taken from store is not counted.",
            ("stage", "outcome"),
            buckets=_LONG,
            registry=self.registry,
        )
        self._decoding = Histogram(
            "scenedex_decode_ratio",
            "Seconds that the stage which decodes the video took, for each second of it.",
            buckets=_RATIO,
            registry=self.registry,
        )
        self._child_failures = Counter(
            "scenedex_child_failures",
            "Processes for media or engines that failed, by reason: memory, time, stall, crash, engine.",
            ("reason",),
            registry=self.registry,
        )
        self._not_ready = Counter(
            "scenedex_worker_not_ready_seconds",
            "Time for which workers took no jobs, since their storage did not serve or their disk had no room.",
            registry=self.registry,
        )
        self._searches = Histogram(
            "scenedex_search_seconds",
            "Time from the request of a search to its end, by state.",
            ("state",),
            buckets=_SEARCH,
            registry=self.registry,
        )
        self._storage = Histogram(
            "scenedex_storage_seconds",
            "Time from a request to the S3 service until its answer begins, by kind of process and method.",
            ("process", "operation"),
            buckets=_STORAGE,
            registry=self.registry,
        )
        self._storage_errors = Counter(
            "scenedex_storage_errors",
            "Requests that the S3 service did not answer, or answered with a fault of its own.",
            ("process", "operation"),
            registry=self.registry,
        )
        self._database = Histogram(
            "scenedex_database_seconds",
            "Time of a database transaction, by kind of process.",
            ("process",),
            buckets=_DATABASE,
            registry=self.registry,
        )
        self._database_wait = Histogram(
            "scenedex_database_wait_seconds",
            "Time until a connection to the database was free, by kind of process.",
            ("process",),
            buckets=_DATABASE,
            registry=self.registry,
        )

    def note_job(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """Record one run of a job."""
        self._jobs.labels(kind, outcome.value).observe(seconds)

    def note_given_up(self, kind: str) -> None:
        """Count a job that was given up."""
        self._given_up.labels(kind).inc()

    def note_stage(self, stage: str, outcome: Outcome, seconds: float) -> None:
        """Record one run of a stage."""
        self._stages.labels(stage, outcome.value).observe(seconds)

    def note_decoding(self, seconds: float, media_seconds: float) -> None:
        """Record the time that a video of this length took to decode."""
        if media_seconds > 0:
            self._decoding.observe(seconds / media_seconds)

    def note_child_failure(self, reason: str) -> None:
        """Count a failed child process."""
        self._child_failures.labels(reason).inc()

    def note_not_ready(self, seconds: float) -> None:
        """Add time for which the worker took no jobs."""
        self._not_ready.inc(seconds)

    def note_search(self, state: str, seconds: float) -> None:
        """Record the time from the request of a search to its end."""
        self._searches.labels(state).observe(seconds)

    def note_storage(self, operation: str, seconds: float, *, succeeded: bool) -> None:
        """Record a request to the S3 service."""
        self._storage.labels(self._process, operation).observe(seconds)
        if not succeeded:
            self._storage_errors.labels(self._process, operation).inc()

    def note_wait(self, seconds: float) -> None:
        """Record the wait for a connection to the database."""
        self._database_wait.labels(self._process).observe(seconds)

    def note_transaction(self, seconds: float) -> None:
        """Record a database transaction."""
        self._database.labels(self._process).observe(seconds)
