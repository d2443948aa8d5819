from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.exports.content import ExportedWord, SceneFinding
from scenedex.exports.cues import cues_of
from scenedex.exports.phrases import columns_of

if TYPE_CHECKING:
    from scenedex.exports.cues import Cue

END_MS: Final = 100_000
LETTERS: Final = st.text(st.sampled_from("ab cd, e. f? 한국 어、日本の。ー「中文、的a!x"), max_size=120)


def line(
    text: str, start_ms: int, end_ms: int, language: str = "EN", speaker: str = "Speaker 1", *, is_rough: bool = False
) -> SceneFinding:
    return SceneFinding("script", start_ms, end_ms, 0.9, text, 1, speaker, language=language, is_rough=is_rough)


def cues(*lines: SceneFinding) -> list[Cue]:
    return cues_of(lines, END_MS)


def rows(*lines: SceneFinding) -> list[tuple[str, ...]]:
    return [cue.rows for cue in cues(*lines)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "EN",
            "Four score and seven years ago, our fathers brought forth on this continent a new nation, born free.",
            [
                ("Four score and seven years ago,",),
                ("our fathers brought forth", "on this continent a new nation, born free."),
            ],
        ),
        (
            "KO",
            "오늘 밤 부산 앞바다에서 어선 한 척이 침몰해 선원 세 명이 실종됐고 해경이 밤새 수색을 벌이고 있습니다.",
            [
                ("오늘 밤 부산 앞바다에서 어선 한", "척이 침몰해 선원 세 명이 실종됐고"),
                ("해경이 밤새 수색을", "벌이고 있습니다."),
            ],
        ),
        (
            "JA",
            "港の灯台は百年前に建てられました。今は誰も住んでいません。",
            [("港の灯台は百年前に", "建てられました。"), ("今は誰も住んでいません。",)],
        ),
        (
            "ZH-CN",
            "港口的灯塔建于一百年前、如今已经没有人居住、每年夏天有很多游客。",
            [("港口的灯塔建于一百年前、", "如今已经没有人居住、"), ("每年夏天有很多游客。",)],
        ),
    ],
)
def test_lines_are_divided_at_phrases(language: str, text: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(line(text, 0, 9000, language)) == expected


def test_a_line_is_shown_when_its_words_are_said() -> None:
    text = "Four score and seven years ago, our fathers brought forth on this continent a new nation."
    words = tuple(ExportedWord(word, 500 * n, 500 * n + 400) for n, word in enumerate(text.split(), 2))

    first, second = cues(SceneFinding("script", 1000, 9000, 0.9, text, words=words))

    assert (first.start_ms, first.end_ms) == (1000, 3900)
    assert second.rows[0].startswith("our fathers")
    assert second.start_ms == 4000


def test_a_pause_divides_a_line() -> None:
    words = (ExportedWord("Wait", 0, 1000), ExportedWord("here", 1100, 2000), ExportedWord("please", 6000, 7000))

    assert rows(SceneFinding("script", 0, 7000, 0.9, "Wait here please", words=words)) == [("Wait here",), ("please",)]


def test_a_short_line_is_shown_for_a_second_if_there_is_a_pause() -> None:
    [cue] = cues(line("Yes.", 5000, 5200))

    assert (cue.start_ms, cue.end_ms) == (5000, 6000)


def test_a_fast_line_is_shown_until_it_can_be_read() -> None:
    [cue] = cues(line("a" * 20 + " " + "b" * 19, 5000, 5500))

    assert cue.end_ms - cue.start_ms == 2000


def test_a_line_before_another_begins_a_little_earlier() -> None:
    first, second = cues(
        line("Yes.", 5000, 5200), line("And then we left the harbour.", 5250, 9000, speaker="Speaker 2")
    )

    assert (first.start_ms, first.end_ms) == (4500, 5200)
    assert second.start_ms == 5250


def test_short_lines_of_a_speaker_are_joined() -> None:
    assert rows(line("Yes.", 0, 300), line("Of course.", 350, 900), line("When?", 950, 2500)) == [
        ("Yes. Of course. When?",)
    ]
    assert len(rows(line("Yes.", 0, 300), line("No.", 350, 900, speaker="Speaker 2"))) == 2


def test_nothing_is_shown_after_the_end() -> None:
    [cue] = cues(line("Yes.", END_MS - 200, END_MS))

    assert (cue.start_ms, cue.end_ms) == (END_MS - 700, END_MS)


def test_a_long_sound_is_shown_for_seven_seconds() -> None:
    [cue] = cues(line("Oh!", 0, 30_000))

    assert cue.end_ms == 7000


def test_rough_lines_have_room_for_their_mark() -> None:
    found = cues_of([line("b" * 20 + " " + "a" * 20, 0, 4000, is_rough=True)], END_MS, rough_mark="[rough] ")

    assert [cue.rows for cue in found] == [("[rough] " + "b" * 20, "a" * 20)]


@given(st.lists(st.tuples(LETTERS, st.integers(200, 20_000), st.sampled_from(["EN", "KO", "JA", "ZH-CN"])), max_size=6))
def test_every_cue_can_be_read(spoken: list[tuple[str, int, str]]) -> None:
    lines: list[SceneFinding] = []
    at = 0
    for text, length, language in spoken:
        lines.append(line(text, at, at + length, language))
        at += length

    found = cues_of(lines, at)

    assert "".join("".join(cue.rows) for cue in found).replace(" ", "") == "".join(text for text, *_ in spoken).replace(
        " ", ""
    )
    for cue in found:
        assert 1 <= len(cue.rows) <= 2
        assert all(columns_of(row) <= 42 for row in cue.rows)
        assert all(row == row.strip() for row in cue.rows)
        assert 0 <= cue.start_ms < cue.end_ms
        assert cue.end_ms - cue.start_ms <= 7000
    assert all(cue.end_ms <= following.start_ms for cue, following in itertools.pairwise(found))
