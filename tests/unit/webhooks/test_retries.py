"""Pauses between attempts, and the health of endpoints."""

from __future__ import annotations

import pytest

from scenedex.settings import WebhookSettings
from scenedex.webhooks.retries import EndpointHealth, RetryPlan

DEFAULT = WebhookSettings().pauses
DAY = 86_400


def test_attempts_go_on_for_three_days() -> None:
    plan = RetryPlan(DEFAULT, lambda: 0.5)

    pauses = [plan.pause_after(tries) for tries in range(1, 11)]

    assert pauses[:3] == [5, 300, 1800]
    assert pauses[-1] is None
    assert 3 * DAY < sum(pause or 0 for pause in pauses) < 3.5 * DAY


def test_pauses_are_spread_by_a_fifth() -> None:
    assert RetryPlan(DEFAULT, lambda: 0.0).pause_after(2) == pytest.approx(240)
    assert RetryPlan(DEFAULT, lambda: 1.0).pause_after(2) == pytest.approx(360)


def test_a_receiver_may_ask_for_a_longer_pause_but_for_no_further_attempt() -> None:
    plan = RetryPlan((5.0,), lambda: 0.5)

    assert plan.pause_after(1, 60) == 60
    assert plan.pause_after(1, 1) == 5
    assert plan.pause_after(2, 60) is None


def test_an_endpoint_that_only_fails_is_tried_once_a_minute_at_most() -> None:
    health = EndpointHealth(0)
    pauses: list[float] = []
    for _ in range(20):
        health.note(succeeded=False)
        pauses.append(health.pause_seconds)

    assert pauses[:7] == [0] * 7
    assert pauses[7:] == sorted(pauses[7:])
    assert pauses[-1] == 60
    health.note(succeeded=True)
    assert (health.failures, health.pause_seconds, health.has_succeeded) == (0, 0, True)
