"""Stage: regions with speech, in each programme of the sound."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, NotApplicable, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.analysis.stages.repeated_speech import HeardVoice, repeated_speech
from scenedex.analysis.stages.sound import SOUND_STAGE, main_sound
from scenedex.analysis.stages.sound_prints import SoundPrint
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.voice import VOICE
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
        repeated: positions of those regions whose speech is heard better in another programme.
        same_as: number of the other programme with most of them if all are repeated, from 0, or `None`.
    """

    regions: tuple[Span, ...]
    repeated: tuple[int, ...] = ()
    same_as: int | None = None

    @property
    def own(self) -> tuple[Span, ...]:
        """Regions with speech that no other programme has."""
        return tuple(region for place, region in enumerate(self.regions) if place not in set(self.repeated))


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

    # A print costs as much as finding the voices, and is compared with another one.
    is_compared = len(audible) > 1
    found: list[HeardVoice] = []
    for recording, is_silent in zip(recordings, options.silent, strict=True):
        print_ = SoundPrint()
        if is_silent:
            found.append(HeardVoice((), print_))
            continue
        # A detector listens to one sound.
        detector = open_engine(VOICE, options.choice)
        regions = _ranges(recording, detector, report, print_ if is_compared else None)
        before += recording.samples
        found.append(HeardVoice(regions, print_))
    repeated: list[dict[int, int]] = repeated_speech(found) if is_compared else [{} for _ in found]
    return VoiceResult(tuple(_voice(voice.regions, there) for voice, there in zip(found, repeated, strict=True)))


def find_voice_regions(
    recording: Recording, detector: VoiceDetector, report: Callable[[float, int], None]
) -> ProgrammeVoice:
    """Stream the sound through the detector.

    ``report`` is called per 30 s of sound with the share and the number of samples done.
    """
    return _voice(_ranges(recording, detector, report), {})


def _voice(regions: Sequence[tuple[int, int]], repeated: Mapping[int, int]) -> ProgrammeVoice:
    spans = tuple(Span.of(TimeRange(Timecode(time_of(start)), Timecode(time_of(end)))) for start, end in regions)
    shared = Counter[int]()
    for place, other in repeated.items():
        shared[other] += regions[place][1] - regions[place][0]
    is_whole = 0 < len(repeated) == len(regions)
    return ProgrammeVoice(spans, tuple(sorted(repeated)), shared.most_common(1)[0][0] if is_whole else None)


def _ranges(
    recording: Recording,
    detector: VoiceDetector,
    report: Callable[[float, int], None],
    print_: SoundPrint | None = None,
) -> tuple[tuple[int, int], ...]:
    """Return the regions with speech in samples. ``print_`` gets the levels of the sound."""

    def chunks() -> Iterator[NDArray[np.int16]]:
        for start in range(0, recording.samples, _CHUNK):
            chunk = recording.read(start, start + _CHUNK)
            yield chunk
            report((start + len(chunk)) / recording.samples, start + len(chunk))

    return tuple(detector.regions(chunks() if print_ is None else print_.listen(chunks())))


def _options(inputs: Inputs) -> VoiceOptions | NotApplicable:
    refusal = main_sound(inputs)
    if refusal is not None:
        return refusal
    programmes = inputs.of(SOUND_STAGE).programmes
    return VoiceOptions(choice=inputs.choice(VOICE), silent=tuple(one.is_silent for one in programmes))


VOICE_STAGE: Final = Stage(
    name="voice",
    version="3",
    result=VoiceResult,
    step=ChildStep(function=run_voice, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    ports=(VOICE,),
    share=3,
    is_listening=True,
    is_auxiliary=True,
)
