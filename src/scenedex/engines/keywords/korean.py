"""Nouns of Korean texts: words without their particles, distinguished from verbs and adjectives by their endings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import stopwords

if TYPE_CHECKING:
    from collections.abc import Collection

MIN_SYLLABLES: Final = 2
_FINALS: Final = 28
_FIRST_SYLLABLE: Final = 0xAC00


def korean_nouns(words: Collection[str]) -> dict[str, str]:
    """Return the noun in each Korean word of all texts together, with "" for words other than nouns."""
    # A word that is followed by another particle elsewhere has no particle at its own end.
    whole = {stem for stem, particle in map(_cut, words) if particle not in stopwords.KOREAN_RISKY and stem in words}
    return {word: _noun(word, whole) for word in words}


def _noun(word: str, whole: Collection[str]) -> str:
    if word in stopwords.KOREAN or any(word.removesuffix(one) in stopwords.KOREAN for one in stopwords.KOREAN_RISKY):
        return ""
    for determiner in stopwords.KOREAN_DETERMINERS:
        if word.startswith(determiner):
            return _noun(word.removeprefix(determiner), whole)
    for copula in stopwords.KOREAN_COPULAS:
        stem = word.removesuffix(copula)
        if stem != word and len(stem) >= MIN_SYLLABLES:
            return stem
    if is_predicate(word):
        return ""
    stem = word if word in whole else _without_particle(word)
    return "" if stem in stopwords.KOREAN or (stem != word and _is_verb_stem(stem)) else stem


def is_predicate(word: str) -> bool:
    """Return whether a word ends like a verb, an adjective or an adverb made of one."""
    nouns = stopwords.KOREAN_NOUNS_LIKE_PREDICATES
    if word in nouns:
        return False
    # Also, a country: 국가도 ends like 가도, although one goes.
    if word[-1:] in stopwords.KOREAN_RISKY and (
        word[:-1] in nouns or word[:-1].endswith(stopwords.KOREAN_NOUNS_LIKE_PARTICLES)
    ):
        return False
    return word.endswith(stopwords.KOREAN_PREDICATES)


def _is_verb_stem(stem: str) -> bool:
    """Return whether a word that had a particle is a verb as a noun: to build, to eat."""
    return stem.endswith("기") and stem[-2:] in stopwords.KOREAN_GERUNDS


def _without_particle(word: str) -> str:
    """Return a noun without its particle, or "" for words other than nouns."""
    stem, particle = _cut(word)
    return "" if particle in stopwords.KOREAN_RISKY and is_predicate(stem) else stem


def _cut(word: str) -> tuple[str, str]:
    """Return a word without its particle, and the particle, "" if it has none."""
    if word.endswith(stopwords.KOREAN_NOUNS_LIKE_PARTICLES):
        return word, ""
    for particle in stopwords.KOREAN_PARTICLES:
        stem = word.removesuffix(particle)
        if stem == word:
            continue
        if len(stem) < MIN_SYLLABLES:
            # A noun of one syllable, which is too short.
            if stem and particle in stopwords.KOREAN_SURE:
                return "", particle
            continue
        ends_in_vowel = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS == 0
        wrong = stopwords.KOREAN_AFTER_CONSONANT if ends_in_vowel else stopwords.KOREAN_AFTER_VOWEL
        if particle not in wrong:
            return stem, particle
    return word, ""
