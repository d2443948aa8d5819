"""Passages: each line or text has one with the words around it, and a scene has few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.passages import LINE_SHARE, MAX_PASSAGES, Passage, passages_of, texts_of, vectors_of_passages


@dataclass(frozen=True)
class Line:
    text: str
    start_ms: int
    end_ms: int


def lines(*texts: str, every_ms: int = 1000) -> list[Line]:
    """Return texts one after another, without gaps."""
    return [Line(text, place * every_ms, (place + 1) * every_ms) for place, text in enumerate(texts)]


def test_each_line_is_a_passage_with_all_lines_as_context() -> None:
    assert passages_of((), lines("Why?", "Nobody knew.")) == (
        Passage("Why?", 0, 1000, "Why?\nNobody knew."),
        Passage("Nobody knew.", 1000, 2000, "Why?\nNobody knew."),
    )


def test_equal_passages_occur_once_and_texts_are_apart_from_lines() -> None:
    found = passages_of(lines("NEWS", "NEWS"), lines("Good morning."))

    assert found == (Passage("NEWS", 0, 1000, "NEWS"), Passage("Good morning.", 0, 1000, "Good morning."))


def test_a_summary_is_a_passage_of_its_own_after_all_others() -> None:
    found = passages_of(lines("NEWS"), lines("Good morning."), Line("A greeting.", 0, 9000))

    assert found[2:] == (Passage("A greeting.", 0, 9000, "A greeting."),)
    assert passages_of((), (), Line(" ", 0, 9000)) == ()


def test_blank_texts_have_no_passage() -> None:
    assert passages_of(lines(" ", ""), ()) == ()


def test_a_text_is_embedded_once() -> None:
    assert texts_of(passages_of(lines("NEWS"), lines("Why?", "Nobody knew."))) == (
        "NEWS",
        "Why?",
        "Why?\nNobody knew.",
        "Nobody knew.",
    )


def test_the_vector_of_a_passage_is_between_its_own_and_that_of_its_context() -> None:
    line, scene = np.array([1, 0], np.float32), np.array([0, 1], np.float32)

    [made] = vectors_of_passages(
        [Passage("Why?", 0, 1, "Why? Nobody knew.")], {"Why?": line, "Why? Nobody knew.": scene}
    )

    assert np.linalg.norm(made) == pytest.approx(1)
    assert made[0] / made[1] == pytest.approx(LINE_SHARE / (1 - LINE_SHARE))


TEXTS = st.integers(1, 90).map(lambda length: "".join(chr(97 + length * place % 26) for place in range(length)))


@given(st.lists(TEXTS, max_size=200), st.lists(TEXTS, max_size=200))
def test_every_word_is_in_a_passage_and_there_are_not_too_many(shown: list[str], said: list[str]) -> None:
    found = passages_of(lines(*shown), lines(*said), Line("whole", 0, 1))

    assert len(found) <= MAX_PASSAGES
    assert all(one.start_ms < one.end_ms for one in found)
    for text in {*shown, *said}:
        assert any(text in one.text for one in found)
