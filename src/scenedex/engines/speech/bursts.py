"""Fake of the port: a recogniser that takes bursts of a tone for words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.speech.port import WHISPER_LANGUAGES, LanguageNotKnown, RecognisedWord, RegionRefused
from scenedex.engines.speech.utterances import utterances
from scenedex.engines.voice.port import LONGEST_REGION, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.engines.speech.port import RecognisedUtterance, SpokenLanguage

KOREAN_FROM_HERTZ: Final = 1_000
"""Frequency above which a request for English or Korean gets Korean."""

_STEP: Final = RATE // 100
_MIN_LOUDNESS: Final = 500.0
_CODES: Final = {"EN": "en", "KO": "ko", "JA": "ja", "ZH-CN": "zh-CN", "ZH-TW": "zh-TW"}


class BurstRecogniser:
    """Recognises every loud stretch as a word, its frequency rounded to a hundred hertz."""

    def __init__(self, languages: frozenset[SpokenLanguage] = WHISPER_LANGUAGES) -> None:
        self.engine: Final = Engine("bursts", "1")
        self.languages: Final = languages

    def recognise(self, samples: NDArray[np.int16], language: SpokenLanguage) -> Sequence[RecognisedUtterance]:
        """Return a word for each burst."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        words: list[RecognisedWord] = []
        highest = 0
        for start, end in _bursts(samples):
            hertz = _hertz(samples[start:end])
            highest = max(highest, hertz)
            words.append(RecognisedWord(f" {hertz}", start / RATE, end / RATE, 0.9))
        heard = ("KO" if highest >= KOREAN_FROM_HERTZ else "EN") if language == "ENKO" else language
        return utterances(words, _CODES[heard])


def _bursts(samples: NDArray[np.int16]) -> list[tuple[int, int]]:
    steps = np.pad(samples, (0, -len(samples) % _STEP)).reshape(-1, _STEP).astype(np.float64)
    loud = np.concatenate([[False], (steps**2).mean(axis=1) > _MIN_LOUDNESS**2, [False]])
    edges = np.flatnonzero(loud[1:] != loud[:-1]).reshape(-1, 2) * _STEP
    return [(start, min(end, len(samples))) for start, end in edges.tolist()]


def _hertz(samples: NDArray[np.int16]) -> int:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return round(int(spectrum.argmax()) * RATE / len(samples) / 100) * 100
