"""Pauses between attempts, and the health of an endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SPREAD: Final = 0.2
# Failures in a row after which an endpoint is tried by one delivery at a time, with pauses.
_PATIENCE: Final = 8
_MAX_PROBE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """Pauses before the further attempts at a delivery.

    Attributes:
        pauses: seconds before each of them.
        random: returns numbers from 0 to 1, which spread the pauses by a fifth in both directions.
    """

    pauses: tuple[float, ...]
    random: Callable[[], float]

    def pause_after(self, tries: int, wanted_seconds: float = 0.0) -> float | None:
        """Return the seconds until the next attempt, or `None` after the last one.

        Args:
            tries: number of attempts so far.
            wanted_seconds: minimum pause that the receiver asks for.
        """
        if tries > len(self.pauses):
            return None
        spread = 1 + _SPREAD * (2 * self.random() - 1)
        return max(self.pauses[tries - 1] * spread, wanted_seconds)


@dataclass(slots=True)
class EndpointHealth:
    """What a worker learns about an endpoint while it holds it.

    Attributes:
        failures: failures since the last success.
        has_succeeded: true if an attempt succeeded.
        is_gone: true if it answered that it is gone.
    """

    failures: int
    has_succeeded: bool = False
    is_gone: bool = False

    def note(self, *, succeeded: bool, is_gone: bool = False) -> None:
        """Record the result of an attempt."""
        self.failures = 0 if succeeded else self.failures + 1
        self.has_succeeded |= succeeded
        self.is_gone |= is_gone

    @property
    def is_probed(self) -> bool:
        """Return whether it has failed so often that one delivery at a time is sent to it."""
        return self.failures >= _PATIENCE or self.is_gone

    @property
    def pause_seconds(self) -> float:
        """Time in which nothing is sent to it."""
        return min(2.0 ** min(self.failures - _PATIENCE, 10), _MAX_PROBE_SECONDS) if self.is_probed else 0.0
