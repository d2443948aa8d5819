"""Selection of the parts of a scene that match a search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_samples import SCRIPT, TEXT, person, plain_scene, with_findings
from scenedex.index.records import IndexedKeyword
from scenedex.index.tokens import PhraseTerm, phrase_of, terms_of
from scenedex.search.matches import with_matches_only
from scenedex.search.records import FoundBy, QueryPhrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.records import IndexedScene

TEXTS = st.text(st.sampled_from("ab AB'한국방가港,\n"), min_size=1, max_size=8)


def scene(
    *, said: Sequence[str] = (), shown: Sequence[str] = (), keywords: Sequence[str] = (), persons: Sequence[int] = ()
) -> IndexedScene:
    return replace(
        plain_scene(),
        scripts=tuple(replace(SCRIPT, script_id=number, text=text) for number, text in enumerate(said, 1)),
        texts=tuple(replace(TEXT, text=text) for text in shown),
        keywords=tuple(IndexedKeyword(word, "OBJECT", 0.9, ((0, 1000),)) for word in keywords),
        persons=tuple(map(person, persons)),
    )


def said_in(found: IndexedScene) -> list[str]:
    return [line.text for line in found.scripts]


def phrase(text: str, *, is_said: bool = False) -> FoundBy:
    return FoundBy(phrases=(QueryPhrase.of(text, is_said=is_said),))


def test_a_term_matches_in_all_kinds_of_text() -> None:
    whole = scene(
        said=["good morning", "from the Harbour", "good night"],
        shown=["HARBOUR NEWS", "sea"],
        keywords=["harbour", "sea"],
    )

    found = with_matches_only(whole, FoundBy(terms=("harbour",)))

    assert said_in(found) == ["from the Harbour"]
    assert [text.text for text in found.texts] == ["HARBOUR NEWS"]
    assert [keyword.keyword for keyword in found.keywords] == ["harbour"]


@pytest.mark.parametrize(
    ("found_by", "kept"),
    [
        pytest.param(FoundBy(terms=("harbours", "ship")), ["harbours", "a ship"], id="terms"),
        pytest.param(FoundBy(terms=("harbour",)), [], id="a term is a whole word"),
        pytest.param(FoundBy(prefixes=("harb", "sh")), ["harbours", "a ship"], id="beginnings"),
        pytest.param(FoundBy(prefixes=("arb",)), [], id="not the middle of a word"),
        pytest.param(FoundBy(terms=("ecole",)), ["l'\u00e9cole"], id="without accents"),
        pytest.param(FoundBy(prefixes=("港",)), ["今日は港"], id="a dense character"),
        pytest.param(FoundBy(terms=("东京",)), ["東京タワー"], id="a pair of dense characters"),
        pytest.param(phrase("京タワ"), ["東京タワー"], id="a part of a run"),
        pytest.param(phrase("a ship"), ["a ship"], id="a phrase"),
        pytest.param(phrase("ship a"), [], id="a phrase the other way round"),
        pytest.param(FoundBy(), [], id="nothing"),
    ],
)
def test_matching_lines_are_kept(found_by: FoundBy, kept: list[str]) -> None:
    whole = scene(said=["harbours", "a ship", "l'\u00e9cole", "今日は港", "東京タワー", "!?"])

    assert said_in(with_matches_only(whole, found_by)) == kept


def test_matching_persons_are_kept() -> None:
    found = with_matches_only(scene(persons=[4, 5, 6]), FoundBy(persons=(6, 4, 9)))

    assert [one.person_id for one in found.persons] == [4, 6]


def test_a_phrase_said_across_lines_keeps_all_lines_that_it_spans() -> None:
    whole = scene(said=["I said good", "morning", "to all", "good evening", "to all of you"])

    assert said_in(with_matches_only(whole, phrase("good morning to", is_said=True))) == [
        "I said good",
        "morning",
        "to all",
    ]
    assert said_in(with_matches_only(whole, phrase("to all", is_said=True))) == ["to all", "to all of you"]


def test_a_dialogue_matches_only_lines() -> None:
    whole = scene(said=["good morning"], shown=["good morning"], keywords=["good morning"])

    found = with_matches_only(whole, phrase("good morning", is_said=True))

    assert (len(found.scripts), len(found.texts), len(found.keywords)) == (1, 0, 0)


def test_a_phrase_of_a_text_query_does_not_span_lines() -> None:
    whole = scene(said=["good", "morning"], shown=["good morning"])

    found = with_matches_only(whole, phrase("good morning"))

    assert (len(found.scripts), len(found.texts)) == (0, 1)


def test_korean_said_across_lines_is_kept() -> None:
    whole = scene(said=["여기는 한국", "방송 뉴스", "입니다"])

    assert said_in(with_matches_only(whole, phrase("한국 방송", is_said=True))) == ["여기는 한국", "방송 뉴스"]
    assert said_in(with_matches_only(whole, phrase("송 뉴스 입", is_said=True))) == ["방송 뉴스", "입니다"]
    assert said_in(with_matches_only(whole, phrase("국", is_said=True))) == ["여기는 한국"]


def test_a_dense_character_at_the_end_of_a_phrase_may_start_a_pair() -> None:
    said = QueryPhrase((PhraseTerm("tower", 0), PhraseTerm("港", 1, is_prefix=True)), is_said=True)

    found = with_matches_only(scene(said=["tower", "港町", "tower"]), FoundBy(phrases=(said,)))

    assert said_in(found) == ["tower", "港町"]


@given(st.lists(TEXTS, min_size=1, max_size=5), st.data())
def test_consecutive_lines_match_the_phrase_that_they_contain(lines: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    together = "\n".join(lines[start:end])

    if phrase_of(together):
        found = with_matches_only(scene(said=lines), phrase(together, is_said=True))

        # The first and the last line may have no words.
        telling = [line.script_id for line in scene(said=lines).scripts[start:end] if phrase_of(line.text)]
        assert set(telling) <= {line.script_id for line in found.scripts}


@given(TEXTS)
def test_a_text_matches_its_own_phrase(text: str) -> None:
    if phrase_of(text):
        assert len(with_matches_only(scene(shown=[text]), phrase(text)).texts) == 1


@given(TEXTS, st.data())
def test_a_text_matches_each_of_its_terms_and_their_prefixes(text: str, data: st.DataObject) -> None:
    terms = list(terms_of(text))

    if terms:
        term = data.draw(st.sampled_from(terms))
        beginning = term[: data.draw(st.integers(1, len(term)))]
        for found_by in (FoundBy(terms=("zebra", term)), FoundBy(prefixes=("zebra", beginning))):
            found = with_matches_only(scene(shown=[text], said=[text], keywords=[text]), found_by)
            assert (len(found.texts), len(found.scripts), len(found.keywords)) == (1, 1, 1)


def test_the_scene_itself_is_not_changed() -> None:
    whole = with_findings(plain_scene(3, 1000, 2000), 7)

    found = with_matches_only(whole, FoundBy())

    assert found == replace(whole, persons=(), keywords=(), texts=(), scripts=())
