"""Nouns of English sentences, distinguished from other words by lists, endings and neighbours."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import english_words as known
from scenedex.engines.keywords.stopwords import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOUN: Final = "a noun"
_OPENERS: Final = known.DETERMINERS | known.PREPOSITIONS | {_NOUN}
_NOUN_ENDINGS: Final = re.compile("(tion|sion|ment|ness|ship|ism|ist|ists|ity|ities|ance|ence|hood|ogy|graphy)s?$")
_OTHER_ENDINGS: Final = re.compile("(ous|ful|less|ible|able|ish|ive)$")
_MIN_STEM: Final = 3


class WordKind(Enum):
    """Kind of a word for keywords. `UNSURE` is a word that may be a noun."""

    NOUN = "noun"
    UNSURE = "unsure"
    OTHER = "other"


def kinds_of(words: Sequence[str], ends: Sequence[bool]) -> list[WordKind]:
    """Return the kind of each word of a text.

    Args:
        words: words in order, with their case.
        ends: for each word, whether punctuation follows that ends a phrase.
    """
    kinds: list[WordKind] = []
    opener = ""
    for place, word in enumerate(words):
        key = word.casefold().replace("\u2019", "'")
        follows = words[place + 1] if place + 1 < len(words) and not ends[place] else ""
        if word[:1].isupper() and follows[:1].isupper() and (key in known.NAME_OPENERS or _is_adjective(key)):
            kinds.append(WordKind.NOUN)
            opener = "the"
        elif key in ENGLISH or key in known.NUMBERS:
            kinds.append(WordKind.OTHER)
            opener = key
        else:
            kinds.append(_kind(key, word, opener, follows.casefold()))
            # A word after an adjective or a noun is a noun, unless it may be a verb.
            opener = _NOUN if kinds[-1] is not WordKind.OTHER else "the" if _is_adjective(key) else ""
        if ends[place]:
            opener = ""
    return kinds


def _kind(key: str, word: str, opener: str, follows: str) -> WordKind:
    is_capital = word[:1].isupper()
    if _is_adjective(key) or key in known.ADVERBS or (key.endswith("ly") and key not in known.NOUNS_IN_LY):
        return WordKind.OTHER
    is_opened = opener in _OPENERS
    # A plural after "this" or "that" is a verb.
    is_verb = _is_verb(key, is_opened=is_opened and not (opener in known.SINGULAR_DETERMINERS and key.endswith("s")))
    if not is_capital and is_verb:
        return WordKind.OTHER
    if key.endswith("ing") and len(key) > len("ing") + 2 and key not in known.NOUNS_IN_ING and not is_capital:
        return WordKind.OTHER if not is_opened else WordKind.UNSURE
    if opener == _NOUN and any(one in known.VERBS_AND_NOUNS for one in (key, *_bases(key))):
        return WordKind.UNSURE
    if _NOUN_ENDINGS.search(key) or is_capital or is_opened:
        return WordKind.NOUN
    return (
        WordKind.UNSURE
        if opener in known.VERB_OPENERS and follows not in {"is", "are", "was", "were"}
        else WordKind.NOUN
    )


def _is_adjective(key: str) -> bool:
    return key in known.ADJECTIVES or (
        _OTHER_ENDINGS.search(key) is not None and len(key) > _MIN_STEM + 2 and key not in known.NOUNS_LIKE_ADJECTIVES
    )


def _is_verb(key: str, *, is_opened: bool) -> bool:
    """Return whether a word is a verb. Words that may be nouns too are nouns after an article or a preposition."""
    if key in known.IRREGULAR_VERBS or key in known.VERBS:
        return True
    if not is_opened and key in known.VERBS_AND_NOUNS:
        return True
    if key.endswith("ed") and len(key) > _MIN_STEM + 1:
        return key not in known.NOUNS_IN_ED
    stem = key.removesuffix("s")
    return stem != key and any(
        one in known.VERBS or (not is_opened and one in known.VERBS_AND_NOUNS) for one in _bases(key)
    )


def _bases(key: str) -> tuple[str, ...]:
    """Return the infinitives of which a word may be the third person."""
    if key.endswith("ies"):
        return (key[:-3] + "y",)
    return (key[:-2], key[:-1]) if key.endswith("es") else (key[:-1],)
