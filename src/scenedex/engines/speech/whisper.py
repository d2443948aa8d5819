"""Speech in many languages by Whisper, run by faster-whisper from a folder of weights."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.speech.chinese import ChineseScript
from scenedex.engines.speech.coverage import NEAR_VOICE, in_order, is_spoken, missed_parts
from scenedex.engines.speech.languages import languages_of_voices
from scenedex.engines.speech.port import (
    WHISPER_FILES,
    WHISPER_LANGUAGES,
    LanguageNotKnown,
    RecognisedWord,
    Recognition,
    RegionRefused,
)
from scenedex.engines.speech.utterances import is_whole, utterances, without_loops
from scenedex.engines.voice.port import LONGEST_REGION, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from faster_whisper.transcribe import Segment, TranscriptionInfo
    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.speech.port import RecognisedUtterance, SpokenLanguage

_VOCABULARIES: Final = ("vocabulary.txt", "vocabulary.json")
_SHORTEST: Final = RATE // 10
_FULL_SCALE: Final = np.float32(32768)
_BEAMS: Final = 5
# The first result is the likeliest. If it fails the guards, a sampled one is tried.
_TEMPERATURES: Final = (0.0, 0.4)
_SEED: Final = 1
_SHORT_FRAMES: Final = 300
"""Frames of a hundredth of a second, below which silence is added before its language is recognised."""

_PADDED_FRAMES: Final = 1_000
_MAX_FRAMES: Final = 3_000
_CLIP_MARGIN: Final = 0.3
"""Seconds of sound around a part of a region that is recognised by itself."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Limits beyond which a result of the network is discarded, `None` for no limit.

    Attributes:
        min_log_probability: minimum mean over the tokens of a result, below which another one is tried.
        max_silence: maximum probability of silence, for a result that is not likely.
        max_repetition: maximum compression ratio of the text, above which another result is tried.
        min_confidence: minimum mean confidence of the words of an utterance.
    """

    min_log_probability: float | None = -1.0
    max_silence: float | None = 0.6
    max_repetition: float | None = 2.4
    min_confidence: float = 0.35


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
    """Part of a region in one language, with its voices. Samples count from the start of the region.

    ``language`` is `None` for a language that was not asked for.
    """

    language: str | None
    start: int
    end: int
    voices: tuple[tuple[int, int], ...]


class _Model(Protocol):
    model: Any
    feature_extractor: FeatureExtractor

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Segment], TranscriptionInfo]: ...

    def encode(self, features: NDArray[np.float32]) -> object: ...


class WhisperRecogniser:
    """Whisper of any size, with weights in the layout of CTranslate2, on the processor.

    Args:
        context: its identity, and the folder with `WHISPER_FILES` and a vocabulary.
        guards: limits of plausible results.
    """

    def __init__(self, context: EngineContext, guards: Guards | None = None) -> None:
        self.engine: Final = context.engine
        self._model = _load(context.weights_folder, context.threads or os.cpu_count() or 1)
        self._guards = guards or Guards()
        self._scripts: Final = {language: ChineseScript(language) for language in ("zh-CN", "zh-TW")}
        english: frozenset[SpokenLanguage] = frozenset({"EN"})
        self.languages: Final = WHISPER_LANGUAGES if self._model.model.is_multilingual else english

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Return the utterances of a region."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        # Second attempts are sampled, with the same seed for the same region.
        ctranslate2.set_random_seed(_SEED)  # pyright: ignore[reportUnknownMemberType]  # the library is untyped
        sound = samples.astype(np.float32) / _FULL_SCALE
        heard = [voice for voice in voices if voice[1] - voice[0] >= _SHORTEST]
        understood: list[RecognisedUtterance] = []
        not_understood = 0
        for passage in self._passages(sound, heard, _LANGUAGES[language]):
            if passage.language is None:
                not_understood += 1
                continue
            words, written = self._words(sound, passage), _LANGUAGES[language][passage.language]
            if written in self._scripts:
                words = self._scripts[written].written(words)
            lines = utterances(words, written)
            likely = [line for line in lines if line.confidence >= self._guards.min_confidence and is_whole(line)]
            not_understood += len(lines) - len(likely)
            understood += likely
        return Recognition(tuple(understood), not_understood)

    def _passages(
        self, sound: NDArray[np.float32], voices: Sequence[tuple[int, int]], candidates: Mapping[str, str]
    ) -> list[_Passage]:
        """Divide a region where its language changes."""
        if not voices:
            return []
        if len(candidates) == 1:
            return [_Passage(next(iter(candidates)), 0, len(sound), tuple(voices))]
        heard = [self._probabilities(sound[start:end]) for start, end in voices]
        languages = languages_of_voices(heard, [(end - start) / RATE for start, end in voices], list(candidates))
        runs = [
            (language, [voice for _, voice in run])
            for language, run in groupby(zip(languages, voices, strict=True), key=itemgetter(0))
        ]
        borders = [0, *((former[-1][1] + latter[0][0]) // 2 for (_, former), (_, latter) in pairwise(runs)), len(sound)]
        return [
            _Passage(language, start, end, tuple(run))
            for (language, run), (start, end) in zip(runs, pairwise(borders), strict=True)
        ]

    def _probabilities(self, sound: NDArray[np.float32]) -> Mapping[str, float]:
        """Return the probability of each language, by its code.

        The network gets it without the silence up to 30 s, which is as good for long voices and much faster.
        """
        features = cast("NDArray[np.float32]", self._model.feature_extractor(sound))[:, :_MAX_FRAMES]
        if features.shape[1] < _SHORT_FRAMES:
            features = np.pad(features, ((0, 0), (0, _PADDED_FRAMES - features.shape[1])))
        (likely,) = self._model.model.detect_language(self._model.encode(features))
        return {token.strip("<|>"): probability for token, probability in likely}

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
            words += self._decoded(sound, clip)
        return in_order(words)

    def _decoded(self, sound: NDArray[np.float32], passage: _Passage) -> list[RecognisedWord]:
        segments, _ = self._model.transcribe(
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


def _load(folder: Path, threads: int) -> _Model:
    missing = [name for name in WHISPER_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise EngineUnavailable(f"The weights in {folder} lack {', '.join(missing)}. Pull them again.")
    try:
        loaded = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )
    except Exception as error:  # the libraries below share no other base of errors
        raise EngineUnavailable(f"The weights {folder.name} are damaged: scenedex weights verify") from error
    model = cast("_Model", loaded)
    # Large networks use more bands, and not every folder states it.
    model.feature_extractor = FeatureExtractor(feature_size=model.model.n_mels)
    return model
