"""Spaces that the network leaves out."""

from __future__ import annotations

import pytest

from scenedex.engines.text.recognition import with_spaces_after_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open a new browser.Chrome fast.", "Open a new browser. Chrome fast."),
        ("Now!Call us", "Now! Call us"),
        ("Berlin,Germany", "Berlin, Germany"),
    ],
)
def test_a_space_follows_a_sentence_and_a_comma(text: str, expected: str) -> None:
    assert with_spaces_after_marks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "www.Example.Com",
        "3.5",
        "1,250.00",
        "U.S.A.",
        "J.R.Ewing",
        "ASP.NET",
        "e.g.tea",
        "品牌,代加工",
        "Ends.",
    ],
)
def test_marks_inside_words_and_numbers_are_kept(text: str) -> None:
    assert with_spaces_after_marks(text) == text
