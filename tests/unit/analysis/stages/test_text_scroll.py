"""Phrases of a text that runs through its place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scenedex.analysis.stages.text_scroll import phrases
from scenedex.timeline import Timecode, TimeRange

TEXT = "Storms expected on Friday  |  Museum opens new wing  |  Local team wins"


def at(seconds: float) -> Timecode:
    return Timecode(Fraction(seconds))


def views(text: str, window: int, speed: int) -> list[tuple[Timecode, str]]:
    """Return a reading per second of a text that runs from right to left at so many characters per second."""
    seen = [(at(time), text[max(0, time * speed - window) : time * speed]) for time in range(1, 99)]
    return [(time, view) for time, view in seen if view.strip()]


def test_entries_of_a_ticker_are_shown_from_their_entry_to_their_exit() -> None:
    found = phrases(TEXT, views(TEXT, 30, 6), TimeRange(at(0), at(17)))

    assert [one.text for one in found] == ["Storms expected on Friday", "Museum opens new wing", "Local team wins"]
    assert [float(one.span.start.seconds) for one in found] == pytest.approx([0, 5, 9], abs=1)
    assert [float(one.span.end.seconds) for one in found] == pytest.approx([9, 14, 17], abs=1)


def test_a_text_without_separators_is_cut_into_overlapping_parts_of_whole_words() -> None:
    text = "Parliament approves the annual budget after a long debate in the old town of Lisbon"

    found = phrases(text, views(text, 30, 6), TimeRange(at(0), at(19)))

    assert len(found) > 2
    assert all(f" {one.text} " in f" {text} " for one in found)
    assert all(any(word in one.text.split() for one in found) for word in text.split())


def test_a_text_without_readings_is_one_phrase_for_all_of_its_time() -> None:
    (one,) = phrases("A quiet morning", [], TimeRange(at(1), at(2)))

    assert (one.text, one.span) == ("A quiet morning", TimeRange(at(1), at(2)))
