"""Limits on the rate of calls, counted for each access key in this process."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Enough for all keys in use. Beyond it the calls of the key that has been idle longest are dropped.
_MAX_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Maximum number of calls within a number of seconds."""

    name: str
    calls: int
    seconds: float


class RateLimiter:
    """Sliding-window rate limiter.

    Args:
        clock: returns the seconds of a monotonic clock.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def take(self, rate: Rate, caller: str) -> int | None:
        """Count one call and return `None`, or return the whole seconds to wait if the rate is exhausted."""
        moment = self._clock()
        calls = self._calls.setdefault((rate.name, caller), deque(maxlen=rate.calls))
        self._calls.move_to_end((rate.name, caller))
        if len(self._calls) > _MAX_KEYS:
            self._calls.popitem(last=False)
        if len(calls) == rate.calls and moment - calls[0] < rate.seconds:
            return max(1, math.ceil(calls[0] + rate.seconds - moment))
        calls.append(moment)
        return None
