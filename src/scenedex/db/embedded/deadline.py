"""Time limit shared by the steps of one operation."""

from __future__ import annotations

import time


class Deadline:
    """A time in the future at which waiting ends."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, never negative."""
        return max(0.0, self._at - time.monotonic())

    def pause(self, seconds: float) -> bool:
        """Sleep, at most until the deadline. Return `False` if it has passed."""
        left = self.left
        time.sleep(min(seconds, left))
        return left > 0
