"""Rates of calls: the latest calls of each key and kind are remembered, in this process."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Enough for every key in use; beyond it the calls of the key that was idle longest are forgotten.
_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds."""

    name: str
    calls: int
    seconds: float


class RateLimiter:
    """Counts calls against rates: in no stretch of a rate's length are there more calls than it allows.

    Args:
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def take(self, rate: Rate, caller: str) -> int | None:
        """Count one call; None when it may be made, else the whole seconds after which the next may."""
        moment = self._clock()
        calls = self._calls.setdefault((rate.name, caller), deque(maxlen=rate.calls))
        self._calls.move_to_end((rate.name, caller))
        if len(self._calls) > _MOST_KEYS:
            self._calls.popitem(last=False)
        if len(calls) == rate.calls and moment - calls[0] < rate.seconds:
            return max(1, math.ceil(calls[0] + rate.seconds - moment))
        calls.append(moment)
        return None
