from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.engines.keywords.words import korean_stems, runs_of_words, title_of

TEXTS = st.text(st.sampled_from("aB Zz'.,-1 한국어는을이가 日本語の的カー・中文我们\n"), max_size=60)


def words(text: str) -> list[list[str]]:
    return [[word.text for word in run] for run in runs_of_words(text, korean_stems([text]))]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("The fresh fox jumps over the olive tree.", [["fox"], ["olive", "tree"]]),
        ("Germany's parliament, Berlin", [["Germany"], ["parliament"], ["Berlin"]]),
        (
            "The airline cancelled flights because of a strike by its pilots",
            [["airline"], ["flights"], ["strike"], ["pilots"]],
        ),
        ("we strike and they flew to New York", [["New", "York"]]),
        ("don't you know", []),
        ("that sounds interesting, this feature transcribes it", [["feature"]]),
        ("ladies and gentlemen, please fasten your seat belts", [["seat", "belts"]]),
        ("서울에서 인공지능을 연구합니다", [["서울"], ["인공지능"]]),
        ("음악가 작가", [["음악가", "작가"]]),
        ("지하철역이 무슨역 인가요", [["지하철역"]]),
        ("그 힘으로 국제평화를", [["국제평화"]]),
        ("아기가 울까봐 같이가도 괜찮을까요", [["아기"]]),
        ("조금만 그릇에 담아 주실 수 있나요", [["그릇"]]),
        ("경찰은 발생한 사건을 수사했습니다", [["경찰"], ["사건"]]),
        ("저 건물이 국회의사당이에요", [["건물"], ["국회의사당"]]),
        ("맛있는 김치찌개를 얇게 썰어서 넣고", [["김치찌개"]]),
        ("東京タワーで人工知能の研究", [["東京タワー"], ["人工知能"], ["研究"]]),
        ("発売すると発表し、橋を渡る大谷翔平選手が", [["橋"], ["大谷翔平"]]),
        ("我们讨论未来的气候", [["气候"]]),
        ("颱風暫停了捷運", [["颱風"], ["捷運"]]),
        ("K-POP 아이돌", [["K-POP"], ["아이돌"]]),
        ("", []),
        ("!!! ???", []),
    ],
)
def test_words_are_told_apart(text: str, runs: list[list[str]]) -> None:
    assert words(text) == runs


def test_nouns_that_end_like_a_particle_are_whole() -> None:
    assert korean_stems(["고양이 고속도로 고양이가"]) == {
        "고양이": "고양이",
        "고속도로": "고속도로",
        "고양이가": "고양이",
    }
    assert korean_stems(["정부의 정부는"]) == {"정부의": "정부", "정부는": "정부"}
    assert korean_stems(["경기도 첫사랑 수백만"]) == {"경기도": "경기도", "첫사랑": "첫사랑", "수백만": "수백만"}


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("메뉴도", "메뉴"),
        ("손님만", "손님"),
        ("김치랑", "김치"),
        ("매장에서만", "매장"),
        ("국가도", "국가"),
        ("고기도", "고기"),
        ("방법이라도", "방법"),
        ("나가더라도", ""),
        ("받고도", ""),
    ],
)
def test_particles_that_also_end_nouns_are_cut_off(word: str, noun: str) -> None:
    assert korean_stems([word]) == {word: noun}


def test_a_word_that_another_particle_follows_elsewhere_is_whole() -> None:
    assert korean_stems(["삼봉도 삼봉도에서"]) == {"삼봉도": "삼봉도", "삼봉도에서": "삼봉도"}
    assert korean_stems(["삼봉도"]) == {"삼봉도": "삼봉"}


def test_capitals_make_a_name_only_where_nothing_else_explains_them() -> None:
    (run,) = runs_of_words("Yesterday Obama", {})
    assert [(word.text, word.is_name) for word in run] == [("Obama", True)]


@pytest.mark.parametrize("text", ["BREAKING NEWS", "Weather follows. Rain comes", "Rain! Snow"])
def test_capitals_that_begin_a_sentence_or_shout_make_no_name(text: str) -> None:
    assert not any(word.is_name for run in runs_of_words(text, {}) for word in run)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("THE PEACH OPEN MOVIE PROJECT", "PEACH OPEN MOVIE PROJECT"),
        ("Big Buck BUNNY", "Big Buck BUNNY"),
        ("University of Melbourne", "University of Melbourne"),
        ("Earthquake strikes Chile", None),
        ("となりのトトロ", None),
        ("서울 올림픽", None),
        ("We are going to the market and then we come home", None),
        ("and the", None),
        ("12", None),
        ("56K m", None),
        ("", None),
    ],
)
def test_short_texts_are_titles(text: str, title: str | None) -> None:
    found = title_of(text)

    assert (None if found is None else found.text) == title


@given(TEXTS)
def test_words_come_in_order_and_lie_in_the_text(text: str) -> None:
    found = [word for run in runs_of_words(text, korean_stems([text])) for word in run]

    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[word.start :].startswith(word.text) for word in found)
