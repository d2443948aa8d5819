"""Tiers of scenes by how much of a query they can contain. Pure.

A tier is a condition on words that every scene with a minimum score meets. The database index of words intersects it,
starting with the rarest words, so that scenes with few of the words are not read while there are enough better ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.search.word_conditions import LIKELY_SHARE, any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.search.word_conditions import UnitConditions

_BOUNDS: Final = (0.9, 0.75, 0.6, 0.45, 0.3)
"""Maximum scores of scenes outside of each tier."""

# A condition has up to three parts for each unit within each part of the next one. The lightest units of a long query
# are taken for granted instead.
_MAX_UNITS: Final = 4
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Tier:
    """Scenes that may reach a minimum score.

    Attributes:
        words: condition in the syntax of ``tsquery``. It is empty if it is met by all scenes.
        bound: scenes outside of the tier have a score below it.
        scenes: estimated number of scenes.
    """

    words: str
    bound: float
    scenes: float


def tiers_of(units: Sequence[UnitConditions], min_score: float, all_scenes: int, *, given: float = 0.0) -> list[Tier]:
    """Return the tiers of a query, the smallest first. The last one contains all scenes of the minimum score.

    ``units`` are in order of falling weight. ``given`` is the share of the query that all scenes have anyhow.
    """
    found: dict[str, Tier] = {}
    heavy, light = units[:_MAX_UNITS], units[_MAX_UNITS:]
    for bound in (*(one for one in _BOUNDS if one > min_score), min_score):
        needed = bound - given
        if needed - _sum(light) > _ROUNDING:
            words = _condition(heavy, needed - _sum(light))
            scenes = _scenes(heavy, needed - _sum(light), all_scenes)
        else:
            some = _one_of(units, needed) if given or needed > 0 else units
            words, scenes = any_of(unit.any for unit in some), sum(unit.scenes + unit.similar_scenes for unit in some)
        if words is not None:
            found[words] = Tier(words, bound, scenes if words else all_scenes)
    return list(found.values())


def _one_of(units: Sequence[UnitConditions], needed: float) -> Sequence[UnitConditions]:
    """Return the units of which a scene must contain at least one to reach a share, or nothing if it has it anyhow."""
    if needed <= _ROUNDING:
        return ()
    number = len(units)
    while number > 1 and _sum(units[number - 1 :]) < needed - _ROUNDING:
        number -= 1
    return units[:number]


def _sum(units: Sequence[UnitConditions]) -> float:
    return math.fsum(unit.weight for unit in units)


def _condition(units: Sequence[UnitConditions], needed: float) -> str | None:
    """Return the condition of scenes whose units reach a share. It is empty if all do, and `None` if none does."""
    if needed <= _ROUNDING:
        return ""
    if _sum(units) < needed - _ROUNDING:
        return None
    first, *rest = units
    without = _condition(rest, needed)
    if without == "":
        return without
    whole = _condition(rest, needed - first.weight)
    similar = _condition(rest, needed - LIKELY_SHARE * first.weight)
    if whole == without:
        return without
    if similar == whole:
        parts = [_both(first.any, whole)]
    elif similar == without:
        parts = [_both(first.whole, whole)]
    else:
        parts = [_both(first.whole, whole), _both(first.any, similar)]
    return any_of([*parts, without or ""])


def _both(unit: str, others: str | None) -> str:
    if others is None:
        return ""
    return f"({unit}) & ({others})" if others else unit


def _scenes(units: Sequence[UnitConditions], needed: float, all_scenes: int) -> float:
    """Estimate the number of scenes whose units reach a share.

    Words that occur together are neither independent of each other nor always together. The estimate is the mean of
    both on a logarithmic scale.
    """
    independent, together = _shares(units, needed, max(1, all_scenes))
    return math.sqrt(independent * together) * all_scenes


def _shares(units: Sequence[UnitConditions], needed: float, all_scenes: int) -> tuple[float, float]:
    if needed <= _ROUNDING:
        return 1.0, 1.0
    if _sum(units) < needed - _ROUNDING:
        return 0.0, 0.0
    first, *rest = units
    whole = min(1.0, first.scenes / all_scenes)
    some = min(1.0, (first.scenes + first.similar_scenes) / all_scenes)
    with_whole = _shares(rest, needed - first.weight, all_scenes)
    with_similar = _shares(rest, needed - LIKELY_SHARE * first.weight, all_scenes)
    without = _shares(rest, needed, all_scenes)
    return (
        whole * with_whole[0] + (some - whole) * with_similar[0] + (1 - some) * without[0],
        max(min(whole, with_whole[1]), min(some, with_similar[1]), without[1]),
    )
