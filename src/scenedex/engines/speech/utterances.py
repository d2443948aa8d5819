"""From words to utterances, and away with words that a recogniser repeats without end. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scenedex.engines.speech.port import RecognisedUtterance, RecognisedWord

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_UTTERANCE: Final = 12.0
"""Seconds."""

PAUSE: Final = 0.6
"""Seconds of silence that end an utterance."""

_SENTENCE_ENDS: Final = (".", "?", "!", "。", "？", "！", "…")  # noqa: RUF001  # as Chinese and Japanese write them
_CLOSING: Final = "\"'”’」』)）"  # noqa: RUF001  # as Chinese and Japanese write them
_FEWEST_WORDS: Final = 3
_MOST_TIMES: Final = 4
_LONGEST_PHRASE: Final = 12


def utterances(words: Sequence[RecognisedWord], language: str) -> list[RecognisedUtterance]:
    """Utterances of words in order of time: ended by a pause, a sentence mark, or where they grow too long.

    The text of a word may begin with a space: it is then written apart from the one before it.
    """
    lines: list[list[RecognisedWord]] = []
    for word in words:
        if lines and not _ends(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    short = (part for line in lines for part in _short(line))
    return [_utterance(line, language) for line in short]


def without_loops(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """The words, where a phrase that follows itself more than `_MOST_TIMES` is said once."""
    kept: list[RecognisedWord] = []
    said = [word.text.strip().casefold() for word in words]
    place = 0
    while place < len(words):
        phrase, times = _loop(said, place)
        kept += words[place : place + phrase]
        place += phrase * times
    return kept


def _loop(said: Sequence[str], place: int) -> tuple[int, int]:
    """Words of the phrase that begins here, and how often it is to be passed over as one."""
    for length in range(1, _LONGEST_PHRASE + 1):
        phrase = said[place : place + length]
        times = 1
        while said[place + times * length : place + (times + 1) * length] == phrase:
            times += 1
        if len(phrase) == length and times > _MOST_TIMES:
            return length, times
    return 1, 1


def _ends(line: Sequence[RecognisedWord], following: RecognisedWord) -> bool:
    """Whether an utterance ends before a word; points in the middle of a name or number end none."""
    if following.start - line[-1].end >= PAUSE:
        return True
    if not line[-1].text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS):
        return False
    return following.text.startswith(" ") or not following.text[:1].isascii()


def _short(line: Sequence[RecognisedWord]) -> list[Sequence[RecognisedWord]]:
    """Parts that are not too long, cut at the longest pause that is not near an end."""
    if line[-1].end - line[0].start <= LONGEST_UTTERANCE or len(line) < 2:  # noqa: PLR2004  # a word stays whole
        return [line]
    nearest = min(_FEWEST_WORDS, len(line) // 2)
    cut = max(range(nearest, len(line) - nearest + 1), key=lambda place: line[place].start - line[place - 1].end)
    return [*_short(line[:cut]), *_short(line[cut:])]


def _utterance(line: Sequence[RecognisedWord], language: str) -> RecognisedUtterance:
    words = tuple(RecognisedWord(word.text.strip(), word.start, word.end, word.confidence) for word in line)
    return RecognisedUtterance(
        text="".join(word.text for word in line).strip(),
        start=line[0].start,
        end=line[-1].end,
        confidence=math.fsum(word.confidence for word in line) / len(line),
        language=language,
        words=words,
    )
