"""Conditions on words in the syntax of PostgreSQL."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenedex.index.tokens import phrase_of
from scenedex.search.word_conditions import SAID_FIELDS, SURE_FIELDS, any_of, phrase, term

TEXTS = st.text(min_size=1, max_size=60)
TERM = r"'7:[^'\\ ]+'(?::\*?[AB]*)?"


@pytest.mark.parametrize(
    ("fields", "is_prefix", "written"),
    [
        ("", False, "'7:harbour'"),
        (SURE_FIELDS, False, "'7:harbour':AB"),
        (SAID_FIELDS, False, "'7:harbour':B"),
        ("", True, "'7:harbour':*"),
        (SURE_FIELDS, True, "'7:harbour':*AB"),
    ],
)
def test_a_term_names_its_workspace_and_its_fields(fields: str, is_prefix: bool, written: str) -> None:
    assert term(7, "harbour", fields=fields, is_prefix=is_prefix) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("harbour", "'7:harbour'", id="a word"),
        pytest.param("good morning all", "'7:good' <1> '7:morning' <1> '7:all'", id="words"),
        pytest.param("이순신", "'7:이순' <1> '7:순신'", id="a run"),
        pytest.param("한국 방송", "'7:한국' <2> '7:방송'", id="two runs: the last character has a place as well"),
        pytest.param("港 tower", "'7:港':* <1> '7:tower'", id="a character"),
        pytest.param("O'Brien's", "'7:o' <1> '7:brien'", id="apostrophes"),
    ],
)
def test_the_terms_of_a_phrase_have_the_distances_of_the_text(text: str, written: str) -> None:
    assert phrase(7, phrase_of(text)) == written


def test_all_terms_of_a_phrase_name_its_fields() -> None:
    assert phrase(7, phrase_of("港 tower"), fields=SAID_FIELDS) == "'7:港':*B <1> '7:tower':B"


@given(TEXTS.filter(phrase_of))
def test_the_phrase_of_every_text_is_valid_syntax(text: str) -> None:
    terms = phrase_of(text)
    written = phrase(7, terms, fields=SAID_FIELDS)

    assert re.fullmatch(rf"{TERM}( <\d+> {TERM})*", written)
    assert re.findall(r"'7:([^']*)'", written) == [one.term for one in terms]
    assert [int(found) for found in re.findall(r" <(\d+)> ", written)] == [
        second.place - first.place for first, second in pairwise(terms)
    ]


def test_alternatives_are_joined() -> None:
    assert any_of(["'7:a'", "'7:b' <1> '7:c'"]) == "('7:a') | ('7:b' <1> '7:c')"


def test_empty_conditions_are_left_out() -> None:
    assert any_of(["", "'7:a'", ""]) == "('7:a')"
    assert any_of([""]) == any_of([]) == ""
