"""Parsing of text queries: their words, weights and quoted phrases. Pure.

A word of a spaced script is one unit. So is a short run of characters of a dense script. A longer run is rarely one
word, so each pair of neighbouring characters is a unit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.index.tokens import PhraseTerm, phrase_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import Token

MAX_UNITS: Final = 32
"""Maximum number of units of a query. The heaviest ones are kept."""

MIN_PREFIX_LENGTH: Final = 3
"""Minimum number of letters of a word that also finds longer words with this prefix."""

_MAX_DENSE_WORD_LENGTH = 3
# Each character of a long run is part of two units.
_FACTOR_OF_PAIR = 0.5
_QUOTED = re.compile('["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d]')

# English articles, pronouns, prepositions, conjunctions and auxiliary verbs. Nouns, numbers and adjectives, as in a
# woman, two men or New York, carry meaning.
_WORDS = """
    a an the this that these those
    i me my mine myself you your yours yourself he him his himself she her hers herself it its itself
    we us our ours ourselves they them their theirs themselves
    who whom whose which what where when why how there here
    am is are was were be been being do does did doing done have has had having
    can could will would shall should may might must
    dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt
    im ive id youre youve weve were theyre theyve hes shes
    of in on at by for from to into onto with without about as than through during between among under over
    and or but nor so if because while until though although
    not no yes s t m d re ve ll
"""
_FUNCTION_WORDS: Final = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a query, which a scene contains or not.

    Attributes:
        phrase: terms in sequence. A word of a spaced script is one term.
        is_dense: whether the unit is of a dense script.
        factor: factor of its weight.
    """

    phrase: tuple[PhraseTerm, ...]
    is_dense: bool
    factor: float = 1.0

    @property
    def word(self) -> str:
        """Word of a spaced script."""
        return self.phrase[0].term

    @property
    def can_be_prefix(self) -> bool:
        """True if words with this prefix match too."""
        return not self.is_dense and len(self.word) >= MIN_PREFIX_LENGTH


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A parsed text: its units, and the phrases that every hit contains."""

    units: tuple[Unit, ...]
    phrases: tuple[tuple[PhraseTerm, ...], ...]


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit, and what the lexicon of a workspace knows of it.

    Attributes:
        scenes: number of scenes that contain it, or else a similar spelling.
        misspelt: words with nearly the same spelling.
        is_misspelt: whether no scene contains the unit, so that a similar spelling is probably meant.
        persons: persons whose names contain it.
    """

    unit: Unit
    scenes: int
    misspelt: tuple[str, ...] = ()
    is_misspelt: bool = False
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WeightedUnit:
    """A unit with its weight. The weights of a query add up to 1."""

    known: KnownUnit
    weight: float


def parse_query(text: str) -> TextQuery:
    """Split a text into units and phrases. Function words count only if there are no other words."""
    phrases = [phrase_of(quoted) for quoted in _QUOTED.findall(text)]
    words = list(tokens_of(text))
    content_words = [word for word in words if word.is_dense or word.terms[0] not in _FUNCTION_WORDS]
    units = {unit.phrase: unit for word in content_words or words for unit in _units(word)}
    return TextQuery(tuple(units.values()), tuple(phrase for phrase in phrases if phrase))


def weigh(known: Iterable[KnownUnit], scenes: int) -> list[WeightedUnit]:
    """Weigh units, heaviest first. The fewer scenes contain a unit, the heavier it is.

    A unit that no scene contains counts like one of medium frequency. It may be the essential word, or a mistake.
    """
    medium = max(1.0, math.sqrt(scenes))
    raw = [
        (one, one.unit.factor * math.log(1 + (scenes + 1) / ((one.scenes or len(one.persons) or medium) + 0.5)))
        for one in known
    ]
    kept = sorted(raw, key=lambda pair: -pair[1])[:MAX_UNITS]
    total = sum(weight for _, weight in kept)
    return [WeightedUnit(one, weight / total) for one, weight in kept]


def required_units(units: Sequence[WeightedUnit], min_share: float) -> list[WeightedUnit]:
    """Return the units of which a scene must contain at least one to reach a share of the total weight, 0 to 1.

    The units are given and returned in order of falling weight.
    """
    left = 0.0
    for number in range(len(units) - 1, -1, -1):
        left += units[number].weight
        if left >= min_share:
            return list(units[: number + 1])
    return list(units)


def _units(word: Token) -> list[Unit]:
    phrase = tuple(
        PhraseTerm(term, place, is_prefix=word.is_dense and word.places == 1) for place, term in enumerate(word.terms)
    )
    if not word.is_dense or word.places <= _MAX_DENSE_WORD_LENGTH:
        return [Unit(phrase, word.is_dense)]
    return [Unit((PhraseTerm(term.term, 0),), is_dense=True, factor=_FACTOR_OF_PAIR) for term in phrase]
