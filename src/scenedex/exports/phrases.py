"""Words and phrases of spoken lines, between which subtitles may be divided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from scenedex.exports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.exports.content import ExportedWord, SceneFinding

# A row of 42 Latin letters holds 16 letters of other scripts, and 13 of Japanese.
_WIDE_COLUMNS: Final = 42 / 16
_JAPANESE_COLUMNS: Final = 42 / 13
_MAX_TOKEN_COLUMNS: Final = 34.0

_HAN_OR_KANA: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"[.?!。？！…]['\"”’»)）」』]*$")
_CLAUSE_END: Final = re.compile(r"[,;:、，；：—–]['\"”’»)）」』]*$")
_NEVER_FIRST: Final = frozenset(
    "、。，．・：；？！)）]］}｝」』】〉》”’…ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ%％,.!?;:"
)
_NEVER_LAST: Final = frozenset("(（[［{｛「『【〈《“‘$¥￥")
_JAPANESE_PARTICLES: Final = frozenset("はがをにでともへてば")
_CHINESE_PARTICLES: Final = frozenset("的了呢吗吧着")
# Endings of Korean words after which a phrase ends.
_KOREAN_ENDINGS: Final = re.compile(
    r"(?:은|는|이|가|을|를|에|에서|에게|으로|로|와|과|도|고|며|면|서|니까|지만|는데|다|요|까)$"
)
# Words that begin a phrase in English.
_STARTERS: Final = frozenset(
    {
        "and",
        "or",
        "but",
        "because",
        "that",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "while",
        "if",
        "as",
        "than",
        "so",
        "then",
        "though",
        "although",
        "until",
        "unless",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "without",
        "from",
        "by",
        "into",
        "onto",
        "over",
        "under",
        "about",
        "after",
        "before",
        "between",
        "through",
        "during",
    }
)

_COST_OF_SENTENCE: Final = 0.0
_COST_OF_CLAUSE: Final = 2.0
_COST_OF_PHRASE: Final = 4.0
_COST_OF_WORD: Final = 8.0
_COST_OF_CHARACTER: Final = 10.0
_COST_OF_ERROR: Final = 60.0
_PAUSE_MS: Final = 300
_RELIEF_OF_PAUSE: Final = 3.0


@dataclass(frozen=True, slots=True)
class SubtitleWord:
    """A word, or a character of a script without spaces.

    Attributes:
        text: the word, without spaces around it.
        separator: space before it, or nothing.
        start_ms: when it begins to be said.
        end_ms: when it has been said.
        columns: its width, of which a row has 42.
        break_cost: cost of a row or cue that ends with it.
    """

    text: str
    separator: str
    start_ms: int
    end_ms: int
    columns: float
    break_cost: float


def tokens_of(line: SceneFinding) -> tuple[SubtitleWord, ...]:
    """Return the words of a line with their times. The times of words that are not known follow from their places."""
    text = one_line(line.text)
    spans = _spans(text)
    clock = _Clock(text, line)
    is_japanese = _is_japanese(line.language, text)
    times = [(clock.at(start), max(clock.at(end), clock.at(start))) for start, end in spans]
    tokens: list[SubtitleWord] = []
    for number, (start, end) in enumerate(spans):
        following = spans[number + 1] if number + 1 < len(spans) else None
        cost = 0.0
        if following is not None:
            pause = times[number + 1][0] - times[number][1]
            cost = max(0.0, _break_cost(text, (start, end), following) - (_RELIEF_OF_PAUSE if pause > _PAUSE_MS else 0))
        separator = " " if start and text[start - 1] == " " else ""
        word = text[start:end]
        tokens.append(SubtitleWord(word, separator, *times[number], columns_of(word, is_japanese=is_japanese), cost))
    return tuple(tokens)


def columns_of(text: str, *, is_japanese: bool = False) -> float:
    """Return the width of a text, of which a row has 42."""
    if text.isascii():
        return len(text)
    wide = _JAPANESE_COLUMNS if is_japanese else _WIDE_COLUMNS
    return sum(wide if east_asian_width(character) in "WF" else 1 for character in text)


def _is_japanese(language: str, text: str) -> bool:
    return language.upper().startswith("JA") or _KANA.search(text) is not None


def _spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each word. Han and kana are single characters with the marks that stay with them."""
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        start, end = word.span()
        if _HAN_OR_KANA.search(word.group()) is None and columns_of(word.group()) <= _MAX_TOKEN_COLUMNS:
            spans.append((start, end))
            continue
        at = start
        for place in range(start + 1, end):
            if _can_divide(text, at, place):
                spans.append((at, place))
                at = place
        spans.append((at, end))
    return spans


def _can_divide(text: str, start: int, place: int) -> bool:
    """Return whether a token may end between two characters of a word."""
    before, after = text[place - 1], text[place]
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        # A row of marks alone must end somewhere.
        return columns_of(text[start : place + 1]) > _MAX_TOKEN_COLUMNS
    is_within = _HAN_OR_KANA.match(before) is None and _HAN_OR_KANA.match(after) is None
    return not is_within or columns_of(text[start : place + 1]) > _MAX_TOKEN_COLUMNS


def _break_cost(text: str, span: tuple[int, int], following: tuple[int, int]) -> float:
    word, after = text[slice(*span)], text[slice(*following)]
    if _SENTENCE_END.search(word):
        return _COST_OF_SENTENCE
    if _CLAUSE_END.search(word):
        return _COST_OF_CLAUSE
    if after[0] in _NEVER_FIRST or word[-1] in _NEVER_LAST:
        return _COST_OF_ERROR
    if span[1] == following[0]:
        ends_phrase = word[-1] in _JAPANESE_PARTICLES | _CHINESE_PARTICLES and _KANA.match(after) is None
        return _COST_OF_PHRASE if ends_phrase else _COST_OF_CHARACTER
    if after.lower() in _STARTERS or _KOREAN_ENDINGS.search(word):
        return _COST_OF_PHRASE
    return _COST_OF_WORD


class _Clock:
    """Times of the places of a line, by the times of its words as far as they are known."""

    def __init__(self, text: str, line: SceneFinding) -> None:
        end_ms = max(line.end_ms, line.start_ms + 1)
        self._points = [(0, line.start_ms), *_points(text, line.words), (len(text), end_ms)]

    def at(self, place: int) -> int:
        """Return the time of a place."""
        low, high = 0, len(self._points) - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._points[middle][0] <= place else (low, middle)
        (start, start_ms), (end, end_ms) = self._points[low], self._points[high]
        share = (place - start) / (end - start) if end > start else 0.0
        return round(start_ms + min(max(share, 0.0), 1.0) * (end_ms - start_ms))


def _points(text: str, words: Sequence[ExportedWord]) -> list[tuple[int, int]]:
    """Return the places of the starts and ends of words, or nothing if the text does not consist of the words."""
    points: list[tuple[int, int]] = []
    at = 0
    for word in words:
        shown = one_line(word.text)
        found = text.find(shown, at)
        if found < 0:
            return []
        points += [(found, word.start_ms), (found + len(shown), max(word.end_ms, word.start_ms))]
        at = found + len(shown)
    return points
