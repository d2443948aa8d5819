"""Candidate terms: words and phrases of a text. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords.words import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scenedex.engines.keywords.words import Word

LONGEST_PHRASE: Final = 3
LONGEST_UNSPACED: Final = 8
"""Maximum number of characters of a run without spaces that is one word, and the same among kana."""

_LONGEST_CHINESE = 4
_SURE_PHRASE = 2
_PART_LENGTHS = range(2, LONGEST_UNSPACED + 1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Word or phrase at one place of a text.

    Attributes:
        text: its spelling there.
        key: form shared by all its spellings.
        start: position of its first character. ``end`` is the one after its last.
        word_count: number of its words.
        is_name: whether all of its words are capitalised as names.
        is_title: whether it is the whole text.
    """

    text: str
    key: str
    start: int
    end: int
    word_count: int
    is_name: bool
    is_title: bool


def recurring_parts(runs: Iterable[Sequence[Word]]) -> frozenset[str]:
    """Return keys of phrases, and of parts of long runs without spaces, that occur at least twice.

    Parts without spaces that occur only within one longer recurring part are omitted.
    """
    counts: Counter[str] = Counter()
    unspaced: Counter[str] = Counter()
    for run in runs:
        if run[0].script is Script.UNSPACED:
            unspaced.update(part for word in run if _is_sentence(word) for _, part in _parts(word.text))
            unspaced.update(word.text for word in run if not _is_sentence(word))
        else:
            counts.update(_key(words) for words in _phrases(run))
    twice = {part: count for part, count in unspaced.items() if count > 1}
    within = {
        part
        for longer, count in twice.items()
        for _, part in _parts(longer)
        if part != longer and twice.get(part) == count
    }
    return frozenset(key for key, count in counts.items() if count > 1) | (twice.keys() - within)


def candidates_of(
    runs: Sequence[Sequence[Word]], recurring: frozenset[str], *, title: Word | None
) -> Iterator[Candidate]:
    """Return the candidates of one text from the results of `runs_of_words`, `recurring_parts` and `title_of`.

    A title replaces all phrases within it.
    """
    if title is not None:
        word_count = len(title.text.split())
        yield Candidate(title.text, title.key, title.start, title.end, word_count, is_name=False, is_title=True)
    for run in runs:
        if run[0].script is Script.UNSPACED:
            found = (candidate for word in run for candidate in _unspaced(word, recurring))
            yield from (candidate for candidate in found if title is None or candidate.key != title.key)
            continue
        for words in [*([word] for word in run if word.is_alone_enough), *_phrases(run)]:
            candidate = _candidate(words)
            if title is not None:
                is_wanted = len(words) == 1 and candidate.key != title.key
            else:
                is_wanted = len(words) == 1 or candidate.key in recurring or _stands_alone(words, run)
            if is_wanted:
                yield candidate


def _phrases(run: Sequence[Word]) -> Iterator[Sequence[Word]]:
    for length in range(2, LONGEST_PHRASE + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _stands_alone(words: Sequence[Word], run: Sequence[Word]) -> bool:
    """Return whether words that occur once are a phrase: a name, or two words between function words.

    A name with another word behind it is usually a sentence.
    """
    if all(word.is_name for word in words):
        return True
    return len(words) == len(run) == _SURE_PHRASE and not words[0].is_name


def _unspaced(word: Word, recurring: frozenset[str]) -> Iterator[Candidate]:
    if not _is_sentence(word):
        yield _candidate([word])
        return
    for place, part in _parts(word.text):
        if part in recurring:
            start = word.start + place
            yield Candidate(part, part, start, start + len(part), 1, is_name=False, is_title=False)


def _is_sentence(word: Word) -> bool:
    """Return whether a run without spaces is more than one word."""
    return len(word.text) > (LONGEST_UNSPACED if word.is_japanese else _LONGEST_CHINESE)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    for length in _PART_LENGTHS:
        for place in range(len(text) - length + 1):
            yield place, text[place : place + length]


def _key(words: Sequence[Word]) -> str:
    return " ".join(word.key for word in words)


def _candidate(words: Sequence[Word]) -> Candidate:
    return Candidate(
        text=" ".join(word.text for word in words),
        key=_key(words),
        start=words[0].start,
        end=words[-1].end,
        word_count=len(words),
        is_name=all(word.is_name for word in words),
        is_title=False,
    )
