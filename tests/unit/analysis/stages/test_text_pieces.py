"""Pieces of lines that move or are revealed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scenedex.analysis.stages.text_lines import ShownLine
from scenedex.analysis.stages.text_pieces import join_pieces
from scenedex.timeline import BoundingBox, Timecode, TimeRange

PLACE = BoundingBox(0.1, 0.8, 0.4, 0.1)


def line(text: str, start: float, end: float, box: BoundingBox = PLACE, *, sightings: int = 3) -> ShownLine:
    span = TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end)))
    return ShownLine(text, 0.99, 0.8, box, 9.0, sightings, span)


def shown(lines: list[ShownLine]) -> list[tuple[str, float, float]]:
    return [(one.text, float(one.span.start.seconds), float(one.span.end.seconds)) for one in join_pieces(lines)]


WHOLE = line("Mayor of Porto", 2, 6)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("Mayor of Por", BoundingBox(0.77, 0.8, 0.23, 0.1)),
        ("of Porto", BoundingBox(0.0, 0.8, 0.23, 0.1)),
        ("Mayar of Porto", BoundingBox(0.1, 0.95, 0.4, 0.05)),
        ("Mayor of Porto", BoundingBox(0.5, 0.8, 0.4, 0.1)),
    ],
    ids=["from-the-right", "from-the-left", "from-below", "whole"],
)
def test_a_reading_of_a_line_that_slides_in_or_out_is_no_text_of_its_own(text: str, box: BoundingBox) -> None:
    assert shown([line(text, 1.5, 2, box, sightings=1), WHOLE]) == [("Mayor of Porto", 1.5, 6)]
    assert shown([WHOLE, line(text, 6, 6.5, box, sightings=1)]) == [("Mayor of Porto", 2, 6.5)]


@pytest.mark.parametrize("text", ["Mayor of", "or", "le"])
def test_a_part_read_at_the_place_of_a_line_is_no_text_of_its_own(text: str) -> None:
    part = line(text, 1.5, 5, BoundingBox(0.12, 0.81, 0.1, 0.08))

    assert shown([part, WHOLE]) == [("Mayor of Porto", 1.5, 6)]


def test_readings_of_a_clock_are_texts_of_their_own() -> None:
    readings = [line(f"12:{number:02d}", number, number + 1, sightings=1) for number in (7, 8, 9)]

    assert [text for text, _, _ in shown(readings)] == ["12:07", "12:08", "12:09"]


def test_a_line_that_is_read_twice_at_one_place_is_one() -> None:
    assert shown([WHOLE, line("Mayor of Porto", 3, 7, BoundingBox(0.12, 0.8, 0.4, 0.1))]) == [("Mayor of Porto", 2, 7)]


@pytest.mark.parametrize(
    "other",
    [
        line("Mayor", 2, 6, BoundingBox(0.1, 0.1, 0.2, 0.1)),
        line("Mayor", 0.5, 2),
        line("Mayor of Por", 8, 8.5, sightings=1),
        line("Fisherman", 1.5, 2, sightings=1),
        line("le", 2, 6, BoundingBox(0.2, 0.82, 0.03, 0.03)),
        line("Mayor of Poros", 6, 6.5, sightings=1, box=BoundingBox(0.6, 0.3, 0.3, 0.1)),
        line("Mayor of Porto", 2, 6, BoundingBox(0.55, 0.8, 0.4, 0.1)),
    ],
    ids=[
        "elsewhere",
        "a-phrase-that-grows",
        "later",
        "another-text",
        "small-print",
        "nowhere-near",
        "twice-side-by-side",
    ],
)
def test_other_texts_are_kept(other: ShownLine) -> None:
    assert sorted(shown([WHOLE, other])) == sorted(shown([WHOLE]) + shown([other]))
