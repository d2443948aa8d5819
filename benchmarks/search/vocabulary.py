"""Artificial lines in four languages, with realistic frequencies of words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

_SPACED = frozenset({"EN", "KO"})
_BATCH_SIZE = 10_000
_EXPONENT, _SHIFT = 1.05, 2.7  # of Zipf's law with Mandelbrot's shift

CODES: Final = ("EN", "KO", "JA", "ZH")
WORDS: Final = {"EN": 30_000, "KO": 15_000, "JA": 15_000, "ZH": 15_000}
SHARES: Final = (0.4, 0.2, 0.2, 0.2)


@dataclass(frozen=True, slots=True)
class Language:
    """A language, with its words from the most frequent to the rarest.

    Attributes:
        code: code of the language in scripts.
        words: distinct words.
        gap: separator of two words.
        stop: end of a sentence.
        chances: for each word, the probability that a word is this one or a more frequent one.
    """

    code: str
    words: tuple[str, ...]
    gap: str
    stop: str
    chances: NDArray[np.float64]

    def draw(self, chance: np.random.Generator, count: int) -> list[str]:
        """Draw words by their frequency."""
        places = np.searchsorted(self.chances, chance.random(count))
        return [self.words[place] for place in places]

    def sentence(self, words: Sequence[str]) -> str:
        """Join words to a sentence."""
        return self.gap.join(words) + self.stop


def languages() -> list[Language]:
    """Return the four languages, which are the same each time."""
    chance = np.random.default_rng(3)
    lists = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return [_language(chance, lists, code) for code in CODES]


def _language(chance: np.random.Generator, lists: Mapping[str, Mapping[str, str]], code: str) -> Language:
    words = dict.fromkeys(lists[code]["common"].split())
    size = WORDS[code]
    for word in _composed(chance, lists[code]["parts"].split(), 2, 4 if code in _SPACED else 3):
        words[word] = None
        if len(words) == size:
            break
    frequencies = 1 / (np.arange(size) + 1 + _SHIFT) ** _EXPONENT
    chances = np.cumsum(frequencies) / frequencies.sum()
    # Rounding must not leave a gap after the last word.
    chances[-1] = 1
    gap, stop = (" ", ".") if code in _SPACED else ("", "\u3002")
    return Language(code, tuple(words), gap, stop, chances)


def _composed(chance: np.random.Generator, parts: list[str], min_parts: int, max_parts: int) -> Iterator[str]:
    while True:
        lengths = chance.integers(min_parts, max_parts + 1, _BATCH_SIZE)
        places = chance.integers(len(parts), size=(_BATCH_SIZE, max_parts))
        for length, row in zip(lengths, places, strict=True):
            yield "".join(parts[int(place)] for place in row[:length])
