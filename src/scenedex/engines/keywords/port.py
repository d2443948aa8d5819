"""Ports of visual keywords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine
    from scenedex.timeline import BoundingBox


@dataclass(frozen=True, slots=True)
class FoundObject:
    """Thing in a picture, with its confidence (0-1) and its place."""

    name: str
    confidence: float
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """Word of a vocabulary that fits a picture, with its confidence (0-1)."""

    label: str
    confidence: float


class ObjectFinder(Protocol):
    """Finds things of the classes that it was trained on. The result depends on the picture alone."""

    @property
    def engine(self) -> Engine:
        """Identity of the finder."""
        ...

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """Return the things in an upright picture ``(height, width, 3)`` of any size, most certain first."""
        ...


class Labeller(Protocol):
    """Finds words of a vocabulary that fit a picture, given as a vector of another engine."""

    @property
    def engine(self) -> Engine:
        """Identity of the labeller."""
        ...

    @property
    def reads(self) -> Engine:
        """Embedder of pictures whose vectors it reads."""
        ...

    def learn(self, vocabulary: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Take the words to choose from, in place of earlier ones.

        Args:
            vocabulary: the words, each once.
            vectors: ``(len(vocabulary), dimension)``, the unit vectors of their `label_prompts` by the embedder of
                texts that `label_texts` names.
        """
        ...

    def label(self, vector: NDArray[np.float32]) -> Sequence[FoundLabel]:
        """Return the words that fit the picture with this unit vector, most certain first, each once."""
        ...


LABELS: Final[Port[Labeller]] = Port("labels", "keywords of a vocabulary", is_extensible=False)


OBJECTS: Final[Port[ObjectFinder]] = Port("objects", "keywords for everyday things")


KEYWORDS: Final[Port[object]] = Port("keywords", "keywords of texts and speech", has_choice=False, is_extensible=False)
