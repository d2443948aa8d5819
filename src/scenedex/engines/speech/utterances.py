"""Utterances of words, and removal of words that a recogniser repeats endlessly. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scenedex.engines.speech.port import RecognisedUtterance, RecognisedWord

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_UTTERANCE: Final = 12.0
"""Maximum length of an utterance, in seconds."""

PAUSE: Final = 0.6
"""Seconds of silence that end an utterance."""

_SENTENCE_ENDS: Final = (".", "?", "!", "。", "？", "！", "…")  # noqa: RUF001  # as Chinese and Japanese write them
_CLOSING: Final = "\"'”’」』)）"  # noqa: RUF001  # as Chinese and Japanese write them
_TITLES: Final = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "St.", "Prof.", "No.", "vs."})
_MIN_WORDS: Final = 3
_MAX_TIMES: Final = 4
_LONGEST_PHRASE: Final = 12


def utterances(
    words: Sequence[RecognisedWord], language: str, *, pauses: Sequence[float] = (), is_rough: bool = False
) -> list[RecognisedUtterance]:
    """Group words in order of time into utterances that end at a pause, a sentence mark or the maximum length.

    Args:
        words: the text of a word begins with a space if it is separated from the word before it.
        language: language of the utterances.
        pauses: times of further pauses, in seconds. The end of a word is often later than its voice.
        is_rough: whether many of the words are wrong.
    """
    lines: list[list[RecognisedWord]] = []
    for word in words:
        if lines and not _ends(lines[-1], word, pauses):
            lines[-1].append(word)
        else:
            lines.append([word])
    short = (part for line in lines for part in _short(line))
    return [_utterance(line, language, is_rough=is_rough) for line in short]


def is_whole(line: RecognisedUtterance) -> bool:
    """Return whether all characters were written to their ends. A network may write one in several parts."""
    return "\N{REPLACEMENT CHARACTER}" not in line.text


def without_loops(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Remove repetitions: a phrase that follows itself more than `_MAX_TIMES` times is kept once."""
    kept: list[RecognisedWord] = []
    said = [word.text.strip().casefold() for word in words]
    place = 0
    while place < len(words):
        phrase, times = _loop(said, place)
        kept += words[place : place + phrase]
        place += phrase * times
    return kept


def _loop(said: Sequence[str], place: int) -> tuple[int, int]:
    """Return the number of words of the repeated phrase that begins here, and the number of its repetitions."""
    for length in range(1, _LONGEST_PHRASE + 1):
        phrase = said[place : place + length]
        times = 1
        while said[place + times * length : place + (times + 1) * length] == phrase:
            times += 1
        if len(phrase) == length and times > _MAX_TIMES:
            return length, times
    return 1, 1


def _ends(line: Sequence[RecognisedWord], following: RecognisedWord, pauses: Sequence[float]) -> bool:
    """Return whether an utterance ends before a word. Points within a name or number, or after a title, end none."""
    if following.start - line[-1].end >= PAUSE or any(line[-1].end <= time <= following.start for time in pauses):
        return True
    last = line[-1].text.strip()
    if last in _TITLES or not last.rstrip(_CLOSING).endswith(_SENTENCE_ENDS):
        return False
    return following.text.startswith(" ") or not following.text[:1].isascii()


def _short(line: Sequence[RecognisedWord]) -> list[Sequence[RecognisedWord]]:
    """Divide a long utterance at the longest pause that is not near an end."""
    if line[-1].end - line[0].start <= LONGEST_UTTERANCE or len(line) < 2:  # noqa: PLR2004  # a word stays whole
        return [line]
    nearest = min(_MIN_WORDS, len(line) // 2)
    cut = max(range(nearest, len(line) - nearest + 1), key=lambda place: line[place].start - line[place - 1].end)
    return [*_short(line[:cut]), *_short(line[cut:])]


def _utterance(line: Sequence[RecognisedWord], language: str, *, is_rough: bool) -> RecognisedUtterance:
    words = tuple(RecognisedWord(word.text.strip(), word.start, word.end, word.confidence) for word in line)
    return RecognisedUtterance(
        text="".join(word.text for word in line).strip(),
        start=line[0].start,
        end=line[-1].end,
        confidence=math.fsum(word.confidence for word in line) / len(line),
        language=language,
        words=words,
        is_rough=is_rough,
    )
