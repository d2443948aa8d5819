"""English speech by PocketSphinx, with the acoustic and language model inside its wheel. Rough, but always there."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, Protocol, cast

import numpy as np
from pocketsphinx import Decoder  # pyright: ignore[reportUnknownVariableType]  # the library is untyped

from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.speech.port import (
    POCKETSPHINX,
    POCKETSPHINX_LANGUAGES,
    LanguageNotKnown,
    RecognisedWord,
    Recognition,
    RegionRefused,
)
from scenedex.engines.speech.utterances import utterances
from scenedex.engines.voice.port import LONGEST_REGION, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.speech.port import RecognisedUtterance, SpokenLanguage

MIN_REGION_CONFIDENCE: Final = 0.37
"""Minimum mean confidence of all words of a region. The benchmark of speech measures English and other languages."""

MIN_REGION_CONFIDENCE_SHORT: Final = 0.5
"""The same for a region of less than `_FEW_WORDS`, whose mean varies more."""

MIN_CONFIDENCE: Final = 0.25
"""The same for an utterance of a region in English."""

MIN_CONFIDENCE_ALONE: Final = 0.5
"""The same for an utterance of one word, because noise often resembles one."""

_FEW_WORDS: Final = 15
_FRAMES_A_SECOND: Final = 100
_SHORTEST: Final = RATE // 10
_LOUDNESS: Final = 3000.0
_QUIETEST: Final = 10.0
# Wider than its defaults, but bounded for many equally likely words: fewer errors in the same time. More Gaussians a
# frame than its four: lossy sound is recognised nearly as well as the original.
_SEARCH: Final = {"beam": 1e-60, "wbeam": 1e-40, "pbeam": 1e-60, "maxhmmpf": 5000, "topn": 12}
_FILLERS: Final = ("<", "[", "+")
_PRONUNCIATION: Final = re.compile(r"\(\d+\)$")
# Spoken words are not longer. The search extends words over noise.
_LONGEST_WORD_SECONDS: Final = 0.5
_LONGEST_LETTER_SECONDS: Final = 0.1


class _Hypothesis(Protocol):
    word: str
    start_frame: int
    end_frame: int
    prob: float


class _Decoder(Protocol):
    def reinit_feat(self) -> None: ...

    def start_utt(self) -> None: ...

    def process_raw(self, data: bytes, no_search: bool, full_utt: bool) -> object: ...  # noqa: FBT001  # theirs

    def end_utt(self) -> None: ...

    def seg(self) -> Iterable[_Hypothesis] | None: ...


class SphinxRecogniser:
    """PocketSphinx, on one thread."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = POCKETSPHINX
        self.languages: Final = POCKETSPHINX_LANGUAGES
        missing = "The English weights of pocketsphinx are missing: install pocketsphinx again."
        self._decoder = _load(find_in_package("pocketsphinx", "model/en-us", missing))

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Return the utterances in English, each of them rough."""
        if language not in self.languages:
            raise LanguageNotKnown
        if len(samples) > LONGEST_REGION:
            raise RegionRefused
        lines = [line for start, end in voices for line in self._lines(samples[start:end], start / RATE)]
        understood = _understood(lines)
        return Recognition(tuple(understood), len(lines) - len(understood))

    def _lines(self, samples: NDArray[np.int16], offset: float) -> list[RecognisedUtterance]:
        """Return what is recognised in one voice, with times that are ``offset`` seconds later."""
        if len(samples) < _SHORTEST:
            return []
        # Without this it would keep its estimate of noise from the voice before.
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(_evened(samples).tobytes(), False, True)
        self._decoder.end_utt()
        heard = (_word(piece, offset, len(samples) / RATE) for piece in self._decoder.seg() or ())
        return utterances([word for word in heard if word is not None], "en", is_rough=True)


def _understood(lines: Sequence[RecognisedUtterance]) -> list[RecognisedUtterance]:
    """Return the utterances that are English. The words of another language seem likely only here and there."""
    confidences = [word.confidence for line in lines for word in line.words]
    minimum = MIN_REGION_CONFIDENCE if len(confidences) >= _FEW_WORDS else MIN_REGION_CONFIDENCE_SHORT
    if math.fsum(confidences) < minimum * len(confidences):
        return []
    return [
        line for line in lines if line.confidence >= (MIN_CONFIDENCE if len(line.words) > 1 else MIN_CONFIDENCE_ALONE)
    ]


def _evened(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Scale the samples to the loudness of the training data. Near silence is unchanged."""
    values = samples.astype(np.float32)
    loudness = max(_QUIETEST, float(np.sqrt((values**2).mean())))
    return np.clip(values * (_LOUDNESS / loudness), -32768, 32767).astype("<i2")


def _word(piece: _Hypothesis, offset: float, longest: float) -> RecognisedWord | None:
    """Return the word, or `None` for breath, noise, silence and words that are too long."""
    if piece.word.startswith(_FILLERS):
        return None
    text = _PRONUNCIATION.sub("", piece.word)
    start, end = piece.start_frame / _FRAMES_A_SECOND, (piece.end_frame + 1) / _FRAMES_A_SECOND
    if end - start > _LONGEST_WORD_SECONDS + _LONGEST_LETTER_SECONDS * len(text):
        return None
    if text == "i" or text.startswith("i'"):
        text = "I" + text[1:]
    confidence = min(max(piece.prob, 0.0), 1.0)
    return RecognisedWord(f" {text}", offset + min(start, longest), offset + min(end, longest), confidence)


def _load(folder: Path) -> _Decoder:
    try:
        decoder = Decoder(  # pyright: ignore[reportUnknownVariableType]  # the library is untyped
            hmm=str(folder / "en-us"),
            lm=str(folder / "en-us.lm.bin"),
            dict=str(folder / "cmudict-en-us.dict"),
            cmn="batch",
            loglevel="FATAL",
            **_SEARCH,
        )
    except (RuntimeError, ValueError) as error:
        raise EngineUnavailable(
            f"The English weights of pocketsphinx cannot be loaded: install pocketsphinx again. ({error})"
        ) from error
    return cast("_Decoder", decoder)
