"""Stage: regions with speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.analysis.stages.sound import NO_SOUND, SOUND_STAGE
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

_CHUNK: Final = 30 * RATE


class VoiceOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Engine of the stage."""

    choice: EngineChoice


class VoiceResult(msgspec.Struct, frozen=True):
    """Regions with speech in order of time, without overlaps, each of at most 30 s."""

    regions: tuple[Span, ...]


def run_voice(opened: OpenedMedia, params: bytes) -> VoiceResult:
    """Find the regions with speech. Runs in the child process."""
    options = msgspec.json.decode(params, type=VoiceOptions)
    return find_voice_regions(Recording(opened.file), open_engine(VOICE, options.choice), opened.report)


def find_voice_regions(
    recording: Recording, detector: VoiceDetector, report: Callable[[float, int], None]
) -> VoiceResult:
    """Stream the sound through the detector.

    ``report`` is called per 30 s of sound with the share and the number of samples done.
    """

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


VOICE_STAGE: Final = Stage(
    name="voice",
    version="1",
    result=VoiceResult,
    step=ChildStep(function=run_voice, reads=SOUND_STAGE),
    options=lambda inputs: VoiceOptions(choice=inputs.choice(VOICE)) if inputs.of(SOUND_STAGE).has_sound else NO_SOUND,
    needs=(SOUND_STAGE,),
    ports=(VOICE,),
    share=3,
    is_listening=True,
    is_auxiliary=True,
)
