"""A text query as conditions on the words of scenes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.search.query import essential
from scenedex.search.tsquery import SURE, either, phrase, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.query import Weighed


@dataclass(frozen=True, slots=True)
class UnitConditions:
    """How the scenes are asked for a unit.

    Attributes:
        weight: its share of the query.
        any: it is there in some way.
        sure: it is there itself, read or heard with certainty.
        likely: it is there itself, anywhere; or, with certainty, words that begin with it or, where no scene has it,
            that are spelt nearly alike.
        persons: whose names have it.
    """

    weight: float
    any: str
    sure: str
    likely: str
    persons: tuple[int, ...]

    @property
    def ladder(self) -> tuple[str, str, str]:
        """The conditions in the order in which they are tried."""
        return self.any, self.sure, self.likely


def unit_conditions(workspace_id: int, weighed: Weighed) -> UnitConditions:
    """The conditions for one unit."""
    known = weighed.known
    unit = known.unit

    def alike(fields: str, words: Sequence[str]) -> str:
        begun = [term(workspace_id, unit.word, fields=fields, is_prefix=True)] if unit.may_begin_words else []
        return either([*begun, *(term(workspace_id, word, fields=fields) for word in words)])

    whole = phrase(workspace_id, unit.phrase)
    return UnitConditions(
        weight=weighed.weight,
        any=either([whole, alike("", known.misspelt)]),
        sure=phrase(workspace_id, unit.phrase, fields=SURE),
        likely=either([whole, alike(SURE, known.misspelt if known.is_misspelt else ())]),
        persons=known.persons,
    )


def wanted_words(workspace_id: int, units: Sequence[Weighed], least: float) -> str:
    """What a scene must have some of to have units of at least this share of the query's weight."""
    return either(unit_conditions(workspace_id, one).any for one in essential(units, least))
