"""Units of a query and other forms of them: spelling, inflection, particles, kana and spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import phrase_of
from scenedex.search.dense_forms import equal_runs, spaced_forms, stem_of
from scenedex.search.spelling import compounds, digit_groups, equal_spellings, initials
from scenedex.search.units import units_of


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("harbour", "harbor"),
        ("harbors", "harbour"),
        ("colourful", "colorful"),
        ("organise", "organize"),
        ("organization", "organisation"),
        ("analyse", "analyze"),
        ("centre", "center"),
        ("theaters", "theatre"),
        ("fibre", "fiber"),
        ("dialogue", "dialog"),
        ("defence", "defense"),
        ("travelled", "traveled"),
        ("traveler", "traveller"),
        ("grey", "gray"),
        ("city", "cities"),
        ("box", "boxes"),
        ("crisis", "crises"),
        ("potato", "potatoes"),
        ("women", "woman"),
        ("children", "child"),
        ("knives", "knife"),
    ],
)
def test_words_of_one_meaning_are_spellings_of_each_other(word: str, other: str) -> None:
    assert other in equal_spellings(word)
    assert word in equal_spellings(other)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("four", "for"),
        ("hour", "hor"),
        ("filled", "filed"),
        ("called", "caled"),
        ("news", "new"),
        ("new", "news"),
        ("lens", "len"),
        ("physics", "physic"),
        ("class", "clas"),
        ("bus", "bu"),
    ],
)
def test_words_of_another_meaning_are_no_spellings(word: str, other: str) -> None:
    assert other not in equal_spellings(word)


def test_abbreviations_numbers_and_compounds_have_parts() -> None:
    assert initials("usa") == ("u", "s", "a")
    assert initials("university") == initials("4k") == ()
    assert digit_groups("1000") == ("1", "000")
    assert digit_groups("1234567") == ("1", "234", "567")
    assert digit_groups("007") == digit_groups("0100") == digit_groups("4k") == ()
    assert ("e", "mail", True) in compounds("email")
    assert ("ice", "cream", False) in compounds("icecream")


@pytest.mark.parametrize(
    ("run", "stem", "is_clear"),
    [
        ("서울에서", "서울", True),
        ("서울을", "서울", True),
        ("서울이", "서울", False),
        ("부산으로", "부산", True),
        ("학교에서는", "학교", True),
        ("나라를", "나라", True),
        ("음악가", "음악가", True),
        ("마을", "마을", True),
        ("서울", "서울", True),
        ("東京で", "東京", True),
        ("夜景", "夜景", True),
    ],
)
def test_a_particle_is_no_part_of_a_word(run: str, stem: str, is_clear: bool) -> None:
    assert stem_of(run) == (stem, is_clear)


@pytest.mark.parametrize(
    ("run", "other"),
    [("すし", "スシ"), ("スシ", "すし"), ("人々", "人人"), ("时时", "时々"), ("沢田", "泽田"), ("図书", "图书")],
)
def test_forms_of_japanese_are_equal(run: str, other: str) -> None:
    assert other in equal_runs(run)


@given(st.text(alphabet="すシー人々沢泽東한국", min_size=1, max_size=6))
def test_equal_runs_have_as_many_characters(run: str) -> None:
    assert all(len(one) == len(run) and one != run for one in equal_runs(run))


def test_a_korean_word_has_forms_with_a_space() -> None:
    assert phrase_of("오늘 밤에")[:1] == tuple(spaced_forms("오늘밤"))[1][:1]
    assert [[part.term for part in form] for form in spaced_forms("오늘밤")][:3] == [
        ["오", "늘밤"],
        ["오늘", "늘", "밤"],
        ["오늘", "늘", "밤을"],
    ]
    assert [[part.term for part in form] for form in spaced_forms("국방", "송")] == [["국", "방송"]]
    assert not list(spaced_forms("東京"))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("U.S.A.", ["u+s+a"]),
        ("1,000 ships", ["1+000", "ships"]),
        ("e-mail", ["e", "mail"]),
        ("what you can do for your country", ["country"]),
        ("2026.11", ["2026", "11"]),
    ],
)
def test_initials_and_numbers_are_one_unit(text: str, units: list[str]) -> None:
    assert ["+".join(part.term for part in unit.phrase) for unit in units_of(text)] == units


@pytest.mark.parametrize(
    ("text", "form"),
    [("U.S.A.", "usa"), ("1,000", "1000"), ("e-mail", "email"), ("e mail", "email"), ("harbour", "harbor")],
)
def test_every_unit_has_the_other_form_as_an_equal(text: str, form: str) -> None:
    assert all(phrase_of(form) in unit.equal for unit in units_of(text))


def test_words_with_a_space_between_are_similar_to_one_word() -> None:
    assert all(phrase_of("icecream") in unit.similar for unit in units_of("ice cream"))


@given(st.text(max_size=60))
def test_forms_differ_from_the_unit(text: str) -> None:
    for unit in units_of(text):
        assert unit.phrase not in {*unit.equal, *unit.similar}
        assert all(form and form[0].place == 0 for form in (*unit.equal, *unit.similar))
