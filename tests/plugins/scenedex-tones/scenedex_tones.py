"""Two engines for Scenedex: a tagger that takes pure tones for music, and a recogniser that reads tones as words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.catalog import Entry, WeightFile
from scenedex.engines.engine import Engine, EngineContext, EngineUnavailable
from scenedex.engines.sounds import MUSIC, SoundKind, WindowRefused
from scenedex.engines.spec import EngineSpec
from scenedex.engines.speech import (
    RATE,
    SPEECH,
    LanguageNotKnown,
    RecognisedUtterance,
    RecognisedWord,
    Recognition,
    RegionRefused,
    SpokenLanguage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PURE_TONES: Final = EngineSpec(
    port=MUSIC, engine=Engine("pure-tones", "1"), factory="scenedex_tones:open_pure_tones", licence="MIT"
)

TONE_WORDS: Final = EngineSpec(
    port=SPEECH,
    engine=Engine("tone-words", "1", "tone-words-en"),
    factory="scenedex_tones:open_tone_words",
    licence="MIT",
    languages=frozenset({"EN", "ENKO"}),
    weights=Entry(
        "tone-words-en",
        "words of tones",
        "CC0-1.0",
        "https://example.org/tone-words",
        (
            WeightFile(
                "words.json",
                "https://example.org/tone-words/words.json",
                30,
                "12c462059ec8da585d2398c8e4feee72f62a34cbb20b134a1cfb664e7f9799dc",
            ),
        ),
    ),
)

SPECS: Final = (PURE_TONES, TONE_WORDS)

_LONGEST_REGION: Final = 30 * RATE


class PureTones:
    """Is as sure of music as its strongest tone has a share in the power of the sound."""

    engine: Final = PURE_TONES.engine
    longest: Final = 10 * RATE

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the confidence of each kind."""
        if not 0 < len(samples) <= self.longest:
            raise WindowRefused
        power = _spectrum(samples) ** 2
        share = float(power.max() / (power.sum() + 1))
        return {kind: share if kind is SoundKind.BACKGROUND_MUSIC else 0.0 for kind in SoundKind}


class ToneWords:
    """Reads a region as the word whose frequency is the strongest."""

    engine: Final = TONE_WORDS.engine
    languages: Final = frozenset[SpokenLanguage]({"EN", "ENKO"})

    def __init__(self, words: Path) -> None:
        try:
            found: dict[str, int] = json.loads(words.read_bytes())
        except (OSError, ValueError) as error:
            raise EngineUnavailable(f"{words.name} is missing or damaged: scenedex weights verify") from error
        self._words = found

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Return the word of a region."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > _LONGEST_REGION:
            raise RegionRefused
        if not voices or len(samples) < RATE // 10 or not samples.any():
            return Recognition(())
        hertz = float(_spectrum(samples).argmax()) * RATE / len(samples)
        text = min(self._words, key=lambda word: abs(self._words[word] - hertz))
        word = RecognisedWord(text, 0.0, len(samples) / RATE, 0.9)
        return Recognition((RecognisedUtterance(text, word.start, word.end, word.confidence, "en", (word,)),))


def open_pure_tones(_context: EngineContext) -> PureTones:
    """Open the tagger."""
    return PureTones()


def open_tone_words(context: EngineContext) -> ToneWords:
    """Open the recogniser with its downloaded words."""
    return ToneWords(context.weights_folder / "words.json")


def _spectrum(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    return np.abs(np.fft.rfft(samples.astype(np.float64)))
