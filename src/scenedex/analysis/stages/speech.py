"""Stage: speech with its language and the times of its words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, KnownResult, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, sample_at, time_of
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.voice import VOICE_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import SPEECH, SpokenLanguage
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.speech import RecognisedUtterance, Recogniser
    from scenedex.media.opened import OpenedMedia


class SpeechOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Engine, language and regions with speech, each of at most 30 s.

    ``threads`` of 0 means one per core.
    """

    choice: EngineChoice
    language: SpokenLanguage
    regions: tuple[Span, ...]
    threads: int = 0


class UtteranceWord(msgspec.Struct, frozen=True):
    """Word with the confidence of the recogniser, 0 to 1."""

    span: Span
    text: str
    confidence: float


class Utterance(msgspec.Struct, frozen=True):
    """Speech between two pauses, or a sentence of it.

    ``language`` is ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``.
    """

    span: Span
    text: str
    confidence: float
    language: str
    words: tuple[UtteranceWord, ...]


class SpeechResult(msgspec.Struct, frozen=True):
    """Utterances in order of time, without overlaps."""

    utterances: tuple[Utterance, ...]


def run_speech(opened: OpenedMedia, params: bytes) -> SpeechResult:
    """Transcribe all regions. Runs in the child process.

    Raises:
        LanguageNotKnown: the engine does not know the language.
    """
    options = msgspec.json.decode(params, type=SpeechOptions)
    recogniser = open_engine(SPEECH, options.choice, threads=options.threads)
    return transcribe(Recording(opened.file), options.regions, recogniser, options.language, opened.report)


def transcribe(
    recording: Recording,
    regions: Sequence[Span],
    recogniser: Recogniser,
    language: SpokenLanguage,
    report: Callable[[float, int], None],
) -> SpeechResult:
    """Transcribe regions in order of time.

    ``report`` is called after each region with the share and the number of samples done.

    Raises:
        LanguageNotKnown: the recogniser does not know the language.
    """
    ranges = [(sample_at(span.start.timecode()), sample_at(span.end.timecode())) for span in regions]
    total = sum(end - start for start, end in ranges) or 1
    utterances: list[Utterance] = []
    done = 0
    for start, end in ranges:
        samples = recording.read(start, end)
        utterances += (_utterance(line, start) for line in recogniser.recognise(samples, language))
        done += end - start
        report(done / total, done)
    return SpeechResult(tuple(utterances))


def _utterance(line: RecognisedUtterance, start: int) -> Utterance:
    words = tuple(UtteranceWord(_span(start, word.start, word.end), word.text, word.confidence) for word in line.words)
    return Utterance(_span(start, line.start, line.end), line.text, line.confidence, line.language, words)


def _span(region: int, start: float, end: float) -> Span:
    """Return the span of the asset, in whole samples, of seconds within a region."""
    times = (Timecode(time_of(region) + Fraction(round(seconds * RATE), RATE)) for seconds in (start, end))
    return Span.of(TimeRange(*times))


def _options(inputs: Inputs) -> SpeechOptions | KnownResult[SpeechResult]:
    regions = inputs.of(VOICE_STAGE).regions
    if not regions:
        return KnownResult(SpeechResult(()))
    language = msgspec.convert(inputs.scope.setting.source_language or "ENKO", SpokenLanguage)
    choice = inputs.choice(SPEECH)
    return SpeechOptions(choice=choice, language=language, regions=regions, threads=inputs.scope.threads)


SPEECH_STAGE: Final = Stage(
    name="speech",
    version="1",
    result=SpeechResult,
    step=ChildStep(function=run_speech, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE, VOICE_STAGE),
    ports=(SPEECH,),
    share=25,
    is_listening=True,
)
