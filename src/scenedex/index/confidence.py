"""Which keywords are shown at which level of confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.index.records import IndexedScene


class ConfidenceLevel(StrEnum):
    """LOW shows more and less certain keywords, HIGH fewer and surer ones."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


@dataclass(frozen=True, slots=True)
class ConfidenceThresholds:
    """The least confidence, 0-1, of a keyword that is shown at each level."""

    low: float = 0.3
    medium: float = 0.5
    high: float = 0.7

    def of(self, level: ConfidenceLevel) -> float:
        """The least confidence that is shown at a level."""
        match level:
            case ConfidenceLevel.LOW:
                return self.low
            case ConfidenceLevel.MEDIUM:
                return self.medium
            case ConfidenceLevel.HIGH:
                return self.high


def with_keywords_from(scenes: Iterable[IndexedScene], least: float) -> tuple[IndexedScene, ...]:
    """The scenes with those of their keywords whose confidence is at least this; all else stays."""
    return tuple(
        replace(scene, keywords=tuple(it for it in scene.keywords if it.confidence >= least)) for scene in scenes
    )
