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

_SURE_PHRASE = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Word or phrase at one place of a text.

    Attributes:
        text: its spelling there.
        key: form shared by all its spellings.
        start: position of its first character. ``end`` is the one after its last.
        word_count: number of its words.
        is_noun: whether its last word is a noun.
        is_name: whether all of its words are names.
        is_title: whether it is the whole text.
    """

    text: str
    key: str
    start: int
    end: int
    word_count: int
    is_noun: bool
    is_name: bool
    is_title: bool


def recurring_phrases(runs: Iterable[Sequence[Word]]) -> frozenset[str]:
    """Return the keys of phrases that occur at least twice."""
    counts = Counter(_key(words) for run in runs for words in _phrases(run))
    return frozenset(key for key, count in counts.items() if count > 1)


def candidates_of(
    runs: Sequence[Sequence[Word]], recurring: frozenset[str], *, title: Word | None
) -> Iterator[Candidate]:
    """Return the candidates of one text from the results of `runs_of_words`, `recurring_phrases` and `title_of`.

    A title replaces all phrases within it.
    """
    if title is not None:
        word_count = len(title.text.split())
        yield Candidate(
            title.text, title.key, title.start, title.end, word_count, is_noun=True, is_name=False, is_title=True
        )
    for run in runs:
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
    """Return whether words that occur once are a phrase: a name, or two English nouns between other words."""
    if words[0].script is not Script.SPACED:
        return False
    if all(word.is_name for word in words):
        return True
    are_plain = not any(word.is_name for word in words)
    return len(words) == len(run) == _SURE_PHRASE and are_plain and words[-1].is_noun


def _key(words: Sequence[Word]) -> str:
    return _joint(words).join(word.key for word in words)


def _joint(words: Sequence[Word]) -> str:
    return "" if words[0].script is Script.UNSPACED else " "


def _candidate(words: Sequence[Word]) -> Candidate:
    return Candidate(
        text=_joint(words).join(word.text for word in words),
        key=_key(words),
        start=words[0].start,
        end=words[-1].end,
        word_count=len(words),
        is_noun=words[-1].is_noun,
        is_name=all(word.is_name for word in words),
        is_title=False,
    )
