"""The ports of visual keywords."""

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
    """A thing in a picture: what it is called, how certain that is (0-1), and where it is."""

    name: str
    confidence: float
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A word of a vocabulary that fits a picture, and how certain that is (0-1)."""

    label: str
    confidence: float


class ObjectFinder(Protocol):
    """Finds things of the kinds that it was trained on; what it finds depends on nothing but the picture."""

    @property
    def engine(self) -> Engine:
        """What this finder is."""
        ...

    def find(self, rgb: NDArray[np.uint8]) -> Sequence[FoundObject]:
        """The things in an upright picture ``(height, width, 3)`` of any size, most certain first."""
        ...


class Labeller(Protocol):
    """Knows which words of its vocabulary fit a picture, given as a vector of another engine."""

    @property
    def engine(self) -> Engine:
        """What this labeller is."""
        ...

    @property
    def reads(self) -> Engine:
        """The embedder of pictures whose vectors it understands."""
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
        """The words that fit the picture with this unit vector, most certain first, each once."""
        ...


LABELS: Final[Port[Labeller]] = Port("labels", "keywords of a vocabulary", is_extensible=False)


OBJECTS: Final[Port[ObjectFinder]] = Port("objects", "keywords for everyday things")


KEYWORDS: Final[Port[object]] = Port("keywords", "keywords of texts and speech", has_choice=False, is_extensible=False)
