"""Numbers in large type with their units in small type beside them, such as prices, which were found as two lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scenedex.engines.text.east_asian import is_east_asian
from scenedex.timeline import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.text_lines import ShownLine

_LONGEST: Final = 3
"""Maximum number of characters of a unit."""

_MAX_HEIGHT: Final = 0.6
"""Maximum height of a unit, as a share of the height of its number."""

_MAX_GAP: Final = 0.5
"""Maximum distance of a unit from its number, in heights of the unit. They may overlap by twice as much."""


def join_units(shown: Sequence[ShownLine]) -> list[ShownLine]:
    """Return the lines with each unit at the end of the number to the left of it."""
    joined = list(shown)
    for unit in shown:
        number = next((line for line in joined if line is not unit and _is_unit(unit, line)), None)
        if number is not None and unit in joined:
            joined.remove(unit)
            joined[joined.index(number)] = _with_unit(number, unit)
    return joined


def _is_unit(unit: ShownLine, number: ShownLine) -> bool:
    of, to = unit.place, number.place
    # The height of the unit as a share of the width of the picture.
    height = of.width / max(unit.aspect, 1e-6)
    gap = of.left - (to.left + to.width)
    return (
        number.text[-1:].isdigit()
        and len(unit.text) <= _LONGEST
        and not any(map(str.isdigit, unit.text))
        and unit.span == number.span
        and of.height <= _MAX_HEIGHT * to.height
        and of.top >= to.top
        and of.top + of.height <= to.top + to.height
        and -2 * _MAX_GAP * height <= gap <= _MAX_GAP * height
    )


def _with_unit(number: ShownLine, unit: ShownLine) -> ShownLine:
    one, other = number.place, unit.place
    right = max(one.left + one.width, other.left + other.width)
    place = BoundingBox.within(one.left, one.top, right, one.top + one.height)
    space = "" if is_east_asian(unit.text[0]) or not unit.text[0].isalpha() else " "
    return replace(
        number,
        text=f"{number.text}{space}{unit.text}",
        confidence=min(number.confidence, unit.confidence),
        place=place,
        aspect=number.aspect * place.width / one.width,
    )
