"""Text as runs of words that may be keywords or parts of them, in English, Korean, Japanese and Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import stopwords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"
_HANGUL = "\uac00-\ud7a3"
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005\u3006"
_KATAKANA = "\u30a1-\u30fa\u30fc\uff66-\uff9f"
_WORD = re.compile(
    rf"(?P<spaced>[{_LETTER}0-9]+(?:['\u2019&-][{_LETTER}0-9]+)*)"
    rf"|(?P<hangul>[{_HANGUL}]+)"
    rf"|(?P<unspaced>[{_IDEOGRAPH}{_KATAKANA}\u30fb]+)"
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_SENTENCE_END = re.compile('[.!?\u2026\u3002\uff01\uff1f:\u00b7\n"\u201c]\\s*$')
_JOINTS = re.compile("|".join(stopwords.CHINESE_JOINTS))
_POSSESSIVE = re.compile("['\u2019]s?$", re.IGNORECASE)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_ARTICLES = frozenset(("the", "a", "an"))
_MIN_LETTERS = 3
_MIN_CHARACTERS = 2
_MIN_ACRONYM = 2
_FINALS = 28
_FIRST_SYLLABLE = 0xAC00

LONGEST_TITLE: Final = 5
"""Maximum number of words of a title. A longer text is a sentence."""

LONGEST_UNSPACED_TITLE: Final = 16
"""Maximum number of characters of a title in Korean, Japanese and Chinese."""


class Script(Enum):
    """Kind of script, which determines the separation of words."""

    SPACED = "spaced"
    HANGUL = "hangul"
    UNSPACED = "unspaced"


@dataclass(frozen=True, slots=True)
class Word:
    """Word of a text.

    Attributes:
        text: its spelling, without particles or possessive.
        key: form shared by all spellings of the word.
        start: position of its first character in the text. ``end`` is the one after its last.
        script: its kind of script.
        is_name: whether it has a capital that neither its position nor the style of the text explains.
        is_japanese: whether it is among kana.
        ends_phrase: whether a particle was removed, which marks the end of a phrase.
    """

    text: str
    key: str
    start: int
    end: int
    script: Script
    is_name: bool = False
    is_japanese: bool = False
    ends_phrase: bool = False

    @property
    def is_alone_enough(self) -> bool:
        """True if the word has a meaning without its neighbours."""
        if self.script is not Script.SPACED:
            return len(self.text) >= _MIN_CHARACTERS
        if self.text.isupper() and self.is_name:
            return len(self.text) >= _MIN_ACRONYM
        return len(self.text) >= _MIN_LETTERS and not self.text.isnumeric()


def runs_of_words(text: str, stems: Mapping[str, str]) -> list[list[Word]]:
    """Return the words of a text in runs that end at function words, at punctuation and at changes of script.

    ``stems`` is the result of `korean_stems` for all texts together.
    """
    is_shouted = not any(character.islower() for character in text)
    is_japanese = _KANA.search(text) is not None
    runs: list[list[Word]] = [[]]
    last_end, last_script = 0, None
    for match in _WORD.finditer(text):
        gap = text[last_end : match.start()]
        begins_sentence = last_end == 0 or _SENTENCE_END.search(gap) is not None
        words = _words(match, stems, is_capital_news=not (begins_sentence or is_shouted), is_japanese=is_japanese)
        script = words[0].script if words else None
        follows_phrase = bool(runs[-1]) and runs[-1][-1].ends_phrase
        is_cut = bool(gap.strip()) or script is not last_script or script is Script.UNSPACED
        if not words or is_cut or follows_phrase:
            runs.append([])
        for number, word in enumerate(words):
            if number:
                runs.append([])
            runs[-1].append(word)
        last_end, last_script = match.end(), script
    return [run for run in runs if run]


def title_of(text: str) -> Word | None:
    """Return a short text as one title without a leading article, or `None` for other texts and function words.

    Its words need not be keywords of their own.
    """
    words = list(_WORD.finditer(text))
    while words and words[0].group().casefold() in _ARTICLES:
        del words[0]
    if not 0 < len(words) <= LONGEST_TITLE or all(_says_nothing(word.group()) for word in words):
        return None
    is_spaced = all(word.lastgroup == "spaced" for word in words)
    if is_spaced:
        start, end = words[0].start(), words[-1].end()
        key = " ".join(word.group().casefold() for word in words)
        return Word(" ".join(text[start:end].split()), key, start, end, Script.SPACED)
    whole = _EDGES.sub("", text)
    start = text.find(whole)
    if not whole or len(whole) > LONGEST_UNSPACED_TITLE or _SENTENCE_END.search(text) is not None:
        return None
    title = " ".join(whole.split())
    return Word(title, title.casefold(), start, start + len(whole), Script.UNSPACED)


def korean_stems(texts: Iterable[str]) -> dict[str, str]:
    """Return each Korean word of the texts without its particles, with "" for words other than nouns."""
    seen = {match.group() for text in texts for match in _WORD.finditer(text) if match.lastgroup == "hangul"}
    certain = {word: _without_particle(word, frozenset()) for word in seen}
    known = frozenset(certain.values())
    return {word: "" if _is_predicate(word) else _without_particle(stem, known) for word, stem in certain.items()}


def _words(
    match: re.Match[str], stems: Mapping[str, str], *, is_capital_news: bool, is_japanese: bool
) -> Sequence[Word]:
    """Return the words of a stretch of one script, none for a function word."""
    text, start = match.group(), match.start()
    match match.lastgroup:
        case "spaced":
            bare = _POSSESSIVE.sub("", text)
            key = bare.casefold()
            if key in stopwords.ENGLISH or text.casefold().replace("\u2019", "'") in stopwords.ENGLISH:
                return ()
            is_name = is_capital_news and bare[:1].isupper()
            return (Word(bare, key, start, start + len(bare), Script.SPACED, is_name=is_name),)
        case "hangul":
            stem = stems.get(text, text)
            if len(stem) < _MIN_CHARACTERS or stem in stopwords.KOREAN or text in stopwords.KOREAN:
                return ()
            return (Word(stem, stem, start, start + len(text), Script.HANGUL, ends_phrase=stem != text),)
        case _:
            return [
                Word(part, part, start + place, start + place + len(part), Script.UNSPACED, is_japanese=is_japanese)
                for place, part in _parts(text, is_japanese=is_japanese)
            ]


def _parts(run: str, *, is_japanese: bool) -> list[tuple[int, str]]:
    """Divide a run of ideographs and katakana into parts with their positions."""
    parts: list[tuple[int, str]] = []
    begin = 0
    cuts = [] if is_japanese else [(cut.start(), cut.end()) for cut in _JOINTS.finditer(run)]
    for start, end in [*cuts, (len(run), len(run))]:
        part = run[begin:start].strip("\u30fb").lstrip("\u30fc")
        if len(part) >= _MIN_CHARACTERS and part not in stopwords.CHINESE and part not in stopwords.JAPANESE:
            parts.append((begin + run[begin:start].index(part), part))
        begin = end
    return parts


def _without_particle(word: str, known: frozenset[str]) -> str:
    for particle in stopwords.KOREAN_PARTICLES:
        stem = word.removesuffix(particle)
        if stem == word or len(stem) < _MIN_CHARACTERS:
            continue
        if particle in stopwords.KOREAN_RISKY and stem not in known:
            continue
        ends_in_vowel = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS == 0
        wrong = stopwords.KOREAN_AFTER_CONSONANT if ends_in_vowel else stopwords.KOREAN_AFTER_VOWEL
        if particle not in wrong:
            return stem
    return word


def _says_nothing(word: str) -> bool:
    return len(word) == 1 or word.isnumeric() or word.casefold() in stopwords.ENGLISH


def _is_predicate(word: str) -> bool:
    return word not in stopwords.KOREAN_NOUNS_LIKE_PREDICATES and word.endswith(stopwords.KOREAN_PREDICATES)
