"""The port of voice activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine

RATE: Final = 16_000
"""Samples a second that detectors expect."""

LONGEST_REGION: Final = 30 * RATE
"""Most samples of one region."""


class VoiceDetector(Protocol):
    """Finds voices in one pass over a sound; memory grows by some bytes for each hundredth of a second at most."""

    @property
    def engine(self) -> Engine:
        """What this detector is."""
        ...

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Where somebody speaks: first sample and the one after the last, counted over all chunks.

        How the sound is cut into chunks makes no difference. Regions come in order of time, do not overlap, are at
        most `LONGEST_REGION` long, and hold a little of what is around the voice. Where nobody pauses for so long, a
        voice goes on in the next region, which then begins where the one before it ends.
        """
        ...


VOICE: Final[Port[VoiceDetector]] = Port("voice", "voice activity")
