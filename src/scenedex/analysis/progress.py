"""Progress of an analysis over all of its stages. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PERCENT_OF_STAGES: Final = 98
"""Percent of the whole when all stages have ended. The rest is publishing."""


class Progression:
    """Sum of the progress of stages. It never goes back.

    Args:
        shares: share of the time of each stage that runs, by its name.
    """

    def __init__(self, shares: Mapping[str, int]) -> None:
        self._shares = dict(shares)
        self._fractions = dict.fromkeys(shares, 0.0)
        self._percent = 0
        self._latest: list[str] = []

    @property
    def stage(self) -> str | None:
        """The running stage that reported last, or the stage that ended last if none is running."""
        running = (name for name in reversed(self._latest) if self._fractions.get(name, 1.0) < 1)
        return next(running, self._latest[-1] if self._latest else None)

    def note(self, stage: str, fraction: float) -> int:
        """Record the progress of a stage, 0 to 1, and return the percent of the whole."""
        if stage in self._latest:
            self._latest.remove(stage)
        self._latest.append(stage)
        if stage in self._fractions:
            self._fractions[stage] = max(self._fractions[stage], min(fraction, 1.0))
        total = sum(self._shares.values())
        done = sum(share * self._fractions[name] for name, share in self._shares.items())
        self._percent = max(self._percent, int(PERCENT_OF_STAGES * done / max(total, 1)))
        return self._percent
