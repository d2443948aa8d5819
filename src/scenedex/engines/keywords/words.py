"""Text as runs of words that may be keywords or parts of them, in English, Korean, Japanese and Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import stopwords
from scenedex.engines.keywords.english import WordKind, kinds_of
from scenedex.engines.keywords.japanese import japanese_nouns
from scenedex.engines.keywords.korean import MIN_SYLLABLES, korean_nouns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"
_HANGUL = "\uac00-\ud7a3"
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3006"
_KANA_LETTERS = "\u3041-\u3096\u30a1-\u30fa\u30fc\u30fb\uff66-\uff9f"
_SPACED = re.compile(rf"[{_LETTER}0-9]+(?:['\u2019&-][{_LETTER}0-9]+)*")
_KOREAN = re.compile(f"[{_HANGUL}]+")
_ANY = re.compile(rf"{_SPACED.pattern}|[{_HANGUL}{_IDEOGRAPH}{_KANA_LETTERS}]+")
_DENSE = re.compile(f"[{_IDEOGRAPH}]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_SENTENCE_END = re.compile('[.!?\u2026\u3002\uff01\uff1f:\u00b7\n"\u201c]\\s*$')
_POSSESSIVE = re.compile("['\u2019]s?$", re.IGNORECASE)
_QUANTITY = re.compile("[0-9]{2,}[A-Za-z]{0,3}|[0-9]+[A-Za-z]{2,3}")
_ARTICLES = frozenset(("the", "a", "an"))
_MIN_LETTERS = 3
_MIN_ACRONYM = 2
_MIN_HEADLINE = 4
_HEADLINE_CAPITALS = 0.8

LONGEST_TITLE: Final = 5
"""Maximum number of words of a title. A longer text is a sentence."""


class Script(Enum):
    """WordKind of script, which determines the separation of words."""

    SPACED = "spaced"
    HANGUL = "hangul"
    UNSPACED = "unspaced"


@dataclass(frozen=True, slots=True)
class Word:
    """Word of a text that may be a noun.

    Attributes:
        text: its spelling, without particles or possessive.
        key: form shared by all spellings of the word.
        start: position of its first character in the text. ``end`` is the one after its last.
        script: its kind of script.
        is_noun: whether it is a noun rather than a word of unknown kind.
        is_name: whether it is a name: it has a capital that neither its position nor the style of the text explains, or
            a dictionary or a title behind it tells.
        ends_phrase: whether a particle was removed, which marks the end of a phrase.
    """

    text: str
    key: str
    start: int
    end: int
    script: Script
    is_noun: bool = True
    is_name: bool = False
    ends_phrase: bool = False

    @property
    def is_alone_enough(self) -> bool:
        """True if the word has a meaning without its neighbours."""
        if self.script is not Script.SPACED:
            return True
        if self.text.isupper() and self.is_name:
            return len(self.text) >= _MIN_ACRONYM
        return len(self.text) >= _MIN_LETTERS and not _QUANTITY.fullmatch(self.text)


def is_japanese(texts: Iterable[str]) -> bool:
    """Return whether texts with ideographs are Japanese: kana are among every third of them."""
    dense = [text for text in texts if _DENSE.search(text)]
    return 3 * sum(_KANA.search(text) is not None for text in dense) > len(dense)


def korean_stems(texts: Iterable[str]) -> dict[str, str]:
    """Return each Korean word of the texts without its particles, with "" for words other than nouns."""
    return korean_nouns({match.group() for text in texts for match in _KOREAN.finditer(text)})


def runs_of_words(text: str, stems: Mapping[str, str], *, in_japan: bool = False) -> list[list[Word]]:
    """Return the nouns of a text, and words that may be nouns, in runs of adjacent ones of one script.

    Args:
        text: the text.
        stems: result of `korean_stems` for all texts together.
        in_japan: whether ideographs without kana are Japanese.
    """
    found = [*_spaced(text), *_korean(text, stems), *_dense(text, in_japan=in_japan)]
    runs: list[list[Word]] = []
    for word in sorted(found, key=lambda word: word.start):
        last = runs[-1][-1] if runs else None
        if (
            last is None
            or last.ends_phrase
            or last.script is not word.script
            or text[last.end : word.start].strip()
            or (word.script is Script.UNSPACED and last.end != word.start)
        ):
            runs.append([])
        runs[-1].append(word)
    return runs


def title_of(text: str) -> Word | None:
    """Return a short text in letters as one title without a leading article, or `None` for other texts.

    All of its words but function words have capitals, unless it is a single word.
    """
    matches = list(_ANY.finditer(text))
    while matches and matches[0].group().casefold() in _ARTICLES:
        del matches[0]
    content = [match.group() for match in matches if not _says_nothing(match.group())]
    if not content or len(matches) > LONGEST_TITLE or not all(_SPACED.fullmatch(match.group()) for match in matches):
        return None
    if len(matches) > 1 and not all(word[:1].isupper() or word[:1].isdigit() for word in content):
        return None
    start, end = matches[0].start(), matches[-1].end()
    key = " ".join(match.group().casefold() for match in matches)
    return Word(" ".join(text[start:end].split()), key, start, end, Script.SPACED)


def _spaced(text: str) -> Iterator[Word]:
    matches = list(_SPACED.finditer(text))
    gaps = [text[a.end() : b.start()] for a, b in pairwise(matches)]
    bare = [_POSSESSIVE.sub("", match.group()) for match in matches]
    starts = [not place or _SENTENCE_END.search(gaps[place - 1]) is not None for place in range(len(matches))]
    is_informative = _are_capitals_informative(text, bare)
    plain = [word if is_informative and not starts[place] else word.casefold() for place, word in enumerate(bare)]
    kinds = kinds_of(
        # The possessive of a function word is one too: it's, that's.
        [
            plain[n] if match.group() == bare[n] or not _is_function(match.group()) else match.group()
            for n, match in enumerate(matches)
        ],
        [bool(gap.strip()) for gap in gaps] + [True],
    )
    for match, word, kind, written in zip(matches, bare, kinds, plain, strict=True):
        if kind is not WordKind.OTHER and word:
            yield Word(
                word,
                word.casefold(),
                match.start(),
                match.start() + len(word),
                Script.SPACED,
                is_noun=kind is WordKind.NOUN,
                is_name=written[:1].isupper(),
            )


def _is_function(word: str) -> bool:
    return word.casefold().replace("\u2019", "'") in stopwords.ENGLISH


def _are_capitals_informative(text: str, words: Sequence[str]) -> bool:
    """Return whether capitals make names: not in texts of capitals, nor in headlines with a capital for each word."""
    if not any(character.islower() for character in text):
        return False
    content = [word for word in words if word and not _is_function(word)]
    capitals = sum(word[:1].isupper() for word in content)
    return len(content) < _MIN_HEADLINE or capitals < _HEADLINE_CAPITALS * len(content)


def _korean(text: str, stems: Mapping[str, str]) -> Iterator[Word]:
    for match in _KOREAN.finditer(text):
        word = match.group()
        stem = stems.get(word, word)
        # A counter is not a noun.
        if text[match.start() - 1 : match.start()].isdigit():
            continue
        if len(stem) >= MIN_SYLLABLES and stem not in stopwords.KOREAN and word not in stopwords.KOREAN:
            yield Word(stem, stem, match.start(), match.end(), Script.HANGUL, ends_phrase=stem != word)


def _dense(text: str, *, in_japan: bool) -> Iterator[Word]:
    if _KANA.search(text) or (in_japan and _DENSE.search(text)):
        found = japanese_nouns(text)
    elif _DENSE.search(text):
        # The dictionary takes 33 MB, which servers without Chinese texts save.
        from scenedex.engines.keywords.chinese import chinese_nouns  # noqa: PLC0415

        found = chinese_nouns(text)
    else:
        return
    for start, noun, is_name in found:
        # One character is a word in many others, so it is less certain.
        is_noun = len(noun) > 1
        yield Word(noun, noun, start, start + len(noun), Script.UNSPACED, is_noun=is_noun, is_name=is_name)


def _says_nothing(word: str) -> bool:
    return len(word) == 1 or _QUANTITY.fullmatch(word) is not None or word.casefold() in stopwords.ENGLISH
