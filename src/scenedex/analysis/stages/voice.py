"""Stage: regions with speech, in each programme of the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, NotApplicable, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.analysis.stages.sound import SOUND_STAGE, main_sound
from scenedex.analysis.stages.sound_likeness import has_same_speech
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.voice import VOICE
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.voice import VoiceDetector
    from scenedex.media.opened import OpenedMedia

_CHUNK: Final = 30 * RATE


class VoiceOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Engine of the stage, and whether each programme of the sound is silent."""

    choice: EngineChoice
    silent: tuple[bool, ...] = (False,)


class ProgrammeVoice(msgspec.Struct, frozen=True):
    """Voice in a programme.

    Attributes:
        regions: regions with speech in order of time, without overlaps, each of at most 30 s.
        same_as: number of an earlier programme with the same speech, from 0, or `None` without one.
    """

    regions: tuple[Span, ...]
    same_as: int | None = None


class VoiceResult(msgspec.Struct, frozen=True):
    """Voice in each programme of the sound."""

    programmes: tuple[ProgrammeVoice, ...]


def run_voice(opened: OpenedMedia, params: bytes) -> VoiceResult:
    """Find the regions with speech, and the programmes with the same speech. Runs in the child process."""
    options = msgspec.json.decode(params, type=VoiceOptions)
    recordings = [Recording(opened.file, number) for number in range(len(options.silent))]
    audible = [
        recording.samples for recording, is_silent in zip(recordings, options.silent, strict=True) if not is_silent
    ]
    total, before = sum(audible) or 1, 0

    def report(_share: float, done: int) -> None:
        opened.report((before + done) / total, before + done)

    found: list[ProgrammeVoice] = []
    for recording, is_silent in zip(recordings, options.silent, strict=True):
        if is_silent:
            found.append(ProgrammeVoice(()))
            continue
        # A detector listens to one sound.
        voice = find_voice_regions(recording, open_engine(VOICE, options.choice), report)
        before += recording.samples
        same_as = next(
            (
                number
                for number, other in enumerate(found)
                if other.same_as is None
                and has_same_speech(recordings[number], other.regions, recording, voice.regions)
            ),
            None,
        )
        found.append(msgspec.structs.replace(voice, same_as=same_as))
    return VoiceResult(tuple(found))


def find_voice_regions(
    recording: Recording, detector: VoiceDetector, report: Callable[[float, int], None]
) -> ProgrammeVoice:
    """Stream the sound through the detector.

    ``report`` is called per 30 s of sound with the share and the number of samples done.
    """

    def chunks() -> Iterator[NDArray[np.int16]]:
        for start in range(0, recording.samples, _CHUNK):
            chunk = recording.read(start, start + _CHUNK)
            yield chunk
            report((start + len(chunk)) / recording.samples, start + len(chunk))

    return ProgrammeVoice(
        tuple(
            Span.of(TimeRange(Timecode(time_of(start)), Timecode(time_of(end))))
            for start, end in detector.regions(chunks())
        )
    )


def _options(inputs: Inputs) -> VoiceOptions | NotApplicable:
    refusal = main_sound(inputs)
    if refusal is not None:
        return refusal
    programmes = inputs.of(SOUND_STAGE).programmes
    return VoiceOptions(choice=inputs.choice(VOICE), silent=tuple(one.is_silent for one in programmes))


VOICE_STAGE: Final = Stage(
    name="voice",
    version="2",
    result=VoiceResult,
    step=ChildStep(function=run_voice, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    ports=(VOICE,),
    share=3,
    is_listening=True,
    is_auxiliary=True,
)
