"""Conditions on the words of a scene, in PostgreSQL's syntax of ``tsquery``. Pure.

Terms consist of letters and digits, so that none needs to be escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.index.search_terms import TermSource, lexeme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import PhraseTerm
    from scenedex.search.query import WeightedUnit

SURE_FIELDS: Final = f"{TermSource.SHOWN}{TermSource.SAID}"
"""Fields of words that were read or heard with certainty."""

SAID_FIELDS: Final = str(TermSource.SAID)
"""Field of words that were said."""

MAX_SEQUENCE: Final = 16
"""Maximum number of terms whose order counts: the first of a query."""

EQUAL_SHARE: Final = 0.85
"""Share of its weight that a unit counts in an equal form."""

LIKELY_SHARE: Final = 0.6
"""Share of its weight that a unit counts if it is likely but not certain."""

_MIN_SEQUENCE = 2


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
    """Conditions of a unit, in the syntax of ``tsquery``. Those without a scene to meet them are empty.

    Attributes:
        weight: share of the unit in the query.
        any: the scene contains the unit in some form.
        whole: the scene contains the unit or an equal form of it.
        sure: the scene contains the unit itself, read or heard with certainty.
        equal: the scene contains an equal form of the unit, read or heard with certainty.
        likely: the scene contains the unit or an equal form of it. Or it contains with certainty a similar form, words
            with this prefix or, if no scene contains the unit, words with nearly the same spelling.
        persons: persons whose names contain the unit.
        scenes: estimated number of scenes that contain the unit or an equal form.
        similar_scenes: estimated number of scenes that contain it only in another form.
    """

    weight: float
    any: str
    whole: str
    sure: str
    equal: str
    likely: str
    persons: tuple[int, ...]
    scenes: int
    similar_scenes: int


def unit_conditions(workspace_id: int, weighed: WeightedUnit) -> UnitConditions:
    """Return the conditions of one unit."""
    known = weighed.known
    unit = known.unit

    def similar(fields: str, words: Sequence[str]) -> list[str]:
        prefixed = [term(workspace_id, unit.word, fields=fields, is_prefix=True)] if unit.can_be_prefix else []
        forms = [phrase(workspace_id, form, fields=fields) for form in known.similar]
        return [*forms, *prefixed, *(term(workspace_id, word, fields=fields) for word in words)]

    whole = [phrase(workspace_id, form) for form in (unit.phrase, *known.equal)]
    return UnitConditions(
        weight=weighed.weight,
        any=any_of([*whole, *similar("", known.misspelt)]),
        whole=any_of(whole),
        sure=phrase(workspace_id, unit.phrase, fields=SURE_FIELDS),
        equal=any_of(phrase(workspace_id, form, fields=SURE_FIELDS) for form in known.equal),
        likely=any_of([*whole, *similar(SURE_FIELDS, known.misspelt if known.is_misspelt else ())]),
        persons=known.persons,
        scenes=known.scenes,
        similar_scenes=known.similar_scenes,
    )


@dataclass(frozen=True, slots=True)
class SequenceConditions:
    """Conditions on the order of the words of a query: all of them in sequence, and each two neighbours."""

    whole: str
    pairs: tuple[str, ...]


def sequence_conditions(workspace_id: int, terms: Sequence[PhraseTerm]) -> SequenceConditions | None:
    """Return the conditions of a query with all of its words, or `None` if it has only one term."""
    if len(terms) < _MIN_SEQUENCE:
        return None
    kept = terms[:MAX_SEQUENCE]
    return SequenceConditions(phrase(workspace_id, kept), tuple(phrase(workspace_id, pair) for pair in pairwise(kept)))
