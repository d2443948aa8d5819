"""Stage: where somebody speaks.

Needs: the sound, as `recording` describes it. Makes: a `VoiceResult`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.voice import VOICE
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.voice import VoiceDetector
    from scenedex.media.opened import OpenedMedia

NAME: Final = "voice"
NEEDS: Final = ("sound",)
PRODUCES: Final = ("voice",)
VERSION: Final = "1"

_CHUNK: Final = 30 * RATE


class VoiceOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What listens."""

    choice: EngineChoice


class VoiceResult(msgspec.Struct, frozen=True):
    """Where somebody speaks: in order of time, not overlapping, each at most 30 s long."""

    regions: tuple[Span, ...]


def run_voice(opened: OpenedMedia, params: bytes) -> VoiceResult:
    """Listens to the whole sound; called in the child process.

    Raises:
        EngineUnavailable: the chosen engine cannot be loaded.
    """
    options = msgspec.json.decode(params, type=VoiceOptions)
    return find_voices(Recording(opened.file), open_engine(VOICE, options.choice), opened.report)


def find_voices(recording: Recording, detector: VoiceDetector, report: Callable[[float, int], None]) -> VoiceResult:
    """Streams the sound through the detector; told how far it has come every half minute of sound."""

    def chunks() -> Iterator[NDArray[np.int16]]:
        for start in range(0, recording.samples, _CHUNK):
            chunk = recording.read(start, start + _CHUNK)
            yield chunk
            report((start + len(chunk)) / recording.samples, start + len(chunk))

    return VoiceResult(
        tuple(
            Span.of(TimeRange(Timecode(time_of(start)), Timecode(time_of(end))))
            for start, end in detector.regions(chunks())
        )
    )
