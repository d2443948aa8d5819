"""Levels of confidence at which keywords are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.index.records import IndexedScene


class ConfidenceLevel(StrEnum):
    """Level of keywords: LOW shows more and less certain ones, HIGH fewer and surer ones."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


@dataclass(frozen=True, slots=True)
class ConfidenceThresholds:
    """Minimum confidence, from 0 to 1, of a keyword that is shown at each level."""

    low: float = 0.3
    medium: float = 0.5
    high: float = 0.7

    def of(self, level: ConfidenceLevel) -> float:
        """Return the minimum confidence of a level."""
        match level:
            case ConfidenceLevel.LOW:
                return self.low
            case ConfidenceLevel.MEDIUM:
                return self.medium
            case ConfidenceLevel.HIGH:
                return self.high


def with_keywords_from(scenes: Iterable[IndexedScene], min_confidence: float) -> tuple[IndexedScene, ...]:
    """Return scenes with only the keywords of a minimum confidence."""
    return tuple(
        replace(scene, keywords=tuple(it for it in scene.keywords if it.confidence >= min_confidence))
        for scene in scenes
    )
