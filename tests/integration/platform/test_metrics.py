"""Metrics of workers: every API process shows them, and they never fall."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scenedex.jobs import JobKind
from scenedex.metrics import Metrics, Outcome
from scenedex.metrics.reports import Reporter, fold_reports
from scenedex.worker import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Service, Serving


@pytest.fixture(scope="module")
def own(serving: Serving) -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def service(own: Service) -> Service:
    for table in ("process_metrics", "procrastinate_jobs", "audit_events"):
        own.rows(f"DELETE FROM {table}")
    return own


class Worker:
    """A process that measures and reports."""

    def __init__(self, service: Service, *names: str) -> None:
        self._service = service
        self._names = iter(names)
        self._metrics = Metrics("worker")
        self._reporter = Reporter(service.platform.database, self._metrics, lambda: next(self._names))

    def runs_a_stage(self, seconds: float = 2) -> None:
        self._metrics.note_stage("visual", Outcome.COMPLETED, seconds)

    def reports(self) -> None:
        self._service.run(self._reporter.report)


def shown(service: Service, name: str, **labels: str) -> float | None:
    """Return the value of a sample at /metrics, or `None` if there is no such sample."""
    families = text_string_to_metric_families(service.client.get("/metrics").text)
    found = [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert len(found) <= 1
    return found[0] if found else None


def stages(service: Service) -> float | None:
    return shown(service, "scenedex_stage_seconds_count", stage="visual")


def fall_silent(service: Service) -> None:
    service.rows("UPDATE process_metrics SET updated_time = now() - interval '10 minutes' WHERE process <> ''")


def test_what_workers_measured_is_added_up(service: Service) -> None:
    for name in ("a", "b"):
        worker = Worker(service, name)
        worker.runs_a_stage()
        worker.runs_a_stage()
        worker.reports()

    assert stages(service) == 4
    assert shown(service, "scenedex_stage_seconds_sum", stage="visual") == 8
    assert shown(service, "scenedex_stage_seconds_bucket", stage="visual", le="5.0") == 4
    assert shown(service, "scenedex_workers") == 2


def test_what_is_reported_again_counts_once(service: Service) -> None:
    worker = Worker(service, "a")
    worker.runs_a_stage()

    for _ in range(3):
        worker.reports()

    assert stages(service) == 1


def test_what_an_ended_worker_measured_stays(service: Service) -> None:
    for name in ("a", "b", "c"):
        worker = Worker(service, name)
        worker.runs_a_stage()
        worker.reports()
        fall_silent(service)
        service.run(lambda: sweep(service.platform))

    assert stages(service) == 3
    assert service.rows("SELECT process FROM process_metrics") == [("",)]
    assert shown(service, "scenedex_workers") == 0


def test_a_worker_at_work_is_not_taken_for_ended(service: Service) -> None:
    Worker(service, "a").reports()

    assert service.transact(lambda tx: fold_reports(tx, timedelta(minutes=5))) == 0
    assert service.rows("SELECT process FROM process_metrics") == [("a",)]


def test_a_worker_that_was_taken_for_ended_goes_on_with_what_came_since(service: Service) -> None:
    worker = Worker(service, "a", "b", "c")
    worker.runs_a_stage()
    worker.reports()
    for total in (2, 3):
        fall_silent(service)
        service.transact(lambda tx: fold_reports(tx, timedelta(minutes=5)))
        worker.runs_a_stage()
        worker.reports()
        worker.reports()

        assert stages(service) == total


def test_times_of_this_process_and_of_workers_are_told_apart(service: Service) -> None:
    metrics = Metrics("worker")
    metrics.note_transaction(0.25)
    service.run(Reporter(service.platform.database, metrics, lambda: "a").report)

    assert shown(service, "scenedex_database_seconds_count", process="worker") == 1
    assert (shown(service, "scenedex_database_seconds_count", process="api") or 0) > 1
    assert (shown(service, "scenedex_database_wait_seconds_count", process="api") or 0) > 1


class TestTheOldestJob:
    def age(self, service: Service, kind: JobKind = JobKind.IMPORT) -> float:
        found = shown(service, "scenedex_oldest_job_seconds", kind=kind.value)
        assert found is not None
        return found

    def test_of_a_kind_that_has_none_is_of_no_age(self, service: Service) -> None:
        assert self.age(service) == 0

    def test_waits_since_it_was_put_into_the_queue(self, service: Service) -> None:
        service.rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('import', 'import', '{}'), ('import', 'import', '{}')"
        )
        service.rows(
            "UPDATE procrastinate_events SET at = now() - interval '1 hour'"
            " WHERE job_id = (SELECT min(id) FROM procrastinate_jobs)"
        )

        assert 3600 <= self.age(service) < 3700
        assert self.age(service, JobKind.ANALYSIS) == 0

    @pytest.mark.parametrize(("offset", "age"), [("-1 hour", 3600), ("1 hour", 0)])
    def test_that_is_to_be_tried_again_waits_since_it_may(self, offset: str, age: int, service: Service) -> None:
        service.rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " VALUES ('import', 'import', '{}', now() + %s::interval)",
            offset,
        )

        assert age <= self.age(service) < age + 100


def test_audit_events_are_kept_for_their_time(service: Service) -> None:
    service.rows(
        "INSERT INTO audit_events (event, user_name, event_time) VALUES"
        " ('Old', 'alice', now() - interval '401 days'), ('Young', 'alice', now() - interval '399 days')"
    )

    service.run(lambda: sweep(service.platform))

    assert service.rows("SELECT event FROM audit_events") == [("Young",)]
