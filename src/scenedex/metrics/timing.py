"""Timing what goes on, and how it went."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scenedex.metrics.metrics import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@contextmanager
def timing(note: Callable[[Outcome, float], None]) -> Generator[None]:
    """Tell how the block went and how many seconds it took."""
    started = time.perf_counter()
    outcome = Outcome.FAILED
    try:
        yield
        outcome = Outcome.COMPLETED
    except asyncio.CancelledError:
        outcome = Outcome.STOPPED
        raise
    finally:
        note(outcome, time.perf_counter() - started)
