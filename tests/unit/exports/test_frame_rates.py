# OpenTimelineIO has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from fractions import Fraction
from typing import Final, get_args

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.exports.frame_rates import FrameRate, FrameRateName, SourceTimecode, parse_rate

RATES: Final = [FrameRate.named(name) for name in get_args(FrameRateName)]
LABELLED: Final = [rate for rate in RATES if rate == rate.labelled and rate.exact != 48]
MAX_FRAME: Final = 24 * 3600 * 23 - 1


def timecode_of(text: str) -> SourceTimecode:
    found = SourceTimecode.parse(text)
    assert found is not None
    return found


@given(st.integers(0, MAX_FRAME), st.sampled_from(LABELLED))
def test_timecodes_are_those_of_opentimelineio(frame: int, rate: FrameRate) -> None:
    fps = float(rate.exact)

    assert rate.timecode(frame) == otio.opentime.to_timecode(otio.opentime.RationalTime(frame, fps), fps, rate.is_drop)


@given(st.integers(0, MAX_FRAME), st.sampled_from(LABELLED))
def test_a_timecode_is_read_back(frame: int, rate: FrameRate) -> None:
    assert rate.frame_of(timecode_of(rate.timecode(frame))) == frame


@pytest.mark.parametrize("rate", LABELLED, ids=str)
def test_timecodes_begin_again_after_a_day(rate: FrameRate) -> None:
    day = rate.frame_of(SourceTimecode(23, 59, 59, rate.nominal - 1, is_drop=rate.is_drop)) + 1

    assert rate.timecode(day) == rate.timecode(0)
    assert abs(rate.seconds_of(day) - 24 * 3600) < (1 if rate.is_drop else 90)


@pytest.mark.parametrize(
    ("average", "counted"),
    [
        ("25/1", "25"),
        ("30000/1001", "29.97"),
        ("2997/100", "29.97"),
        ("19001/317", "59.94"),
        ("24000/1001", "23.976"),
        ("2983/100", "29.97"),
        ("3002/100", "30"),
        ("15/1", "30"),
        ("25/2", "25"),
        ("12/1", "24"),
        ("10/1", "30"),
        ("5/1", "25"),
        ("240/1", "120"),
        ("0/1", "25"),
        ("1/0", "25"),
        ("film", "25"),
        (None, "25"),
    ],
)
def test_a_film_is_counted_in_a_standard_rate(average: str | None, counted: FrameRateName) -> None:
    assert FrameRate.of_film(parse_rate(average)) == FrameRate.named(counted)


@pytest.mark.parametrize(("average", "multiple"), [(Fraction(25, 2), 2), (Fraction(15), 2), (Fraction(10), 3)])
def test_each_cut_of_a_slow_film_has_a_frame(average: Fraction, multiple: int) -> None:
    assert FrameRate.of_film(average).exact == average * multiple


@pytest.mark.parametrize(
    ("timecode", "is_drop"), [("01:00:00;00", True), ("01:00:00:00", False), (None, True)], ids=str
)
def test_the_timecode_of_a_film_says_whether_numbers_are_dropped(timecode: str | None, *, is_drop: bool) -> None:
    stated = None if timecode is None else timecode_of(timecode)

    assert FrameRate.of_film(Fraction(30000, 1001), stated).is_drop == is_drop
    assert not FrameRate.of_film(Fraction(25), stated).is_drop


@pytest.mark.parametrize("text", ["", "1:00:00:00", "01:60:00:00", "01:00:60:00", "01:00:00", "01:00:00:00:00", "film"])
def test_other_text_is_no_timecode(text: str) -> None:
    assert SourceTimecode.parse(text) is None


def test_a_timecode_is_the_same_second_in_another_rate() -> None:
    drop, slow = FrameRate.named("29.97"), FrameRate.named("25")

    assert slow.timecode(slow.frame_of(timecode_of("01:00:00;15"), drop)) == "01:00:00:12"
    assert drop.timecode(drop.frame_of(timecode_of("01:00:00:12"), slow)) == "01:00:00;14"


@pytest.mark.parametrize(
    ("name", "labelled"), [("120", "60"), ("119.88", "59.94"), ("100", "50"), ("60", "60"), ("29.97ndf", "29.97ndf")]
)
def test_timecodes_count_at_most_60_frames_a_second(name: FrameRateName, labelled: FrameRateName) -> None:
    assert FrameRate.named(name).labelled == FrameRate.named(labelled)
