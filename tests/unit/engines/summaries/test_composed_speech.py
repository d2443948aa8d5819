"""Choice of what is quoted of the speech of a scene."""

from __future__ import annotations

import pytest

from scenedex.engines.summaries.composed_speech import LONGEST_QUOTE, LONGEST_SECOND, telling
from scenedex.engines.summaries.composed_texts import width
from summary_evidence import line, lines, person, scene, thing

LONG = (
    "The storm took the roof of the fish market and half of the pier, although the nets are dry, the boats are safe in "
    "the inner harbour, and the baker of the old town opened at seven as she has done on every morning since 1962."
)


def quotes(*texts: str) -> list[str]:
    return [one.quote for one in telling(scene(lines=lines(*texts)), ()).said]


@pytest.mark.parametrize(
    ("dull", "expected"),
    [
        (("Good morning, everyone.", "Okay.", "Well, you know."), "The lighthouse of Lisbon burned down in 1755."),
        (("안녕하세요, 여러분.", "네, 네.", "글쎄요."), "리스본의 등대는 1755년에 불탔습니다."),
        (("皆さん、おはようございます。", "はい。", "そうですね。"), "リスボンの灯台は1755年に焼けました。"),
        (("各位早上好。", "好的。", "是的。"), "里斯本的灯塔在1755年被烧毁。"),
    ],
    ids=["english", "korean", "japanese", "chinese"],
)
def test_the_line_with_names_and_numbers_is_quoted_and_not_the_first(dull: tuple[str, ...], expected: str) -> None:
    assert quotes(*dull, expected)[0].endswith(expected.rstrip(".。"))
    assert not any(quote.startswith(dull[0].rstrip(".。")) for quote in quotes(*dull, expected))


@pytest.mark.parametrize("keyword", ["cat", "dog", "whale", "horse"])
def test_the_keywords_of_the_scene_make_a_line_telling(keyword: str) -> None:
    said = tuple(
        line(f"The {animal} ran to the market.", start=4_000 * place)
        for place, animal in enumerate(("cat", "dog", "whale", "horse"))
    )
    found = telling(scene(lines=said, keywords=(thing(keyword, 0.9, "SPEECH"),)), ())

    assert f"The {keyword} ran to the market" in [one.quote for one in found.said]


def test_a_long_line_is_cut_at_clauses_and_stays_within_the_limit() -> None:
    (quote,) = quotes(LONG)

    assert width(quote) <= LONGEST_QUOTE + 2
    assert quote.strip("…") in LONG
    assert quote.endswith("…")
    assert LONG[LONG.index(quote.strip("…")) + len(quote.strip("…"))] in ", "


def test_the_beginning_of_a_sentence_is_preferred_to_a_part_of_its_middle() -> None:
    text = (
        "The ferry left the harbour with passengers and a cargo of timber at noon, "
        "and the captain of the boat saw whales near Porto and Lisbon in the strait."
    )
    (quote,) = quotes(text)

    assert quote == "The ferry left the harbour with passengers and a cargo of timber at noon…"


def test_a_long_line_without_clauses_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    (quote,) = quotes(text)

    assert quote.endswith("…")
    assert set(quote.strip("…").split()) <= set(text.split())


def test_a_sentence_over_several_lines_is_joined() -> None:
    assert quotes("Ask not what your country", "can do for you, ask what you can do", "for your country.") == [
        "Ask not what your country can do for you, ask what you can do for your country"
    ]


def test_japanese_lines_are_joined_without_spaces() -> None:
    (quote,) = quotes("灯台の階段は、", "312段あります。")

    assert quote == "灯台の階段は、312段あります"


def test_a_question_and_its_answer_are_a_dialogue() -> None:
    said = (
        line("Where were you when the ferry left?", "Anna", 0),
        line("On the pier, with the keys of the lighthouse.", "Tom", 1_500),
    )
    first, second = telling(scene(lines=said), ()).said

    assert (first.name, first.is_question, second.name, second.is_reply) == ("Anna", True, "Tom", True)


def test_an_answer_after_a_long_pause_is_no_reply() -> None:
    said = (
        line("Where were you when the ferry left?", "Anna", 0),
        line("On the pier, with the keys of the lighthouse.", "Tom", 9_000),
    )
    found = telling(scene(lines=said), ())

    assert not any(one.is_reply for one in found.said)
    assert found.is_later


def test_the_second_quote_is_short_and_says_something_else() -> None:
    said = lines(
        "The council rebuilds the lighthouse of Lisbon in 1962.", "The council rebuilds the lighthouse of Lisbon.", LONG
    )
    found = telling(scene(lines=said), ())

    assert len(found.said) == 1 or width(found.said[1].quote) <= LONGEST_SECOND + 2
    assert sum("lighthouse" in one.quote for one in found.said) == 1


def test_a_quote_of_a_summary_before_is_not_repeated() -> None:
    said = lines("The whale came to the museum in 1962.", "The baker opened her shop at seven.")
    found = telling(scene(lines=said), {"The whale came to the museum in 1962"})

    assert found.said[0].quote == "The baker opened her shop at seven"


def test_rough_lines_are_not_quoted_beside_others_and_marked_when_they_are_alone() -> None:
    rough = line("lisbon whale museum of the nineteen sixties", rough=True)
    both = telling(scene(lines=(rough, line("The baker opened her shop.", start=5_000))), ())
    alone = telling(scene(lines=(rough,)), ())

    assert [one.quote for one in both.said] == ["The baker opened her shop"]
    assert [one.is_rough for one in alone.said] == [True]
    assert alone.is_rough


def test_a_few_dull_words_are_heard_and_not_quoted() -> None:
    found = telling(scene(lines=lines("Okay.")), ())

    assert found.is_heard
    assert not found.said


@pytest.mark.parametrize("text", ["", "...", "♪ ♪", "," * 300, "— — —"])
def test_a_line_without_letters_is_not_quoted(text: str) -> None:
    assert not telling(scene(lines=(line(text),)), ()).said


def test_a_label_of_a_speaker_is_no_name() -> None:
    said = (line("The whale came to the museum in 1962.", "Speaker 12"),)

    assert telling(scene(lines=said, persons=(person("Anna"),)), ()).said[0].name is None
