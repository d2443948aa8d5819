"""How far an analysis has come, over all of its stages. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARES: Final = {
    "visual": 20,
    "faces": 20,
    "text": 25,
    "pictures": 6,
    "sound": 3,
    "voice": 3,
    "speech": 25,
    "speakers": 2,
    "sounds": 4,
    "meaning": 1,
}
"""About how much of the time each stage takes where all run; see benchmarks/analysis."""

PERCENT_OF_STAGES: Final = 98
"""The rest is publishing."""


class Progression:
    """Adds the progress of stages up; what it says never goes back.

    Args:
        stages: those that will run.
    """

    def __init__(self, stages: Iterable[str]) -> None:
        self._fractions = dict.fromkeys(stages, 0.0)
        self._percent = 0
        self._latest: list[str] = []

    @property
    def stage(self) -> str | None:
        """The stage at work that was heard of last; that which ended last where none is at work."""
        at_work = (name for name in reversed(self._latest) if self._fractions.get(name, 1.0) < 1)
        return next(at_work, self._latest[-1] if self._latest else None)

    def note(self, stage: str, fraction: float) -> int:
        """The percent of the whole, a stage having come so far through the media, 0 to 1."""
        if stage in self._latest:
            self._latest.remove(stage)
        self._latest.append(stage)
        if stage in self._fractions:
            self._fractions[stage] = max(self._fractions[stage], min(fraction, 1.0))
        total = sum(SHARES.get(name, 1) for name in self._fractions)
        done = sum(SHARES.get(name, 1) * fraction for name, fraction in self._fractions.items())
        self._percent = max(self._percent, int(PERCENT_OF_STAGES * done / max(total, 1)))
        return self._percent
