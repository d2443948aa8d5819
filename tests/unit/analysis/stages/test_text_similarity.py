"""Similarity and merging of readings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.stages.text_similarity import extends, is_renumbered, merge, similarity

LINE = "Parliament approves the annual budget after long debate"
texts = st.text(st.sampled_from("abcdeAB 12東京"), max_size=20)


@given(texts, texts)
def test_similarity_is_a_share_and_symmetric(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == similarity(other, one)


@given(texts, texts, texts)
def test_edits_obey_the_triangle_inequality(one: str, middle: str, other: str) -> None:
    def edits(a: str, b: str) -> float:
        a, b = ("".join(text.casefold().split()) for text in (a, b))
        return (1 - similarity(a, b)) * max(len(a), len(b))

    assert edits(one, other) <= edits(one, middle) + edits(middle, other) + 1e-9


@given(texts)
def test_case_and_spacing_do_not_count(text: str) -> None:
    assert similarity(text, text.lower().replace(" ", "")) == 1


@given(st.integers(0, 20), st.integers(35, 55))
def test_two_views_of_a_line_are_merged(first: int, last: int) -> None:
    assert merge(LINE[:last], LINE[first:]) == LINE
    assert merge(LINE[first:], LINE[:last]) == LINE


@given(st.integers(0, 20), st.integers(30, 55))
def test_a_part_is_merged_into_the_whole(first: int, last: int) -> None:
    assert merge(LINE, LINE[first:last]) == LINE


def test_characters_cut_off_at_the_edge_do_not_prevent_merging() -> None:
    assert merge(LINE[:40] + "l", "k" + LINE[21:]) == LINE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Director", "Producer"),
        ("a quiet morning", "a loud evening"),
        ("", "text"),
        ("new york news", "old york views"),
    ],
)
def test_texts_that_share_little_or_differ_around_it_are_not_merged(one: str, other: str) -> None:
    assert merge(one, other) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Chapter 1", "Chapter 2", True),
        ("第1章 市场", "第2章 市场", True),
        ("12:00:01", "12:00:02", True),
        ("1 - 0", "1 - 1", True),
        ("Chapter 1", "chapter 1", False),
        ("Chapter 1", "Lecture 2", False),
    ],
)
def test_the_same_words_with_other_numbers_are_renumbered(one: str, other: str, *, expected: bool) -> None:
    assert is_renumbered(one, other) is expected


def test_marks_beside_letters_do_not_count() -> None:
    assert similarity("$1,299", "$1:299") == 1
    assert similarity("...", "---") == 0


@pytest.mark.parametrize(
    ("longer", "shorter", "expected"),
    [
        ("Open a new browser. Chrome fast", "Open a new browser", True),
        ("Chrome fast. Open a new browser", "Open a new browzer", True),
        ("Open a new browser", "Open a new browser", False),
        ("Open a new browsers", "Open a new browser", False),
        ("Chrome fast and more", "Open a new", False),
        ("anything", "", False),
    ],
)
def test_a_longer_text_extends_one_at_its_beginning_or_end(longer: str, shorter: str, *, expected: bool) -> None:
    assert extends(longer, shorter) is expected


def test_misread_characters_within_two_views_do_not_prevent_merging() -> None:
    assert merge("Storms expected on Friday | Farmers wel", "on Friday I Farmers welcome") is not None
