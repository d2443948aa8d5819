"""Port of sound tagging."""

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
    """Kind of sound."""

    APPLAUSE = "APPLAUSE"
    LAUGHTER = "LAUGHTER"
    BACKGROUND_MUSIC = "BACKGROUND_MUSIC"


class WindowRefused(ValueError):
    """A window has at least one sample and at most `longest` of the tagger."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SoundTagger(Protocol):
    """Recognises kinds of sounds in a few seconds of sound."""

    @property
    def engine(self) -> Engine:
        """Identity of the tagger."""
        ...

    @property
    def longest(self) -> int:
        """Maximum number of samples of a window."""
        ...

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the confidence, 0 to 1, that each kind is heard anywhere in ``(n,)`` samples at 16 kHz.

        Raises:
            WindowRefused: there are no samples or more than `longest`. The tagger is unchanged.
        """
        ...


SOUNDS: Final[Port[SoundTagger]] = Port("sounds", "applause, laughter and background music")
