"""Korean particles by the last sound of a word."""

from __future__ import annotations

import pytest

from scenedex.engines.summaries.korean_particles import last_sound, with_particle


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("김서연", "이", "김서연이"),
        ("박지수", "이", "박지수가"),
        ("김민준", "은", "김민준은"),
        ("이하나", "은", "이하나는"),
        ("박물관", "을", "박물관을"),
        ("바다", "을", "바다를"),
        ("서울", "으로", "서울로"),
        ("부산", "으로", "부산으로"),
        ("제주", "으로", "제주로"),
        ("“갔어요?”", "이라고", "“갔어요?”라고"),
        ("“출발”", "이라고", "“출발”이라고"),
        ("한국", "과", "한국과"),
        ("나라", "과", "나라와"),
        ("바다", "의", "바다의"),
    ],
)
def test_the_form_follows_the_last_consonant_of_hangul(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *(
            ("1", "1이"),
            ("2", "2가"),
            ("3", "3이"),
            ("4", "4가"),
            ("5", "5가"),
            ("6", "6이"),
            ("7", "7이"),
            ("8", "8이"),
        ),
        *(("9", "9가"), ("0", "0이"), ("10", "10이"), ("100", "100이"), ("2000", "2000이"), ("1962", "1962가")),
        *(("4번", "4번이"), ("12:40", "12:40이"), ("1000000000000", "1000000000000가")),
    ],
)
def test_digits_are_read_in_korean(word: str, expected: str) -> None:
    assert with_particle(word, "이") == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *(("Anna", "Anna가"), ("Tom", "Tom이"), ("Omar", "Omar가"), ("Robin", "Robin이"), ("Paul", "Paul이")),
        *(("Kate", "Kate가"), ("Anne", "Anne이"), ("Michelle", "Michelle이"), ("Jerome", "Jerome이")),
        *(("Jack", "Jack이"), ("David", "David가"), ("Chris", "Chris가"), ("Peter", "Peter가"), ("King", "King이")),
        *(("KBS", "KBS가"), ("CNN", "CNN이"), ("URL", "URL이"), ("AI", "AI가"), ("Renée", "Renée가")),
        *(("さくら", "さくら가"), ("ケン", "ケン이")),
    ],
)
def test_letters_and_kana_are_read_aloud(word: str, expected: str) -> None:
    assert with_particle(word, "이") == expected


def test_a_word_without_sound_has_the_form_after_a_vowel() -> None:
    assert last_sound("") == last_sound("…”") == ""
