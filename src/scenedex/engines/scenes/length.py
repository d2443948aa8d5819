"""Length of scenes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil
from typing import Final, Self


class ScenePreset(Enum):
    """Presets of an analysis request."""

    EXTRA_SHORT = "EXTRA_SHORT"
    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    LONG = "LONG"


_BOUNDS: Final = {
    ScenePreset.EXTRA_SHORT: (10, 20),
    ScenePreset.SHORT: (10, 60),
    ScenePreset.MEDIUM: (10, 180),
    ScenePreset.LONG: (30, 600),
}


@dataclass(frozen=True, slots=True)
class SceneLength:
    """Bounds on the length of a scene, in seconds.

    No scene is longer than ``max_seconds``. A scene is shorter than ``min_seconds`` only if the asset cannot be divided
    otherwise: it is shorter itself, or no number of parts fits between the bounds (65 s into parts of 30-32 s).

    Raises:
        ValueError: not ``0 < min_seconds < max_seconds``.
    """

    min_seconds: Fraction
    max_seconds: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.min_seconds < self.max_seconds:
            raise ValueError(f"bounds of scenes must be positive and rise: {self.min_seconds}-{self.max_seconds} s")

    @classmethod
    def of(cls, preset: ScenePreset) -> Self:
        """Return the bounds of a preset.

        Within wide bounds the pictures determine the division. `typical_seconds` is preferred if they do not differ.
        """
        return cls(*(Fraction(seconds) for seconds in _BOUNDS[preset]))

    @property
    def typical_seconds(self) -> float:
        """Geometric mean of the bounds: 14, 24, 42 and 134 s for the presets."""
        return float(self.min_seconds * self.max_seconds) ** 0.5

    def parts_of(self, seconds: Fraction) -> int:
        """Return the minimum number of even parts of this length within the upper bound."""
        return max(1, ceil(seconds / self.max_seconds))

    def can_divide(self, seconds: Fraction) -> bool:
        """Return whether parts between the two bounds can add up to this length."""
        return seconds >= self.parts_of(seconds) * self.min_seconds
