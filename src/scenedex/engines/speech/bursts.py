"""Fake of the port: a recogniser that takes bursts of a tone for words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import Engine
from scenedex.engines.speech.port import WHISPER_LANGUAGES, LanguageNotKnown, RecognisedWord, Recognition, RegionRefused
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

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Return a word for each burst."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        lines: list[RecognisedUtterance] = []
        for first, last in voices:
            found = [(first + start, first + end) for start, end in _bursts(samples[first:last])]
            pitches = [_hertz(samples[start:end]) for start, end in found]
            words = [
                RecognisedWord(f" {hertz}", start / RATE, end / RATE, 0.9)
                for hertz, (start, end) in zip(pitches, found, strict=True)
            ]
            heard = ("KO" if max(pitches, default=0) >= KOREAN_FROM_HERTZ else "EN") if language == "ENKO" else language
            lines += utterances(words, _CODES[heard])
        return Recognition(tuple(lines))


def _bursts(samples: NDArray[np.int16]) -> list[tuple[int, int]]:
    steps = np.pad(samples, (0, -len(samples) % _STEP)).reshape(-1, _STEP).astype(np.float64)
    loud = np.concatenate([[False], (steps**2).mean(axis=1) > _MIN_LOUDNESS**2, [False]])
    edges = np.flatnonzero(loud[1:] != loud[:-1]).reshape(-1, 2) * _STEP
    return [(start, min(end, len(samples))) for start, end in edges.tolist()]


def _hertz(samples: NDArray[np.int16]) -> int:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return round(int(spectrum.argmax()) * RATE / len(samples) / 100) * 100
