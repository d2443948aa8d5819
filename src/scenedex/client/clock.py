"""Time and jitter as arguments, so that tests need not wait."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Clock:
    """Source of time and jitter.

    Attributes:
        now: returns the seconds since the Unix epoch, for signatures.
        monotonic: returns the seconds of a monotonic clock, for timeouts.
        sleep: sleeps for a number of seconds.
        jitter: returns a random number in ``[0, 1)`` that spreads the retries of many clients.
    """

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
