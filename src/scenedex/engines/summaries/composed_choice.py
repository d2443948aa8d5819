"""Choice among ways to write a summary: few repetitions of the summaries before it, and the same for the same scene."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.engines.summaries.port import Basis, SceneSummary, SummarySentence

SCENES_OF_OPENINGS: Final = 3
"""Number of preceding summaries with whose beginnings none begins."""

_SCENES: Final = 12
_FADE: Final = 0.82
_QUOTE: Final = re.compile("“[^”]*”|『[^』]*』|「[^」]*」")
_DIGITS: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|“”")
_REPEAT: Final = 2.6
# Short sentences of dense scripts share more of their characters than others share words.
_REPEAT_DENSE: Final = 1.7
_NOISE: Final = 0.5
_ORDER_FADE: Final = 0.6
_SAME_ORDER: Final = 0.28
_OPENING_CHARACTERS: Final = 4
_OPENING_WORDS: Final = 2


def opening_of(text: str, *, is_spaced: bool) -> str:
    """Return the beginning by which two summaries seem alike: two words, four characters, or a quotation mark."""
    if text[:1] in "“「『":
        return text[:1]
    bare = _QUOTE.sub("“”", text)
    if not is_spaced:
        return bare[:_OPENING_CHARACTERS]
    words = _WORDS.findall(bare)
    return " ".join(words[:_OPENING_WORDS]).casefold()


def order_of(sentences: Iterable[SummarySentence]) -> tuple[Basis, ...]:
    """Return the order in which a summary writes what is seen, heard and read."""
    order: dict[Basis, None] = {sentence.basis: None for sentence in sentences}
    return tuple(order)


class Row:
    """Row of summaries that another one continues.

    Args:
        preceding: the summaries, in order of time.
        seed: text that decides among equal options.
        is_spaced: whether words of the language are separated by spaces.
    """

    def __init__(self, preceding: Sequence[SceneSummary], seed: str, *, is_spaced: bool) -> None:
        self._seed: Final = seed
        self._is_spaced: Final = is_spaced
        self._weights: Final[dict[str, float]] = defaultdict(float)
        texts = [[sentence.text for sentence in summary.sentences] for summary in preceding[-_SCENES:]]
        for age, sentences in enumerate(reversed(texts)):
            for piece in {piece for text in sentences for piece in self.pieces(text)}:
                self._weights[piece] += _FADE**age
        self._orders: Final[dict[tuple[Basis, ...], float]] = defaultdict(float)
        for age, summary in enumerate(reversed(preceding[-_SCENES:])):
            self._orders[order_of(summary.sentences)] += _ORDER_FADE**age
        self._openings: Final = {
            opening_of(sentences[0], is_spaced=is_spaced) for sentences in texts[-SCENES_OF_OPENINGS:] if sentences
        }

    def has_opening(self, text: str) -> bool:
        """Return whether one of the last summaries begins like this text."""
        return opening_of(text, is_spaced=self._is_spaced) in self._openings

    def same_orders(self, order: tuple[Basis, ...]) -> float:
        """Return how often the last summaries have their parts in this order."""
        return _SAME_ORDER * self._orders.get(order, 0.0) if len(order) > 1 else 0.0

    def pieces(self, text: str) -> frozenset[str]:
        """Return the runs of words or characters by which sentences are compared. Quotes and numbers do not count."""
        frame = _DIGITS.sub("0", _QUOTE.sub("“”", text))
        if self._is_spaced:
            words = ["", *_WORDS.findall(frame.casefold()), ""]
            return frozenset(" ".join(words[place : place + 3]) for place in range(len(words) - 2))
        frame = f"^{frame}"
        return frozenset(frame[place : place + 3] for place in range(max(1, len(frame) - 2)))

    def repetition(self, pieces: Iterable[str], own: frozenset[str]) -> float:
        """Return how much of a text is in the summaries before it, or in the sentences ``own`` of the same one."""
        total = count = 0.0
        for piece in pieces:
            count += 1
            total += self._weights.get(piece, 0.0) + (1.0 if piece in own else 0.0)
        return (_REPEAT if self._is_spaced else _REPEAT_DENSE) * total / count if count else 0.0

    def noise(self, text: str) -> float:
        """Return a small number that the scene and a text determine."""
        return _NOISE * crc32(f"{self._seed}\0{text}".encode("utf-8", "replace")) / 2**32
