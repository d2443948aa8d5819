"""Selection of the tracked lines that are text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scenedex.analysis.stages.text_filter import drop_fragments, is_text, is_unread
from scenedex.analysis.stages.text_lines import ShownLine
from scenedex.timeline import BoundingBox, Timecode, TimeRange

BOX = BoundingBox(0.2, 0.8, 0.5, 0.1)


def between(start: float, end: float) -> TimeRange:
    return TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end)))


def line(
    text: str,
    confidence: float = 0.99,
    *,
    span: TimeRange | None = None,
    sightings: int = 3,
    score: float = 0.8,
    box: BoundingBox = BOX,
    aspect: float = 9.0,
) -> ShownLine:
    return ShownLine(text, confidence, score, box, aspect, sightings, span or between(0, 2))


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("The end", 0.86, True),
        ("The end", 0.84, False),
        ("冰点标准", 0.81, True),
        ("冰点标准", 0.79, False),
        ("오늘의 날씨", 0.71, True),
        ("오늘의 날씨", 0.69, False),
        ("OK", 0.8, False),
        ("OK", 0.9, True),
        ("X", 1.0, False),
        ("7", 1.0, False),
        ("大", 0.96, True),
        ("大", 0.9, False),
        ("i i i n", 0.9, False),
        ("i i i n", 0.96, True),
        ("!?-", 1.0, False),
        ("", 0.0, False),
    ],
)
def test_shorter_texts_need_more_confidence(text: str, confidence: float, *, expected: bool) -> None:
    assert is_text(line(text, confidence)) is expected


@pytest.mark.parametrize(
    ("confidence", "sightings", "span", "expected"),
    [
        (0.88, 1, between(0, 0.5), False),
        (0.95, 1, between(0, 0.5), True),
        (0.88, 2, between(0, 0.5), True),
        (0.88, 1, between(0, 3), True),
        (0.88, 1, between(0, 0), True),
    ],
    ids=["once", "once-and-sure", "twice", "for-long", "in-a-picture"],
)
def test_a_line_seen_once_for_a_moment_needs_more_confidence(
    confidence: float, sightings: int, span: TimeRange, *, expected: bool
) -> None:
    assert is_text(line("The end", confidence, sightings=sightings, span=span)) is expected


def test_a_line_seen_once_for_a_moment_and_never_whole_is_a_piece() -> None:
    cut_off = BoundingBox(0.8, 0.8, 0.2, 0.1)

    assert not is_text(line("Bridge clo", 1.0, box=cut_off, sightings=1, span=between(0, 0.5)))
    assert is_text(line("Bridge clo", 1.0, box=cut_off, sightings=3, span=between(0, 3)))


def test_likely_text_without_a_reading_is_unread() -> None:
    assert is_unread(line("", 0.1))
    assert not is_unread(line("The end", 0.9))
    assert not is_unread(line("", 0.1, score=0.6))
    assert not is_unread(line("", 0.1, sightings=1))
    assert is_unread(line("", 0.1, sightings=1, span=between(0, 0)))


def test_a_word_of_two_syllables_that_was_read_as_something_else_is_unread() -> None:
    assert is_unread(line("H是", 0.7, aspect=1.5))
    assert not is_unread(line("", 0.1, aspect=1.5, score=0.7))
    assert not is_unread(line("", 0.1, aspect=1.0))


def test_fragments_of_a_line_at_the_same_time_are_dropped() -> None:
    whole = line("THE PEACH OPEN MOVIE", span=between(1, 4))
    part = line("OPEN MOVIE", box=BoundingBox(0.45, 0.81, 0.25, 0.08), span=between(2, 4))
    later = line("OPEN MOVIE", box=part.place, span=between(5, 7))
    longer = line("THE PEACH", box=BoundingBox(0.2, 0.8, 0.25, 0.1), span=between(1, 30))
    elsewhere = line("OPEN MOVIE", box=BoundingBox(0.2, 0.1, 0.25, 0.1), span=between(2, 4))

    assert list(drop_fragments([part, whole, later, longer, elsewhere])) == [whole, longer, elsewhere, later]


def test_the_longer_of_two_is_kept_whichever_comes_first() -> None:
    part = line("THE PEACH OPEN", span=between(1, 3))
    whole = line("THE PEACH OPEN MOVIE", span=between(1.5, 4))

    assert list(drop_fragments([part, whole])) == [whole]


def test_lines_that_begin_together_are_in_reading_order() -> None:
    boxes = [BoundingBox(0.5, 0.2, 0.2, 0.1), BoundingBox(0.1, 0.21, 0.2, 0.1), BoundingBox(0.1, 0.1, 0.2, 0.1)]
    shown = [line(f"line {n}", box=box, span=between(1, 2)) for n, box in enumerate(boxes)]

    assert [one.text for one in drop_fragments(shown)] == ["line 2", "line 1", "line 0"]
