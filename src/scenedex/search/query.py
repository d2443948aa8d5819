"""What a text query asks for: its words, the weight of each, and what stands in double quotes. Pure.

A word of a spaced script is one unit; so is a short run of characters of a dense one. A longer run, which is rarely one
word, is a unit for every two characters that stand side by side.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.index.tokens import PhraseTerm, phrase_of, tokens_of
from scenedex.search.function_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import Token

MOST_UNITS: Final = 32
"""Units of a query that count: those that say most."""

SHORTEST_PREFIX: Final = 3
"""Letters of the shortest word that also finds words which begin with it."""

_LONGEST_WORD_OF_RUN = 3
# Every character of a long run is part of two units.
_SHARE_OF_PAIR = 0.5
_QUOTED = re.compile('["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d]')


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a query that a scene has or has not.

    Attributes:
        phrase: its terms, which stand one after another; one of a spaced script.
        is_dense: whether it is of a dense script.
        share: what it counts for beside its weight.
    """

    phrase: tuple[PhraseTerm, ...]
    is_dense: bool
    share: float = 1.0

    @property
    def word(self) -> str:
        """The word of a spaced script."""
        return self.phrase[0].term

    @property
    def may_begin_words(self) -> bool:
        """Whether words that begin with it answer too."""
        return not self.is_dense and len(self.word) >= SHORTEST_PREFIX


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What is asked for: units, and phrases without which a scene is no answer."""

    units: tuple[Unit, ...]
    phrases: tuple[tuple[PhraseTerm, ...], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the scenes of a workspace know of a unit.

    Attributes:
        unit: the unit.
        scenes: how many scenes have it, or what stands for it.
        misspelt: words that are spelt nearly alike.
        is_misspelt: whether no scene has the unit itself, so that these probably stand for it.
        persons: whose names have it.
    """

    unit: Unit
    scenes: int
    misspelt: tuple[str, ...] = ()
    is_misspelt: bool = False
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A unit with its weight; the weights of a query add up to 1."""

    known: Known
    weight: float


def read_query(text: str) -> TextQuery:
    """The units and phrases of a text; words that say nothing by themselves count only where there are no others."""
    phrases = [phrase_of(quoted) for quoted in _QUOTED.findall(text)]
    words = list(tokens_of(text))
    telling = [word for word in words if word.is_dense or word.terms[0] not in FUNCTION_WORDS]
    units = {unit.phrase: unit for word in telling or words for unit in _units(word)}
    return TextQuery(tuple(units.values()), tuple(phrase for phrase in phrases if phrase))


def weigh(known: Iterable[Known], scenes: int) -> list[Weighed]:
    """Units by their weight, heaviest first: the fewer of the scenes have one, the more it says.

    A unit that no scene has counts like one of middling frequency: it may be the word that matters, or a mistake.
    """
    middling = max(1.0, math.sqrt(scenes))
    raw = [
        (one, one.unit.share * math.log(1 + (scenes + 1) / ((one.scenes or len(one.persons) or middling) + 0.5)))
        for one in known
    ]
    kept = sorted(raw, key=lambda pair: -pair[1])[:MOST_UNITS]
    total = sum(weight for _, weight in kept)
    return [Weighed(one, weight / total) for one, weight in kept]


def essential(units: Sequence[Weighed], least: float) -> list[Weighed]:
    """The units of which a scene must have one to reach this share of all weights: those left over do not add up to it.

    Args:
        units: heaviest first.
        least: a share, 0 to 1.
    """
    left = 0.0
    for number in range(len(units) - 1, -1, -1):
        left += units[number].weight
        if left >= least:
            return list(units[: number + 1])
    return list(units)


def _units(word: Token) -> list[Unit]:
    phrase = tuple(
        PhraseTerm(term, place, is_prefix=word.is_dense and word.places == 1) for place, term in enumerate(word.terms)
    )
    if not word.is_dense or word.places <= _LONGEST_WORD_OF_RUN:
        return [Unit(phrase, word.is_dense)]
    return [Unit((PhraseTerm(term.term, 0),), is_dense=True, share=_SHARE_OF_PAIR) for term in phrase]
