"""Stage: speech with its language and the times of its words."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, KnownResult, Stage
from scenedex.analysis.stages.heard_tracks import heard_tracks
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, sample_at, time_of
from scenedex.analysis.stages.sound import SOUND_STAGE
from scenedex.analysis.stages.speech_windows import speech_windows
from scenedex.analysis.stages.voice import VOICE_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.speech import SPEECH, SpokenLanguage
from scenedex.engines.speech.language_names import language_name
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.heard_tracks import HeardTracks
    from scenedex.engines.speech import RecognisedUtterance, Recogniser
    from scenedex.media.opened import OpenedMedia


class SpeechOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Options of the stage.

    Attributes:
        choice: the engine.
        language: language of the request.
        regions: regions with speech of the first programme, each of at most 30 s.
        programme: number of that programme.
        others: further programmes with their regions.
        silenced: programmes with regions that are not heard, because another one has their speech.
        threads: threads of the engine, 0 for one per core.
    """

    choice: EngineChoice
    language: SpokenLanguage
    regions: tuple[Span, ...]
    programme: int = 0
    others: tuple[tuple[int, tuple[Span, ...]], ...] = ()
    silenced: tuple[tuple[int, tuple[Span, ...]], ...] = ()
    threads: int = 0


class UtteranceWord(msgspec.Struct, frozen=True):
    """Word with the confidence of the recogniser, 0 to 1."""

    span: Span
    text: str
    confidence: float


class Utterance(msgspec.Struct, frozen=True):
    """Speech between two pauses, or a sentence of it.

    ``language`` is ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``. ``is_rough`` is true if many words are wrong.
    ``programme`` is the number of its programme in the sound.
    """

    span: Span
    text: str
    confidence: float
    language: str
    words: tuple[UtteranceWord, ...]
    is_rough: bool = False
    programme: int = 0


class SpeechResult(msgspec.Struct, frozen=True):
    """Result of the stage.

    Attributes:
        utterances: in order of time. Those of one programme do not overlap.
        not_understood: number of utterances that are left out because the engine did not understand them.
        other_languages: ISO 639 codes of the languages of those among them that are in another language.
    """

    utterances: tuple[Utterance, ...]
    not_understood: int = 0
    other_languages: tuple[str, ...] = ()


def run_speech(opened: OpenedMedia, params: bytes) -> SpeechResult:
    """Transcribe all regions. Runs in the child process.

    Raises:
        LanguageNotKnown: the engine does not know the language.
    """
    options = msgspec.json.decode(params, type=SpeechOptions)
    recogniser = open_engine(SPEECH, options.choice, threads=options.threads)
    programmes = [(options.programme, options.regions), *options.others]
    silenced = {programme: [_samples_of(region) for region in regions] for programme, regions in options.silenced}
    made: list[SpeechResult] = []
    for number, (programme, regions) in enumerate(programmes):
        report = partial(_report_part, opened.report, number, len(programmes))
        recording = Recording(opened.file, programme, silenced.get(programme, ()))
        heard = transcribe(recording, regions, recogniser, options.language, report)
        utterances = tuple(msgspec.structs.replace(one, programme=programme) for one in heard.utterances)
        made.append(msgspec.structs.replace(heard, utterances=utterances))
    together = chain.from_iterable(heard.utterances for heard in made)
    return SpeechResult(
        tuple(sorted(together, key=lambda one: one.span.start.timecode().seconds)),
        sum(heard.not_understood for heard in made),
        tuple(chain.from_iterable(heard.other_languages for heard in made)),
    )


def _report_part(report: Callable[[float, int], None], number: int, count: int, share: float, done: int) -> None:
    report((number + share) / count, done)


def transcribe(
    recording: Recording,
    regions: Sequence[Span],
    recogniser: Recogniser,
    language: SpokenLanguage,
    report: Callable[[float, int], None],
) -> SpeechResult:
    """Transcribe regions in order of time, in windows that contain as many of them as possible.

    ``report`` is called after each window with the share and the number of samples done.

    Raises:
        LanguageNotKnown: the recogniser does not know the language.
    """
    voices = [_samples_of(region) for region in regions]
    windows = speech_windows([voice for voice in voices if voice[0] < recording.samples], recording.samples)
    total = sum(window.end - window.start for window in windows) or 1
    utterances: list[Utterance] = []
    others: list[str] = []
    done = not_understood = 0
    for window in windows:
        inside = [(start - window.start, min(end, window.end) - window.start) for start, end in window.voices]
        recognised = recogniser.recognise(recording.read(window.start, window.end), inside, language)
        utterances += (_utterance(line, window.start) for line in recognised.utterances)
        not_understood += recognised.not_understood
        others += recognised.other_languages
        done += window.end - window.start
        report(done / total, done)
    return SpeechResult(tuple(utterances), not_understood, tuple(others))


def left_out(result: SpeechResult) -> str | None:
    """Return the number of utterances that were not understood with the languages heard, or `None` if there are none.

    Such as "4 utterances were not understood and left out: 3 in German, 1 unclear".
    """
    count = result.not_understood
    if not count:
        return None
    text = f"{count} {'utterance was' if count == 1 else 'utterances were'} not understood and left out"
    heard = Counter(map(language_name, result.other_languages))
    if not heard:
        return text
    parts = [f"{times} in {name}" for name, times in heard.most_common()]
    unclear = count - len(result.other_languages)
    return f"{text}: {', '.join(parts + [f'{unclear} unclear'] * (unclear > 0))}"


def _note(result: SpeechResult, inputs: Inputs) -> str | None:
    is_known = inputs.made(SOUND_STAGE) is not None and inputs.made(VOICE_STAGE) is not None
    remarks = (left_out(result), *(tracks_heard(inputs).remarks if is_known else ()))
    return "; ".join(remark for remark in remarks if remark) or None


def _utterance(line: RecognisedUtterance, start: int) -> Utterance:
    words = tuple(UtteranceWord(_span(start, word.start, word.end), word.text, word.confidence) for word in line.words)
    span = _span(start, line.start, line.end)
    return Utterance(span, line.text, line.confidence, line.language, words, line.is_rough)


def _samples_of(span: Span) -> tuple[int, int]:
    return sample_at(span.start.timecode()), sample_at(span.end.timecode())


def _span(region: int, start: float, end: float) -> Span:
    """Return the span of the asset, in whole samples, of seconds within a region."""
    times = (Timecode(time_of(region) + Fraction(round(seconds * RATE), RATE)) for seconds in (start, end))
    return Span.of(TimeRange(*times))


def _options(inputs: Inputs) -> SpeechOptions | KnownResult[SpeechResult]:
    heard = tracks_heard(inputs)
    if not heard.programmes:
        return KnownResult(SpeechResult(()))
    (programme, regions), *others = heard.programmes
    return SpeechOptions(
        choice=inputs.choice(SPEECH),
        language=msgspec.convert(inputs.scope.setting.source_language or "ENKO", SpokenLanguage),
        regions=regions,
        programme=programme,
        others=tuple(others),
        silenced=heard.silenced,
        threads=inputs.scope.threads,
    )


def tracks_heard(inputs: Inputs) -> HeardTracks:
    """Return the programmes whose speech is transcribed, and remarks on the other tracks."""
    wanted = inputs.scope.setting.audio_tracks or "auto"
    return heard_tracks(inputs.of(SOUND_STAGE), inputs.of(VOICE_STAGE).programmes, wanted)


SPEECH_STAGE: Final = Stage(
    name="speech",
    version="4",
    result=SpeechResult,
    step=ChildStep(function=run_speech, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE, VOICE_STAGE),
    ports=(SPEECH,),
    share=25,
    is_listening=True,
    note=_note,
)
