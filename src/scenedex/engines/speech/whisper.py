"""Speech in many languages by Whisper, run by faster-whisper from a folder of weights."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import ctranslate2
import numpy as np

from scenedex.engines.speech.chinese import ChineseScript
from scenedex.engines.speech.coverage import (
    NEAR_VOICE,
    in_order,
    is_repetition,
    is_spoken,
    missed_parts,
    pauses_between,
    within_voices,
)
from scenedex.engines.speech.languages import languages_of_voices
from scenedex.engines.speech.network import load_network
from scenedex.engines.speech.port import WHISPER_LANGUAGES, LanguageNotKnown, RecognisedWord, Recognition, RegionRefused
from scenedex.engines.speech.scripts import is_in_script
from scenedex.engines.speech.utterances import is_whole, utterances, without_loops
from scenedex.engines.voice.port import LONGEST_REGION, RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from faster_whisper.transcribe import Segment
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.speech.port import RecognisedUtterance, SpokenLanguage

_SHORTEST: Final = RATE // 10
_FULL_SCALE: Final = np.float32(32768)
_BEAMS: Final = 5
# The first result is the likeliest. If it fails the guards, a sampled one is tried.
_TEMPERATURES: Final = (0.0, 0.4)
_SEED: Final = 1
_CLIP_MARGIN: Final = 0.3
"""Seconds of sound around a part of a region that is recognised by itself."""

_CLEAR: Final = 0.8
"""Probability of a language from which a region is first recognised as a whole in that language."""

_CERTAIN: Final = 0.8
"""Confidence of an utterance below which the language of its voices is checked. Invented lines have less."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Limits beyond which a result of the network is discarded, `None` for no limit.

    Attributes:
        min_log_probability: minimum mean over the tokens of a result, below which another one is tried.
        max_silence: maximum probability of silence, for a result that is not likely.
        max_repetition: maximum compression ratio of the text, above which another result is tried.
        min_confidence: minimum mean confidence of the words of an utterance.
        refuses_others: whether speech in languages that were not asked for is left out.
    """

    min_log_probability: float | None = -1.0
    max_silence: float | None = 0.6
    max_repetition: float | None = 2.4
    min_confidence: float = 0.35
    refuses_others: bool = True


_LANGUAGES: Final[Mapping[SpokenLanguage, Mapping[str, str]]] = {
    "ENKO": {"en": "en", "ko": "ko"},
    "EN": {"en": "en"},
    "KO": {"ko": "ko"},
    "JA": {"ja": "ja"},
    "ZH-CN": {"zh": "zh-CN"},
    "ZH-TW": {"zh": "zh-TW"},
}
"""Languages that each request allows, by Whisper's codes, with ours. Whisper has one Chinese."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """Part of a region in one language, with its voices. Samples count from the start of the region."""

    language: str
    start: int
    end: int
    voices: tuple[tuple[int, int], ...]


class WhisperRecogniser:
    """Whisper of any size, with weights in the layout of CTranslate2, on the processor.

    Args:
        context: its identity, and the folder with `WHISPER_FILES` and a vocabulary.
        guards: limits of plausible results.
    """

    def __init__(self, context: EngineContext, guards: Guards | None = None) -> None:
        self.engine: Final = context.engine
        self._network = load_network(context.weights_folder, context.threads or os.cpu_count() or 1)
        self._guards = guards or Guards()
        self._scripts: Final = {language: ChineseScript(language) for language in ("zh-CN", "zh-TW")}
        english: frozenset[SpokenLanguage] = frozenset({"EN"})
        self.languages: Final = WHISPER_LANGUAGES if self._network.model.is_multilingual else english

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Return the utterances of a region."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        heard = [voice for voice in voices if voice[1] - voice[0] >= _SHORTEST]
        if not heard:
            return Recognition(())
        # Second attempts are sampled, with the same seed for the same region.
        ctranslate2.set_random_seed(_SEED)  # pyright: ignore[reportUnknownMemberType]  # the library is untyped
        sound, asked = samples.astype(np.float32) / _FULL_SCALE, _LANGUAGES[language]
        probabilities = self._network.languages(sound)
        likeliest = max(asked, key=lambda code: probabilities.get(code, 0.0))
        whole = _Passage(likeliest, 0, len(sound), tuple(heard))
        lines: list[RecognisedUtterance] | None = None
        doubtful = heard
        if probabilities.get(likeliest, 0.0) >= _CLEAR or not self._guards.refuses_others:
            lines = self._lines(sound, whole, asked[likeliest])
            doubtful = _doubtful(lines, heard) if self._guards.refuses_others else []
        likely = [
            (
                {likeliest: 1.0}
                if voice not in doubtful
                else probabilities
                if len(heard) == 1
                else self._of(sound, voice)
            )
            for voice in heard
        ]
        languages = languages_of_voices(likely, [(end - start) / RATE for start, end in heard], list(asked))
        if lines is None or set(languages) != {likeliest}:
            return self._in_languages(sound, _passages(languages, heard, len(sound)), asked)
        return self._understood(lines)

    def _of(self, sound: NDArray[np.float32], voice: tuple[int, int]) -> Mapping[str, float]:
        return self._network.languages(sound[voice[0] : voice[1]], of_voice=True)

    def _in_languages(
        self, sound: NDArray[np.float32], passages: Sequence[_Passage], asked: Mapping[str, str]
    ) -> Recognition:
        """Recognise each passage in its language, and leave out those in languages that were not asked for."""
        lines: list[RecognisedUtterance] = []
        others: list[str] = []
        for passage in passages:
            if passage.language in asked:
                lines += self._lines(sound, passage, asked[passage.language])
            else:
                others += [passage.language] * len(passage.voices)
        found = self._understood(lines)
        return Recognition(found.utterances, found.not_understood + len(others), tuple(others))

    def _lines(self, sound: NDArray[np.float32], passage: _Passage, written: str) -> list[RecognisedUtterance]:
        """Return the utterances of a passage, likely or not."""
        words = within_voices(self._words(sound, passage), passage.voices)
        if written in self._scripts:
            words = self._scripts[written].written(words)
        return utterances(words, written, pauses=pauses_between(passage.voices))

    def _understood(self, lines: Sequence[RecognisedUtterance]) -> Recognition:
        likely = [line for line in lines if line.confidence >= self._guards.min_confidence and is_whole(line)]
        return Recognition(tuple(likely), len(lines) - len(likely))

    def _words(self, sound: NDArray[np.float32], passage: _Passage) -> list[RecognisedWord]:
        """Return the words of a passage, in order and without overlaps."""
        words = self._decoded(sound, passage)
        missed = missed_parts(passage.voices, words)
        # The network sometimes leaves out what follows a pause, or repeats itself instead.
        for start, end in missed if words else ():
            margin = round(_CLIP_MARGIN * RATE)
            clip = replace(
                passage,
                start=max(start - margin, passage.start),
                end=min(end + margin, passage.end),
                voices=((start, end),),
            )
            again = self._decoded(sound, clip)
            if not is_repetition(again, words):
                words += again
        return in_order(words)

    def _decoded(self, sound: NDArray[np.float32], passage: _Passage) -> list[RecognisedWord]:
        segments, _ = self._network.transcribe(
            sound[passage.start : passage.end],
            language=passage.language,
            task="transcribe",
            beam_size=_BEAMS,
            best_of=1,
            temperature=_TEMPERATURES,
            compression_ratio_threshold=self._guards.max_repetition,
            log_prob_threshold=self._guards.min_log_probability,
            no_speech_threshold=self._guards.max_silence,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
        )
        offset, last = passage.start / RATE, passage.voices[-1][1] / RATE
        words: list[RecognisedWord] = []
        for segment in segments:
            phrase = _words_of(segment, offset, passage.end / RATE)
            if is_spoken(phrase, passage.voices):
                words += phrase
            # Otherwise what remains is decoded by itself, and silence is given words.
            if offset + segment.end >= last - NEAR_VOICE:
                break
        return without_loops(words)


def _doubtful(lines: Sequence[RecognisedUtterance], voices: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the voices that may be in another language: without an utterance, or with one that is not certain."""
    certain = [line for line in lines if line.confidence >= _CERTAIN and is_in_script(line.text, line.language)]
    return [
        voice for voice in voices if not (here := _within(lines, voice)) or len(_within(certain, voice)) < len(here)
    ]


def _within(lines: Sequence[RecognisedUtterance], voice: tuple[int, int]) -> list[RecognisedUtterance]:
    return [line for line in lines if line.start * RATE < voice[1] and line.end * RATE > voice[0]]


def _passages(languages: Sequence[str], voices: Sequence[tuple[int, int]], samples: int) -> list[_Passage]:
    """Divide a region where its language changes."""
    runs = [
        (language, [voice for _, voice in run])
        for language, run in groupby(zip(languages, voices, strict=True), key=itemgetter(0))
    ]
    borders = [0, *((former[-1][1] + latter[0][0]) // 2 for (_, former), (_, latter) in pairwise(runs)), samples]
    return [
        _Passage(language, start, end, tuple(run))
        for (language, run), (start, end) in zip(runs, pairwise(borders), strict=True)
    ]


def _words_of(segment: Segment, offset: float, longest: float) -> list[RecognisedWord]:
    return [
        RecognisedWord(
            word.word,
            min(offset + max(float(word.start), 0.0), longest),
            min(offset + max(float(word.end), 0.0), longest),
            min(max(float(word.probability), 0.0), 1.0),
        )
        for word in segment.words or ()
        if word.word.strip()
    ]
