"""Time that passes only when somebody sleeps."""

from __future__ import annotations

from scenedex.client.clock import Clock


class ManualTime:
    """A clock for tests.

    Attributes:
        seconds: the present, in seconds since the Unix epoch.
        sleeps: every pause that was asked for, in seconds.
    """

    def __init__(self, seconds: float = 1_700_000_000.0) -> None:
        self.seconds = seconds
        self.sleeps: list[float] = []

    def now(self) -> float:
        """The present."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.sleeps.append(seconds)
        self.seconds += seconds

    def clock(self, jitter: float = 0.0) -> Clock:
        """This time for a client, with the same jitter always."""
        return Clock(now=self.now, monotonic=self.now, sleep=self.sleep, jitter=lambda: jitter)
