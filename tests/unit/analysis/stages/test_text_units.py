"""A number in large type and its unit in small type are one text."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scenedex.analysis.stages.text_lines import ShownLine
from scenedex.analysis.stages.text_units import join_units
from scenedex.timeline import BoundingBox, Timecode, TimeRange

SPAN = TimeRange(Timecode(Fraction(1)), Timecode(Fraction(3)))


def line(text: str, box: BoundingBox, confidence: float = 1.0, span: TimeRange = SPAN) -> ShownLine:
    aspect = 16 / 9 * box.width / box.height
    return ShownLine(text, confidence, 0.9, box, aspect, 3, span)


PRICE = line("5.8", BoundingBox(0.455, 0.642, 0.105, 0.119))
UNIT = line("起", BoundingBox(0.546, 0.703, 0.026, 0.044), 0.9)


@pytest.mark.parametrize(("unit", "text"), [("起", "5.8起"), ("%", "5.8%"), ("kg", "5.8 kg")])
@pytest.mark.parametrize("number_is_first", [True, False])
def test_a_unit_beside_a_number_is_the_end_of_it(unit: str, text: str, number_is_first: bool) -> None:
    lines = [PRICE, replace(UNIT, text=unit)]

    (joined,) = join_units(lines if number_is_first else lines[::-1])

    assert joined.text == text
    assert joined.confidence == UNIT.confidence
    assert joined.place.left == PRICE.place.left
    assert joined.place.left + joined.place.width == pytest.approx(UNIT.place.left + UNIT.place.width)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(UNIT, text="起价优惠"), id="a phrase"),
        pytest.param(replace(UNIT, text="3"), id="another number"),
        pytest.param(line("起", BoundingBox(0.6, 0.703, 0.026, 0.044)), id="farther away"),
        pytest.param(line("起", BoundingBox(0.546, 0.75, 0.026, 0.044)), id="below"),
        pytest.param(line("起", BoundingBox(0.56, 0.65, 0.05, 0.09)), id="as large"),
        pytest.param(replace(UNIT, span=TimeRange(Timecode(Fraction(1)), Timecode(Fraction(9)))), id="at another time"),
    ],
)
def test_other_texts_beside_a_number_stay_apart(other: ShownLine) -> None:
    assert join_units([PRICE, other]) == [PRICE, other]


def test_a_small_text_beside_a_word_stays_apart() -> None:
    word = replace(PRICE, text="SALE")

    assert join_units([word, UNIT]) == [word, UNIT]
