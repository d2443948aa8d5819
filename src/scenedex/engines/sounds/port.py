"""The port of sound tagging."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine


class SoundKind(Enum):
    """What is listened for."""

    APPLAUSE = "APPLAUSE"
    LAUGHTER = "LAUGHTER"
    BACKGROUND_MUSIC = "BACKGROUND_MUSIC"


class WindowRefused(ValueError):
    """A window has at least one sample and at most as many as the tagger looks at."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SoundTagger(Protocol):
    """Says what is heard in a few seconds of sound."""

    @property
    def engine(self) -> Engine:
        """What this tagger is."""
        ...

    @property
    def longest(self) -> int:
        """The most samples that it looks at."""
        ...

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """How surely each kind, 0 to 1, is heard anywhere in ``(n,)`` samples at 16 kHz; every kind has a value.

        Raises:
            WindowRefused: there are no samples or more than `longest`; the tagger is unchanged.
        """
        ...


SOUNDS: Final[Port[SoundTagger]] = Port("sounds", "applause, laughter and background music")
