"""Stage: what is said, in which language and when.

Needs: the sound, as `recording` describes it, and where somebody speaks. Makes: a `SpeechResult`.
"""

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
    """What writes down the speech, its language, and where somebody speaks, at most 30 s at a time.

    ``threads`` of 0 means as many as there are processors.
    """

    choice: EngineChoice
    language: SpokenLanguage
    regions: tuple[Span, ...]
    threads: int = 0


class SpokenWord(msgspec.Struct, frozen=True):
    """A word and how sure the recogniser is of it, 0 to 1."""

    span: Span
    text: str
    confidence: float


class Utterance(msgspec.Struct, frozen=True):
    """What is said between two pauses, or a sentence of it; in ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``."""

    span: Span
    text: str
    confidence: float
    language: str
    words: tuple[SpokenWord, ...]


class SpeechResult(msgspec.Struct, frozen=True):
    """What is said, in order of time; no two utterances overlap."""

    utterances: tuple[Utterance, ...]


def run_speech(opened: OpenedMedia, params: bytes) -> SpeechResult:
    """Writes down the speech in all regions; called in the child process.

    Raises:
        EngineUnavailable: the chosen engine cannot be loaded.
        LanguageNotKnown: it does not know the language.
    """
    options = msgspec.json.decode(params, type=SpeechOptions)
    recogniser = open_engine(SPEECH, options.choice, threads=options.threads)
    return write_down(Recording(opened.file), options.regions, recogniser, options.language, opened.report)


def write_down(
    recording: Recording,
    regions: Sequence[Span],
    recogniser: Recogniser,
    language: SpokenLanguage,
    report: Callable[[float, int], None],
) -> SpeechResult:
    """What is said in regions in order of time; told after each how far it has come, by the sound in them.

    Raises:
        LanguageNotKnown: the recogniser does not know the language.
    """
    stretches = [(sample_at(span.start.timecode()), sample_at(span.end.timecode())) for span in regions]
    whole = sum(end - start for start, end in stretches) or 1
    heard: list[Utterance] = []
    done = 0
    for start, end in stretches:
        samples = recording.read(start, end)
        heard += (_placed(line, start) for line in recogniser.recognise(samples, language))
        done += end - start
        report(done / whole, done)
    return SpeechResult(tuple(heard))


def _placed(line: RecognisedUtterance, start: int) -> Utterance:
    words = tuple(SpokenWord(_span(start, word.start, word.end), word.text, word.confidence) for word in line.words)
    return Utterance(_span(start, line.start, line.end), line.text, line.confidence, line.language, words)


def _span(region: int, start: float, end: float) -> Span:
    """Whole samples of the asset for seconds of a region."""
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
