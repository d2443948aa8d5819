"""Choice of the texts on screen that are quoted."""

from __future__ import annotations

import pytest

from scenedex.engines.summaries.composed_signs import LONGEST_SIGN, signs_of
from scenedex.engines.summaries.composed_texts import width
from summary_evidence import scene, sign


def read(*texts: str, quotes: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> list[str]:
    return [one.text for one in signs_of(scene(texts=tuple(map(sign, texts))), quotes, known)]


@pytest.mark.parametrize(
    "text",
    [
        *("12:40", "12:40:05", "9:05 PM", "오전 7:30", "午後3時20分"),
        *("A", "x", "7", "1962", "56Km", "***", "lll", "mnl"),
        "Breaking news of the harbour and the hills: " + "tides of tomorrow, wind of tonight, price of fish; " * 2,
    ],
)
def test_clocks_numbers_letters_and_tickers_are_no_texts(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["EXIT", "BBC", "서울", "出口", "港ニュース", "Pier 4", "Since 1962", "Café"])
def test_words_and_short_names_are_texts(text: str) -> None:
    assert read(text) == [text]


def test_an_uncertain_text_is_left_out() -> None:
    assert not signs_of(scene(texts=(sign("Fish Market", 0.4),)), (), ())


def test_the_large_and_long_shown_text_is_preferred() -> None:
    texts = (
        sign("Small print of the harbour", 0.9, height=0.01, start=11_500),
        sign("FISH MARKET OF LISBON", 0.9, height=0.2),
        sign("Captain of the ferry", 0.9, height=0.2),
        sign("Tides of the morning", 0.9, height=0.2),
    )

    assert "Small print of the harbour" not in [one.text for one in signs_of(scene(texts=texts), (), ())]


def test_two_readings_of_one_text_are_one() -> None:
    assert read("HARBOUR NEWS", "HARB0UR NEWS", "harbour news") == ["HARBOUR NEWS"]


def test_a_caption_of_what_is_said_is_not_read_again() -> None:
    assert read("We sail tonight", quotes=("If the wind turns, we sail tonight",)) == []


def test_a_long_text_is_cut_between_words() -> None:
    (text,) = read("The harbour of the old town and the lighthouse on the cliff above the bay")

    assert width(text) <= LONGEST_SIGN
    assert text.endswith("…")


def test_a_text_of_the_summaries_before_is_known_and_yields_to_others() -> None:
    found = signs_of(scene(texts=(sign("HARBOUR NEWS"), sign("Fish Market"))), (), ("HARBOUR NEWS",))

    assert [(one.text, one.is_known) for one in found] == [("Fish Market", False)]
    assert [one.is_known for one in signs_of(scene(texts=(sign("HARBOUR NEWS"),)), (), ("HARBOUR NEWS",))] == [True]
