"""Speech in many languages by Whisper, run by faster-whisper from a folder of weights."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.speech.port import (
    WHISPER_FILES,
    WHISPER_LANGUAGES,
    LanguageNotKnown,
    RecognisedWord,
    RegionRefused,
)
from scenedex.engines.speech.utterances import utterances, without_loops
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


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Request for a language: Whisper's codes, ours, and a sentence that sets the script.

    Whisper has one Chinese, which it writes in the script of the prompt.
    """

    candidates: Mapping[str, str]
    prompt: str | None = None


_LANGUAGES: Final[Mapping[SpokenLanguage, _Spoken]] = {
    "ENKO": _Spoken({"en": "en", "ko": "ko"}),
    "EN": _Spoken({"en": "en"}),
    "KO": _Spoken({"ko": "ko"}),
    "JA": _Spoken({"ja": "ja"}),
    "ZH-CN": _Spoken({"zh": "zh-CN"}, "以下是普通话的句子。"),
    "ZH-TW": _Spoken({"zh": "zh-TW"}, "以下是普通話的句子。"),
}


@dataclass(frozen=True, slots=True)
class Guards:
    """Limits beyond which a result of the network is discarded, `None` for no limit.

    Attributes:
        min_log_probability: minimum mean over its tokens.
        max_silence: maximum probability of silence, for a result that is not certain.
        sure_log_probability: mean from which a result is certain.
        max_repetition: maximum compression ratio of the text.
    """

    min_log_probability: float | None = -1.0
    max_silence: float | None = 0.6
    sure_log_probability: float = -0.5
    max_repetition: float | None = 2.4


class _Model(Protocol):
    model: Any
    feature_extractor: FeatureExtractor

    def transcribe(
        self, audio: NDArray[np.float32], **options: object
    ) -> tuple[Iterable[Segment], TranscriptionInfo]: ...


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
        english: frozenset[SpokenLanguage] = frozenset({"EN"})
        self.languages: Final = WHISPER_LANGUAGES if self._model.model.is_multilingual else english

    def recognise(self, samples: NDArray[np.int16], language: SpokenLanguage) -> Sequence[RecognisedUtterance]:
        """Return the utterances of a region."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        if len(samples) < _SHORTEST:
            return []
        spoken = _LANGUAGES[language]
        # Second attempts are sampled, with the same seed for the same region.
        ctranslate2.set_random_seed(_SEED)  # pyright: ignore[reportUnknownMemberType]  # the library is untyped
        segments, code = self._transcribe(samples.astype(np.float32) / _FULL_SCALE, spoken)
        longest = len(samples) / RATE
        words = [
            word for segment in segments if self._is_plausible(segment, spoken) for word in _words(segment, longest)
        ]
        return utterances(without_loops(_in_order(words)), spoken.candidates[code])

    def _transcribe(self, sound: NDArray[np.float32], spoken: _Spoken) -> tuple[Iterable[Segment], str]:
        if len(spoken.candidates) == 1:
            (code,) = spoken.candidates
            return self._ask(sound, code, spoken)[0], code
        # Nothing is decoded before the segments are iterated, so this call only detects the language.
        segments, info = self._ask(sound, None, spoken)
        likely = dict(info.all_language_probs or ())
        code = max(spoken.candidates, key=lambda candidate: likely.get(candidate, 0.0))
        return (segments if code == info.language else self._ask(sound, code, spoken)[0]), code

    def _ask(
        self, sound: NDArray[np.float32], code: str | None, spoken: _Spoken
    ) -> tuple[Iterable[Segment], TranscriptionInfo]:
        return self._model.transcribe(
            sound,
            language=code,
            task="transcribe",
            beam_size=_BEAMS,
            best_of=1,
            temperature=_TEMPERATURES,
            compression_ratio_threshold=self._guards.max_repetition,
            log_prob_threshold=self._guards.min_log_probability,
            no_speech_threshold=self._guards.max_silence,
            condition_on_previous_text=False,
            initial_prompt=spoken.prompt,
            word_timestamps=True,
            vad_filter=False,
        )

    def _is_plausible(self, segment: Segment, spoken: _Spoken) -> bool:
        guards, likely = self._guards, segment.avg_logprob
        if guards.min_log_probability is not None and likely < guards.min_log_probability:
            return False
        if guards.max_repetition is not None and segment.compression_ratio > guards.max_repetition:
            return False
        if guards.max_silence is not None and segment.no_speech_prob > guards.max_silence:
            return likely >= guards.sure_log_probability
        return segment.text.strip() != spoken.prompt


def _words(segment: Segment, longest: float) -> list[RecognisedWord]:
    return [
        RecognisedWord(
            word.word,
            min(max(float(word.start), 0.0), longest),
            min(max(float(word.end), 0.0), longest),
            min(max(float(word.probability), 0.0), 1.0),
        )
        for word in segment.words or ()
        if word.word.strip()
    ]


def _in_order(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Return the words without overlaps, which alignment sometimes produces."""
    ordered: list[RecognisedWord] = []
    last = 0.0
    for word in words:
        start = max(word.start, last)
        last = max(word.end, start)
        ordered.append(RecognisedWord(word.text, start, last, word.confidence))
    return ordered


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
