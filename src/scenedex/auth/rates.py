"""Rates of calls: a token bucket for each key and kind of call, in this process."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Enough for every key in use; beyond it the bucket that was idle longest is forgotten, and so is full again.
_MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds."""

    name: str
    calls: int
    seconds: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class RateLimiter:
    """Counts calls against rates.

    Args:
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, rate: Rate, caller: str) -> int | None:
        """Count one call; None when it may be made, else the whole seconds after which the next may."""
        moment = self._clock()
        bucket = self._buckets.setdefault((rate.name, caller), _Bucket(rate.calls, moment))
        self._buckets.move_to_end((rate.name, caller))
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        refill = (moment - bucket.filled) * rate.calls / rate.seconds
        bucket.tokens = min(rate.calls, bucket.tokens + refill)
        bucket.filled = moment
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) * rate.seconds / rate.calls))
        bucket.tokens -= 1
        return None
