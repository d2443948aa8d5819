"""Conversion of a text query to conditions on the words of scenes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.search.query import required_units
from scenedex.search.tsquery import SURE_FIELDS, any_of, phrase, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.query import WeightedUnit


@dataclass(frozen=True, slots=True)
class UnitConditions:
    """Conditions of a unit, in the syntax of ``tsquery``.

    Attributes:
        weight: share of the unit in the query.
        any: the scene contains the unit in some form.
        sure: the scene contains the unit itself, read or heard with certainty.
        likely: the scene contains the unit itself. Or it contains with certainty words with this prefix or, if no scene
            contains the unit, words with nearly the same spelling.
        persons: persons whose names contain the unit.
    """

    weight: float
    any: str
    sure: str
    likely: str
    persons: tuple[int, ...]


def unit_conditions(workspace_id: int, weighed: WeightedUnit) -> UnitConditions:
    """Return the conditions of one unit."""
    known = weighed.known
    unit = known.unit

    def similar(fields: str, words: Sequence[str]) -> str:
        prefixed = [term(workspace_id, unit.word, fields=fields, is_prefix=True)] if unit.can_be_prefix else []
        return any_of([*prefixed, *(term(workspace_id, word, fields=fields) for word in words)])

    whole = phrase(workspace_id, unit.phrase)
    return UnitConditions(
        weight=weighed.weight,
        any=any_of([whole, similar("", known.misspelt)]),
        sure=phrase(workspace_id, unit.phrase, fields=SURE_FIELDS),
        likely=any_of([whole, similar(SURE_FIELDS, known.misspelt if known.is_misspelt else ())]),
        persons=known.persons,
    )


def required_words(workspace_id: int, units: Sequence[WeightedUnit], min_share: float) -> str:
    """Return the condition that a scene must meet for its units to reach a minimum share of the query's weight."""
    return any_of(unit_conditions(workspace_id, one).any for one in required_units(units, min_share))
