from __future__ import annotations

from scenedex.app.metrics import ApiMetrics, SharedState
from scenedex.metrics import Metrics


def test_counts_answers_and_their_duration() -> None:
    metrics = ApiMetrics(Metrics("api"))
    metrics.note_request("GET", 200, 0.25)
    metrics.note_request("GET", 200, 0.25)

    text = metrics.text(SharedState()).decode()

    assert 'scenedex_http_requests_total{method="GET",status="200"} 2.0' in text
    assert 'scenedex_http_request_seconds_sum{method="GET"} 0.5' in text


def test_kinds_without_jobs_are_dropped() -> None:
    metrics = ApiMetrics(Metrics("api"))
    metrics.text(SharedState(jobs=[("import", "todo", 3)]))

    text = metrics.text(SharedState(jobs=[("analysis", "doing", 1)])).decode()

    assert 'scenedex_jobs{kind="analysis",status="doing"} 1.0' in text
    assert 'scenedex_jobs{kind="import"' not in text


def test_the_wait_of_a_kind_without_waiting_jobs_is_0() -> None:
    text = ApiMetrics(Metrics("api")).text(SharedState(waits={"import": 12.5})).decode()

    assert 'scenedex_oldest_job_seconds{kind="import"} 12.5' in text
    assert 'scenedex_oldest_job_seconds{kind="analysis"} 0.0' in text


def test_two_sets_of_metrics_in_one_interpreter_count_separately() -> None:
    first, second = ApiMetrics(Metrics("api")), ApiMetrics(Metrics("api"))
    first.note_request("GET", 200, 0.25)

    assert "scenedex_http_requests_total{" not in second.text(SharedState()).decode()
