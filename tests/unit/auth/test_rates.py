from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.auth.rates import Rate, RateLimiter

FIFTY = Rate("presigned", 50, 1)
THOUSAND = Rate("complete", 1000, 60)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("rate", [FIFTY, THOUSAND], ids=lambda rate: rate.name)
def test_allows_as_many_calls_at_once_as_the_rate(rate: Rate) -> None:
    limiter = RateLimiter(Clock())

    taken = [limiter.take(rate, "a") for _ in range(rate.calls + 1)]

    assert taken[:-1] == [None] * rate.calls
    assert taken[-1] == rate.seconds


def test_returns_the_wait_until_the_next_call() -> None:
    limiter = RateLimiter(Clock())
    slow = Rate("slow", 2, 60)

    assert [limiter.take(slow, "a") for _ in range(3)] == [None, None, 60]


def test_the_next_call_is_allowed_after_the_wait() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    slow = Rate("slow", 2, 60)
    waits = [limiter.take(slow, "a") for _ in range(3)]
    clock.now += waits[-1] or 0

    assert limiter.take(slow, "a") is None


def test_callers_do_not_share_a_rate() -> None:
    limiter = RateLimiter(Clock())
    once = Rate("once", 1, 60)
    limiter.take(once, "a")

    assert limiter.take(once, "b") is None


def test_rates_of_one_caller_are_counted_separately() -> None:
    limiter = RateLimiter(Clock())
    limiter.take(Rate("once", 1, 60), "a")

    assert limiter.take(Rate("again", 1, 60), "a") is None


def test_drops_the_caller_that_has_been_idle_longest() -> None:
    limiter = RateLimiter(Clock())
    once = Rate("once", 1, 60)
    for number in range(10_001):
        limiter.take(once, str(number))

    assert (limiter.take(once, "10000"), limiter.take(once, "0")) == (60, None)


@given(pauses=st.lists(st.floats(0, 5), max_size=60))
def test_no_window_has_more_calls_than_the_rate(pauses: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    rate = Rate("three", 3, 2)
    allowed: list[float] = []
    for pause in pauses:
        clock.now += pause
        if limiter.take(rate, "a") is None:
            allowed.append(clock.now)

    assert all(last - first >= rate.seconds for first, last in zip(allowed, allowed[3:], strict=False))
