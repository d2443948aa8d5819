"""Port of voice activity, and its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.engine import Engine
from scenedex.engines.port import OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray


RATE: Final = 16_000
"""Sample rate of all input, in hertz."""

LONGEST_REGION: Final = 30 * RATE
"""Maximum number of samples of a region."""


MARGIN: Final = RATE // 5
"""Samples before and after a voice that belong to its region, because consonants begin quietly."""


class VoiceDetector(OpenedEngine, Protocol):
    """Finds voices in one pass over a sound. Memory grows by at most some bytes for each hundredth of a second."""

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Return regions with speech: first sample and the one after the last, counted over all chunks.

        The division into chunks makes no difference. Regions are in order of time, do not overlap, are at most
        `LONGEST_REGION` long and include a margin around the voice. A voice without a pause for longer continues in
        the next region, which then begins at the end of the one before.
        """
        ...


VOICE: Final[Port[VoiceDetector]] = Port("voice", "voice activity")

SILERO: Final = Engine("silero", "3", "silero-vad-v6")
"""Silero's network, whose file is inside the wheel of faster-whisper."""

SPECS: Final = (
    EngineSpec(
        port=VOICE,
        engine=SILERO,
        factory="scenedex.engines.voice.silero:SileroVoiceDetector",
        licence="MIT",
        packages={"faster_whisper": "faster-whisper", "onnxruntime": "onnxruntime"},
    ),
)
