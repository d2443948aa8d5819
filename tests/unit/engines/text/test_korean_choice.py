"""Choice between two readings of a line."""

from __future__ import annotations

import pytest

from scenedex.engines.text.hangul import has_hangul
from scenedex.engines.text.port import LineReading
from scenedex.engines.text.ppocr import better_of

NOTHING = LineReading("", 0.0, 0.0)
PART = LineReading("2026 KBS", 0.99, 0.6)


@pytest.mark.parametrize(("text", "expected"), [("뉴스", True), ("ㄱ", True), ("news 東京", False), ("", False)])
def test_hangul_is_told_from_other_scripts(text: str, *, expected: bool) -> None:
    assert has_hangul(text) is expected


def test_korean_is_taken_where_nothing_else_was_read() -> None:
    korean = LineReading("오늘의 날씨", 0.9, 1.0)

    assert better_of(NOTHING, korean) == korean


def test_korean_is_taken_where_the_other_left_something_out_with_its_foreign_words() -> None:
    assert better_of(PART, LineReading("2026 085 뉴스 특보", 0.75, 1.0)) == LineReading("2026 KBS 뉴스 특보", 0.75, 1.0)


def test_foreign_words_stay_where_they_do_not_match_in_number() -> None:
    assert better_of(PART, LineReading("2026 뉴스 특보", 0.75, 1.0)).text == "2026 뉴스 특보"


@pytest.mark.parametrize(
    "korean",
    [NOTHING, LineReading("2026 KBS", 1.0, 1.0), LineReading("뉴스", 0.2, 1.0), LineReading("abcdefgh ㅠ", 0.9, 1.0)],
    ids=["nothing", "no-hangul", "unsure", "hardly-any-hangul"],
)
def test_a_reading_that_is_not_korean_is_not_taken(korean: LineReading) -> None:
    assert better_of(PART, korean) == PART
