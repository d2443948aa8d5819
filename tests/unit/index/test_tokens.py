"""Words of texts: insignificant characters are dropped, and terms are adjacent only if the text has them adjacent."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import MAX_TERM_LENGTH, PhraseTerm, fold, phrase_of, searchable, terms_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHUNK = 4096
TEXTS = st.text(max_size=60)
DENSE = st.text(st.sampled_from("한국방송강가힣々〇東京タワーのっー葛"), min_size=1, max_size=12)
# Signs without a letter to stand on join the space before them.
WORDS = st.one_of(
    DENSE,
    st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8),
    st.sampled_from(
        ["l'école", "don't", "harbour's", "4K映像", "AT&T", "snake_case", "Straße", "東京2024年", "-", "!?"]
    ),
)


def terms(text: str) -> list[str]:
    return list(terms_of(text))


def places_of(text: str) -> Mapping[int, set[str]]:
    """Return the terms of a text at each of its places, as scenes store them."""
    places: defaultdict[int, set[str]] = defaultdict(set)
    at = 0
    for token in tokens_of(text):
        for number, term in enumerate((*token.terms, token.last) if token.last else token.terms):
            places[at + number].add(term)
        at += token.places
    return places


def stands_in(phrase: tuple[PhraseTerm, ...], text: str) -> bool:
    places = places_of(text)
    return any(all(_is_at(one, places.get(start + one.place, set())) for one in phrase) for start in list(places))


def _is_at(one: PhraseTerm, found: set[str]) -> bool:
    return one.term in found or (one.is_prefix and any(term.startswith(one.term) for term in found))


def all_characters() -> Iterator[str]:
    """All of Unicode in texts of moderate length, each character between spaces."""
    for start in range(0, sys.maxunicode + 1, CHUNK):
        yield " ".join(map(chr, range(start, start + CHUNK)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Good morning, from the HARBOUR!", ["good", "morning", "from", "the", "harbour"], id="words"),
        pytest.param("room 101b", ["room", "101b"], id="numbers"),
        pytest.param("snake_case.mp4", ["snake", "case", "mp4"], id="underscore and point"),
        pytest.param("harbour's", ["harbour"], id="possessive"),
        pytest.param("harbour\u2019s", ["harbour"], id="possessive with a typographic apostrophe"),
        pytest.param("l'\u00e9cole qu'il o'brien", ["l", "ecole", "qu", "il", "o", "brien"], id="elision"),
        pytest.param("don't aujourd'hui", ["dont", "aujourdhui"], id="apostrophe inside a word"),
        pytest.param("'quoted' rock 'n' roll", ["quoted", "rock", "n", "roll"], id="apostrophes around words"),
        pytest.param("", [], id="nothing"),
        pytest.param("!? \u2026 \u2014 '", [], id="signs"),
        pytest.param("\U0001f600\ufe0f \U0001f468\u200d\U0001f469", [], id="pictures"),
        pytest.param("港", ["港"], id="one dense character"),
        pytest.param("東京タワー", ["东京", "京タ", "タワ", "ワー", "ー"], id="a run of dense characters"),
        pytest.param("한국 방송", ["한국", "국", "방송", "송"], id="two runs"),
        pytest.param("二〇二四年", ["二〇", "〇二", "二四", "四年", "年"], id="a year in ideographs"),
        pytest.param("4K映像abc", ["4k", "映像", "像", "abc"], id="both kinds without a space"),
        pytest.param("東京・大阪", ["东京", "京", "大阪", "阪"], id="a dot between runs"),
        pytest.param("ကြော။ ပြီ၊", ["ကြ", "ြေ", "ော", "ာ", "ပြ", "ြီ", "ီ"], id="Burmese ends of sentences"),
        pytest.param("हिन्दी।", ["हिन्दी"], id="Devanagari with its end of a sentence"),
        pytest.param("\U00020bb7野家", ["\U00020bb7野", "野家", "家"], id="ideograph beyond the basic plane"),
    ],
)
def test_a_text_is_found_by_its_words(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("HARBOUR", "harbour", id="case"),
        pytest.param("STRASSE", "stra\u00dfe", id="sharp s"),
        pytest.param("\u03a3\u0391\u03a3", "\u03c3\u03b1\u03c2", id="final sigma"),
        pytest.param("\u0130stanbul", "istanbul", id="dotted I"),
        pytest.param("\u00e9cole", "ecole", id="accent"),
        pytest.param("e\u0301cole", "\u00e9cole", id="accent as a character of its own"),
        pytest.param("\u1e3c\u0148", "ln", id="several accents"),
        pytest.param("S\u00f8ren \u0141\u00f3d\u017a \u0110or\u0111e", "soren lodz dorde", id="strokes"),
        pytest.param("\u00c6r\u00f8 \u01fd c\u0153ur", "aero ae coeur", id="letters written as one"),
        pytest.param("Kad\u0131k\u00f6y", "KADIKOY", id="dotless i"),
        pytest.param("a\x00b\ud83dc", "abc", id="what cannot be stored"),
        pytest.param("\u0451\u043b\u043a\u0430", "\u0435\u043b\u043a\u0430", id="Cyrillic accent"),
        pytest.param("\uff21\uff22\uff23\uff11", "abc1", id="wide letters"),
        pytest.param("\uff76\uff9e\uff77\uff9e", "ガギ", id="narrow kana"),
        pytest.param("か\u3099", "が", id="kana with a mark of its own"),
        pytest.param("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국", id="Hangul letter by letter"),
        pytest.param("\ufb01sh \u2167", "fish viii", id="ligatures"),
        pytest.param("שָׁלוֹם", "שלום", id="points of Hebrew"),
        pytest.param("مُحَمَّد", "محمد", id="points of Arabic"),
        pytest.param("أحمد", "احمد", id="hamza"),
        pytest.param("مـــحمد", "محمد", id="stretched Arabic"),
        pytest.param("می\u200cکنم", "میکنم", id="letters that do not join"),
        pytest.param("Donau\u00addampf", "donaudampf", id="soft hyphen"),
        pytest.param("葛\U000e0100城", "葛城", id="form of an ideograph"),
        pytest.param("한국\u200b방송", "한국방송", id="space of no width"),
        pytest.param("\ufeffharbour", "harbour", id="byte order mark"),
        pytest.param("क्\u200dष", "क्ष", id="joiner"),
    ],
)
def test_what_does_not_matter_is_left_out(one: str, other: str) -> None:
    assert terms(one) == terms(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("か", "が", id="marks of kana"),
        pytest.param("कमल", "कमाल", id="vowels of Devanagari"),
        pytest.param("แม", "แม่", id="tones of Thai"),
        pytest.param("ひと", "ヒト", id="kinds of kana"),
    ],
)
def test_what_matters_is_kept(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_the_words_of_a_folded_text_are_those_of_the_text(text: str) -> None:
    assert list(tokens_of(fold(text))) == list(tokens_of(text))


def test_folding_again_changes_no_character_of_unicode() -> None:
    assert [hex(ord(text[0])) for text in all_characters() if fold(fold(text)) != fold(text)] == []


def test_no_term_has_anything_that_would_have_to_be_escaped_in_a_literal() -> None:
    found = {character for text in all_characters() for term in terms_of(text) for character in term}

    assert {character for character in found if character.isascii()} == set("abcdefghijklmnopqrstuvwxyz0123456789")
    assert not any(character.isspace() for character in found)


@given(st.lists(WORDS, max_size=5).map(" ".join) | TEXTS)
def test_every_term_stands_in_the_bare_text(text: str) -> None:
    assert all(term in searchable(text) for term in terms_of(text))


@given(TEXTS)
def test_terms_are_never_empty_nor_longer_than_counts(text: str) -> None:
    assert all(1 <= len(term) <= MAX_TERM_LENGTH for term in terms_of(text))


def test_of_a_very_long_word_the_beginning_counts() -> None:
    assert terms("a" * 1000) == ["a" * MAX_TERM_LENGTH]
    assert phrase_of("a" * 1000) == phrase_of("a" * MAX_TERM_LENGTH)


def test_a_long_text_without_spaces_is_read_in_no_time() -> None:
    assert len(terms("'".join("ab" * 50_000))) == 2
    assert len(terms("한" * 100_000)) == 100_000


@given(TEXTS)
def test_a_word_takes_a_place_for_each_of_its_terms(text: str) -> None:
    for token in tokens_of(text):
        assert len(token.terms) + bool(token.last) == token.places


@given(DENSE)
def test_a_run_is_made_of_the_pairs_that_overlap(run: str) -> None:
    [token] = tokens_of(run)

    assert token.is_dense
    assert token.terms[0] + "".join(term[-1] for term in token.terms[1:]) == fold(run)


@given(TEXTS)
def test_the_phrase_of_a_text_stands_in_it(text: str) -> None:
    phrase = phrase_of(text)

    assert not phrase or stands_in(phrase, text)


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_words_that_follow_one_another_are_a_phrase_of_the_text(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    phrase = phrase_of(" ".join(words[start:end]))

    assert not phrase or stands_in(phrase, " ".join(words))


@given(DENSE, st.data())
def test_any_part_of_a_run_is_a_phrase_of_it(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))

    assert stands_in(phrase_of(run[start:end]), run)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        pytest.param("your country", "country your", id="the other way round"),
        pytest.param("your country", "your old country", id="another word between"),
        pytest.param("your country", "your countrymen", id="the beginning of a word"),
        pytest.param("京都", "東京 都心", id="dense characters with a space between"),
        pytest.param("국방", "한국 방송", id="the end of a word and the beginning of the next"),
    ],
)
def test_what_stands_otherwise_is_no_phrase_of_the_text(phrase: str, text: str) -> None:
    assert not stands_in(phrase_of(phrase), text)


def test_a_dense_character_alone_is_the_beginning_of_pairs() -> None:
    assert phrase_of("港") == (PhraseTerm("港", 0, is_prefix=True),)
    assert stands_in(phrase_of("港"), "今日は港にいます")
    assert stands_in(phrase_of("す"), "今日は港にいます")


def test_a_phrase_keeps_the_places_of_its_terms() -> None:
    assert phrase_of("Le 東京タワー, ouvert") == (
        PhraseTerm("le", 0),
        PhraseTerm("东京", 1),
        PhraseTerm("京タ", 2),
        PhraseTerm("タワ", 3),
        PhraseTerm("ワー", 4),
        PhraseTerm("ouvert", 6),
    )


@pytest.mark.parametrize(
    ("simplified", "traditional"), [("开放时间", "開放時間"), ("台湾大学", "臺灣大學"), ("皇后", "皇后")]
)
def test_both_scripts_of_chinese_have_the_same_terms(simplified: str, traditional: str) -> None:
    assert terms(simplified) == terms(traditional)
