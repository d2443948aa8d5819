"""Time and chance, as arguments: tests pass their own and never wait."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the SDK takes time and jitter from.

    Attributes:
        now: seconds since the Unix epoch, for signatures.
        monotonic: seconds of a clock that never jumps, for time limits.
        sleep: waits for a number of seconds.
        jitter: a number in ``[0, 1)`` that spreads the retries of many clients.
    """

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
