"""Timing a block of work."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scenedex.metrics.metrics import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@contextmanager
def timing(record: Callable[[Outcome, float], None]) -> Generator[None]:
    """Record the outcome of the block and its seconds."""
    started = time.perf_counter()
    outcome = Outcome.FAILED
    try:
        yield
        outcome = Outcome.COMPLETED
    except asyncio.CancelledError:
        outcome = Outcome.STOPPED
        raise
    finally:
        record(outcome, time.perf_counter() - started)
