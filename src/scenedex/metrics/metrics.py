"""Metrics of one process. Every label has few values, and none comes from a user."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from prometheus_client import CollectorRegistry, Counter, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_LONG: Final = (0.05, 0.2, 1, 5, 20, 60, 300, 1200, 3600, 14400)
_STORAGE: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 1, 5, 30)
_DATABASE: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_SEARCH: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_RATIO: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Outcome(StrEnum):
    """Outcome of one run of a job or stage.

    COMPLETED: it has ended, if only with the refusal of a file. FAILED: an error ended it. STOPPED: a user or a stop of
    the worker cancelled it.
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
        histogram = partial(Histogram, registry=self.registry)
        counter = partial(Counter, registry=self.registry)
        self._jobs = histogram(
            "scenedex_job_seconds", "Time of one run of a job, by kind and outcome.", ("kind", "outcome"), buckets=_LONG
        )
        self._given_up = counter(
            "scenedex_jobs_given_up", "Jobs that ended without success after all of their tries, by kind.", ("kind",)
        )
        self._stages = histogram(
            "scenedex_stage_seconds",
            "Time of one run of an analysis stage, by stage and outcome. Reused outputs are not counted.",
            ("stage", "outcome"),
            buckets=_LONG,
        )
        self._decoding = histogram("scenedex_decode_ratio", "Decoding time per second of video.", buckets=_RATIO)
        self._child_failures = counter(
            "scenedex_child_failures",
            "Processes for media or engines that failed, by reason: memory, time, stall, crash, engine.",
            ("reason",),
        )
        self._not_ready = counter(
            "scenedex_worker_not_ready_seconds",
            "Time for which workers took no jobs because storage was unavailable or a disk was full.",
        )
        self._searches = histogram(
            "scenedex_search_seconds",
            "Time from the request of a search to its end, by state.",
            ("state",),
            buckets=_SEARCH,
        )
        self._summaries = histogram(
            "scenedex_scene_summary_seconds",
            "Time of the summary of one scene, by engine and outcome. Reused ones are not counted.",
            ("engine", "outcome"),
            buckets=_LONG,
        )
        self._webhooks = histogram(
            "scenedex_webhook_seconds", "Time of one call of a receiver, by outcome.", ("outcome",), buckets=_SEARCH
        )
        self._storage = histogram(
            "scenedex_storage_seconds",
            "Time from a request to the S3 service until its answer begins, by kind of process and method.",
            ("process", "operation"),
            buckets=_STORAGE,
        )
        self._storage_errors = counter(
            "scenedex_storage_errors",
            "Requests that the S3 service did not answer, or answered with a server error.",
            ("process", "operation"),
        )
        self._database = histogram(
            "scenedex_database_seconds",
            "Time of a database transaction, by kind of process.",
            ("process",),
            buckets=_DATABASE,
        )
        self._database_wait = histogram(
            "scenedex_database_wait_seconds",
            "Time until a connection to the database was free, by kind of process.",
            ("process",),
            buckets=_DATABASE,
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

    def note_summary(self, engine: str, outcome: Outcome, seconds: float) -> None:
        """Record the summary of one scene."""
        self._summaries.labels(engine, outcome.value).observe(seconds)

    def note_webhook(self, seconds: float, *, succeeded: bool) -> None:
        """Record one call of a receiver of webhooks."""
        self._webhooks.labels((Outcome.COMPLETED if succeeded else Outcome.FAILED).value).observe(seconds)

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


@contextmanager
def timing(record: Callable[[Outcome, float], None]) -> Generator[None]:
    """Record the outcome of the block and its seconds."""
    started = time.perf_counter()
    outcome = Outcome.FAILED
    try:
        yield
        outcome = Outcome.COMPLETED
    except asyncio.CancelledError:
        outcome = Outcome.STOPPED
        raise
    finally:
        record(outcome, time.perf_counter() - started)
