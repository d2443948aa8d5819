"""Conditions on the words of a scene, in PostgreSQL's syntax of ``tsquery``. Pure.

Terms consist of letters and digits, so that none needs to be escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.index.search_terms import TermSource, lexeme
from scenedex.search.query import required_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.query import WeightedUnit

SURE_FIELDS: Final = f"{TermSource.SHOWN}{TermSource.SAID}"
"""Fields of words that were read or heard with certainty."""

SAID_FIELDS: Final = str(TermSource.SAID)
"""Field of words that were said."""


def term(workspace_id: int, word: str, *, fields: str = "", is_prefix: bool = False) -> str:
    """Require a word, in one of the fields if any are given."""
    marks = f"{'*' if is_prefix else ''}{fields}"
    return f"'{lexeme(workspace_id, word)}'" + (f":{marks}" if marks else "")


def phrase(workspace_id: int, terms: Sequence[PhraseTerm], *, fields: str = "") -> str:
    """Require terms in sequence."""
    written = [term(workspace_id, one.term, fields=fields, is_prefix=one.is_prefix) for one in terms]
    distances = [f" <{second.place - first.place}> " for first, second in pairwise(terms)]
    return "".join(part for pair in zip(written, [*distances, ""], strict=True) for part in pair)


def any_of(conditions: Iterable[str]) -> str:
    """Require at least one of the conditions."""
    return " | ".join(f"({condition})" for condition in conditions if condition)


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
