"""Passages: each line or text is in the middle of one, short ones have their neighbours, and a scene has few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenedex.analysis.passages import MAX_GAP_MS, MAX_PASSAGES, MIN_LENGTH, Passage, passages_of

LONG = "The harbour was closed to all ships while the storm went on. " * 2 + "Nobody knew for how long."


def lines(*texts: str, every_ms: int = 1000) -> list[Passage]:
    """Return texts one after another, without gaps."""
    return [Passage(text, place * every_ms, (place + 1) * every_ms) for place, text in enumerate(texts)]


def test_a_long_line_is_a_passage_of_its_own() -> None:
    assert passages_of((), lines(LONG, LONG + " Again.")) == tuple(lines(LONG, LONG + " Again."))


def test_a_short_line_has_its_neighbours_and_keeps_its_time() -> None:
    found = passages_of((), lines(LONG, "Why?", "Nobody knew.", LONG + " Again."))

    assert found[1] == Passage(f"{LONG}\nWhy?\nNobody knew.", 1000, 2000)


def test_neighbours_far_away_are_left_out() -> None:
    spoken = [Passage("Why?", 0, 1000), Passage("Nobody knew.", 1001 + MAX_GAP_MS, 60_000)]

    assert [one.text for one in passages_of((), spoken)] == ["Why?", "Nobody knew."]


def test_characters_of_dense_scripts_count_twice() -> None:
    half = "가나다라마바사아자차카타파하" * 5

    assert len(half) < MIN_LENGTH
    assert passages_of((), lines(half, "끝"))[0].text == half


def test_equal_passages_occur_once_and_texts_are_apart_from_lines() -> None:
    found = passages_of(lines("NEWS", "NEWS"), lines("Good morning."))

    assert found == (Passage("NEWS", 0, 1000), Passage("Good morning.", 0, 1000))


def test_blank_texts_have_no_passage() -> None:
    assert passages_of(lines(" ", ""), ()) == ()


TEXTS = st.integers(1, 90).map(lambda length: "".join(chr(97 + length * place % 26) for place in range(length)))


@given(st.lists(TEXTS, max_size=200), st.lists(TEXTS, max_size=200))
def test_every_word_is_in_a_passage_and_there_are_not_too_many(shown: list[str], said: list[str]) -> None:
    found = passages_of(lines(*shown), lines(*said))

    assert len(found) <= MAX_PASSAGES
    assert all(one.start_ms < one.end_ms for one in found)
    for text in {*shown, *said}:
        assert any(text in one.text for one in found)
