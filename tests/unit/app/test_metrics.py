from __future__ import annotations

from scenedex.app.metrics import Metrics


def test_counts_answers_and_their_time() -> None:
    metrics = Metrics()
    metrics.note_request("GET", 200, 0.25)
    metrics.note_request("GET", 200, 0.25)

    text = metrics.text().decode()

    assert 'scenedex_http_requests_total{method="GET",status="200"} 2.0' in text
    assert 'scenedex_http_request_seconds_sum{method="GET"} 0.5' in text


def test_forgets_jobs_that_are_no_more() -> None:
    metrics = Metrics()
    metrics.set_jobs([("import", "todo", 3)])
    metrics.set_jobs([("analysis", "doing", 1)])

    text = metrics.text().decode()

    assert 'scenedex_jobs{kind="analysis",status="doing"} 1.0' in text
    assert "import" not in text


def test_processes_of_one_interpreter_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.note_request("GET", 200, 0.25)

    assert "scenedex_http_requests_total{" not in second.text().decode()
