"""Search terms of a scene, as PostgreSQL reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_samples import SCRIPT, TEXT, plain_scene
from scenedex.index.records import IndexedFile, IndexedKeyword
from scenedex.index.search_terms import MIN_MISSPELT_LENGTH, lexeme, spelling_variants, terms_of_scene
from scenedex.index.tokens import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenedex.index.records import IndexedScene
    from scenedex.index.search_terms import SceneTerms

ENTRY = re.compile(r"'([^']*)'(?::([0-9A-D,]+))?(?: |$)")
TSVECTOR_BYTES = 2**20 - 1
TEXTS = st.text(max_size=40)
MANY: dict[str, Callable[[int], str]] = {
    "few words": lambda number: f"{number % 3}",
    "short words": lambda number: f"w{number}",
    "long words": lambda number: f"{number:x>63}",
    "Korean": lambda number: chr(0xAC00 + number % 11_172) + chr(0xAC00 + number // 11_172),
    "rare ideographs": lambda number: chr(0x20000 + number % 40_000) + chr(0x4E00 + number // 40_000),
}
# Of long words, this many pass the limit.
ENOUGH = {"few words": 20_000, "long words": 20_000}
WORDS = st.text(st.sampled_from("abcdeé"), min_size=1, max_size=12)


def scene(
    *,
    said: Sequence[str] = (),
    shown: Sequence[str] = (),
    unsure: Sequence[str] = (),
    keywords: Mapping[str, float] | None = None,
) -> IndexedScene:
    return replace(
        plain_scene(),
        scripts=tuple(replace(SCRIPT, text=text) for text in said),
        texts=(
            *(replace(TEXT, text=text, confidence=0.5) for text in shown),
            *(replace(TEXT, text=text, confidence=0.49) for text in unsure),
        ),
        keywords=tuple(IndexedKeyword(word, "OBJECT", sure, ()) for word, sure in (keywords or {}).items()),
    )


def entry(found: IndexedScene, *, file_name: str = "", workspace_id: int = 7) -> SceneTerms:
    return terms_of_scene(found, IndexedFile(workspace_id, file_name))


def read(words: SceneTerms) -> dict[str, list[str]]:
    """Return the places of each term, as PostgreSQL reads the literal, and check that every byte belongs to a term."""
    entries = list(ENTRY.finditer(words.vector))
    assert "".join(match.group() for match in entries) == words.vector
    return {match.group(1): match.group(2).split(",") if match.group(2) else [] for match in entries}


def stored_bytes(entries: Mapping[str, Sequence[str]]) -> int:
    """Return the size that PostgreSQL computes for a vector: aligned terms, the number of places, and the places."""
    return sum(len(term.encode()) + 1 + 2 + 2 * len(places) for term, places in entries.items())


def test_each_kind_of_word_has_its_letter_and_no_phrase_reaches_from_one_kind_into_the_next() -> None:
    found = read(
        entry(
            scene(
                said=["good morning", "harbour"],
                shown=["BUSAN", "news"],
                unsure=["fog"],
                keywords={"sea": 0.5, "ghost": 0.49},
            ),
            file_name="my film.mp4",
        )
    )

    assert found == {
        "7:": [],
        "7:good": ["1B"],
        "7:morning": ["2B"],
        "7:harbour": ["3B"],
        "7:busan": ["12A"],
        "7:news": ["13A"],
        "7:sea": ["22A"],
        "7:ghost": ["31C"],
        "7:fog": ["40C"],
        "7:my": ["49D"],
        "7:film": ["50D"],
        "7:mp4": ["51D"],
    }


def test_a_word_that_is_there_several_times_has_several_places() -> None:
    found = read(entry(scene(said=["harbour, harbour"], shown=["Harbour"]), file_name="harbour.mov"))

    assert found == {"7:": [], "7:harbour": ["1B", "2B", "11A", "28D"], "7:mov": ["29D"]}


def test_a_run_of_dense_characters_has_its_pairs_and_its_last_character() -> None:
    found = read(entry(scene(said=["한국 방송국 가"])))

    assert found == {
        "7:": [],
        "7:한국": ["1B"],
        "7:국": ["2B", "5B"],
        "7:방송": ["3B"],
        "7:송국": ["4B"],
        "7:가": ["6B"],
    }


@pytest.mark.parametrize(
    ("file_name", "found"),
    [
        ("arrival_of_ships.mp4", {"arrival", "of", "ships", "mp4"}),
        ("2024-01-02 interview.final.mkv", {"2024", "01", "02", "interview", "final", "mkv"}),
        ("folder/film.mp4", {"film", "mp4"}),
        ("인터뷰.mp4", {"인터", "터뷰", "뷰", "mp4"}),
        (".mp4", {"mp4"}),
        ("", set[str]()),
    ],
)
def test_a_file_is_found_by_its_name_wherever_it_lay(file_name: str, found: set[str]) -> None:
    assert entry(plain_scene(), file_name=file_name).terms == {"7:", *(f"7:{term}" for term in found)}


def test_a_scene_of_nothing_is_counted_all_the_same() -> None:
    assert read(entry(plain_scene())) == {"7:": []}


@given(said=st.lists(TEXTS, max_size=4), shown=st.lists(TEXTS, max_size=4), workspace_id=st.integers(1, 2**63 - 1))
def test_terms_are_those_of_the_texts_and_of_the_literal(said: list[str], shown: list[str], workspace_id: int) -> None:
    words = entry(scene(said=said, shown=shown), workspace_id=workspace_id)

    assert words.terms == read(words).keys()
    assert words.terms == {
        lexeme(workspace_id, ""),
        *(lexeme(workspace_id, term) for text in (*said, *shown) for term in terms_of(text)),
    }


@pytest.mark.parametrize("odd", ["it's \\ 'quoted'", "a\x00b", "half \ud83d of a pair", "\n\t", "' : * & | ! ( ) <->"])
def test_nothing_in_a_text_ends_the_literal(odd: str) -> None:
    found = read(entry(scene(said=[odd, "harbour"], shown=[odd]), file_name=odd))

    assert "7:harbour" in found
    assert all(re.fullmatch(r"7:\w*", term) for term in found)


@pytest.mark.parametrize("number", [1, 254, 255, 256, 16373, 16374, 16382, 16383, 40_000])
def test_places_end_where_postgresql_ends_them(number: int) -> None:
    found = read(entry(scene(said=["a " * number + "harbour"], shown=["end"])))

    assert found["7:harbour"] == [f"{min(number + 1, 16383)}B"]
    assert found["7:end"] == [f"{min(number + 10, 16383)}A"]
    assert len(found["7:a"]) == min(number, 255)


@pytest.mark.parametrize("kind", MANY)
def test_a_scene_of_very_many_words_is_no_more_than_postgresql_takes(kind: str) -> None:
    words = entry(scene(said=[" ".join(map(MANY[kind], range(ENOUGH.get(kind, 90_000))))]))

    entries = read(words)
    assert stored_bytes(entries) <= TSVECTOR_BYTES
    assert words.terms == entries.keys()


def test_words_of_a_usual_scene_are_all_kept() -> None:
    said = " ".join(map(MANY["short words"], range(50_000)))

    assert len(entry(scene(said=[said])).terms) == 50_001


@given(WORDS.filter(lambda word: len(word) >= MIN_MISSPELT_LENGTH), st.data())
def test_two_words_with_one_mistake_between_them_have_something_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdex"))
    mistaken = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    if len(mistaken) >= MIN_MISSPELT_LENGTH:
        assert not set(spelling_variants(7, word)).isdisjoint(spelling_variants(7, mistaken))


def test_what_is_left_of_a_word_is_without_any_one_of_its_letters() -> None:
    assert spelling_variants(7, "boot") == ["7:boo", "7:boot", "7:bot", "7:oot"]


@pytest.mark.parametrize("word", ["", "a", "cat", "a" * 25, "a" * 64])
def test_of_very_short_and_very_long_words_nothing_is_left(word: str) -> None:
    assert spelling_variants(7, word) == []


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_words_of_other_workspaces_are_other_terms(words: list[str]) -> None:
    vectors = [entry(scene(said=words), workspace_id=number).terms for number in (1, 11, 111)]

    assert all(one.isdisjoint(other) for one, other in pairwise(vectors))
