"""How alike readings of a line are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.text_likeness import is_renumbered, joined, likeness

LINE = "Parliament approves the annual budget after long debate"
texts = st.text(st.sampled_from("abcdeAB 12東京"), max_size=20)


@given(texts, texts)
def test_likeness_is_a_share_and_does_not_know_first_from_second(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


@given(texts, texts, texts)
def test_no_way_round_needs_fewer_edits(one: str, middle: str, other: str) -> None:
    def edits(a: str, b: str) -> float:
        a, b = ("".join(text.casefold().split()) for text in (a, b))
        return (1 - likeness(a, b)) * max(len(a), len(b))

    assert edits(one, other) <= edits(one, middle) + edits(middle, other) + 1e-9


@given(texts)
def test_a_text_is_wholly_like_itself_in_any_case_and_spacing(text: str) -> None:
    assert likeness(text, text.lower().replace(" ", "")) == 1


@given(st.integers(0, 20), st.integers(35, 55))
def test_two_views_of_a_line_are_joined_to_it(first: int, last: int) -> None:
    assert joined(LINE[:last], LINE[first:]) == LINE
    assert joined(LINE[first:], LINE[:last]) == LINE


@given(st.integers(0, 20), st.integers(30, 55))
def test_a_part_is_joined_to_the_whole(first: int, last: int) -> None:
    assert joined(LINE, LINE[first:last]) == LINE


def test_characters_that_the_edge_cut_in_two_do_not_hinder() -> None:
    assert joined(LINE[:40] + "l", "k" + LINE[21:]) == LINE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Director", "Producer"),
        ("a quiet morning", "a loud evening"),
        ("", "text"),
        ("new york news", "old york views"),
    ],
)
def test_what_shares_little_or_differs_around_it_is_not_joined(one: str, other: str) -> None:
    assert joined(one, other) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Chapter 1", "Chapter 2", True),
        ("第1章 市场", "第2章 市场", True),
        ("12:00:01", "12:00:02", False),
        ("1 - 0", "1 - 1", False),
        ("Chapter 1", "chapter 1", False),
        ("Chapter 1", "Lecture 2", False),
    ],
)
def test_the_same_words_with_other_numbers_are_renumbered(one: str, other: str, *, expected: bool) -> None:
    assert is_renumbered(one, other) is expected
