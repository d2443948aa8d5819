"""A limit on waiting, shared by the steps of one operation."""

from __future__ import annotations

import time


class Deadline:
    """A moment in the future after which waiting is given up.

    Args:
        seconds: how far away it is.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, never negative."""
        return max(0.0, self._at - time.monotonic())

    def pause(self, seconds: float) -> bool:
        """Sleep, but not past the moment; False once it has passed."""
        left = self.left
        time.sleep(min(seconds, left))
        return left > 0
