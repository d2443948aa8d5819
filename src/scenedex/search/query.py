"""Parsing of text queries: their units with weights, and quoted phrases. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.index.tokens import PhraseTerm, phrase_of
from scenedex.search.records import UnitForms
from scenedex.search.units import units_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenedex.search.units import Phrase, Unit

MAX_UNITS: Final = 32
"""Maximum number of units of a query. The heaviest ones are kept."""

_QUOTED = re.compile('["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d]')


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A parsed text: its units, the phrases that every hit contains, and all of its terms in sequence."""

    units: tuple[Unit, ...]
    phrases: tuple[Phrase, ...]
    terms: Phrase = ()


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit, and what the lexicon of a workspace knows of it.

    Attributes:
        scenes: number of scenes that contain it or an equal form, or else a similar spelling.
        equal: phrases that are the same in another form, and that some scene may contain.
        similar: phrases that may be the same, and that some scene may contain.
        misspelt: words with nearly the same spelling.
        is_misspelt: whether no scene contains the unit, so that a similar spelling is probably meant.
        persons: persons whose names contain it.
        similar_scenes: number of scenes that may contain it only as a similar form, a prefix or a similar spelling.
    """

    unit: Unit
    scenes: int
    misspelt: tuple[str, ...] = ()
    is_misspelt: bool = False
    persons: tuple[int, ...] = ()
    equal: tuple[Phrase, ...] = ()
    similar: tuple[Phrase, ...] = ()
    similar_scenes: int = 0


@dataclass(frozen=True, slots=True)
class WeightedUnit:
    """A unit with its weight. The weights of a query add up to 1."""

    known: KnownUnit
    weight: float


def parse_query(text: str) -> TextQuery:
    """Split a text into units and phrases."""
    phrases = [phrase_of(quoted) for quoted in _QUOTED.findall(text)]
    return TextQuery(tuple(units_of(text)), tuple(phrase for phrase in phrases if phrase), phrase_of(text))


def forms_of(known: KnownUnit) -> UnitForms:
    """Return the forms in which scenes may contain a unit."""
    unit = known.unit
    prefix = [(PhraseTerm(unit.word, 0, is_prefix=True),)] if unit.can_be_prefix else []
    misspelt = ((PhraseTerm(word, 0),) for word in known.misspelt)
    return UnitForms((unit.phrase, *known.equal), (*known.similar, *prefix, *misspelt))


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
