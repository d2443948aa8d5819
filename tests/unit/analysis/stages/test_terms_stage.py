from __future__ import annotations

from tests.stage_outcomes import between, outcomes, scene, scope, selected, span

from scenedex.analysis.stages.moments import Place
from scenedex.analysis.stages.speech import Utterance, UtteranceWord
from scenedex.analysis.stages.terms import keywords_of
from scenedex.analysis.stages.text import TextRegion


def test_keywords_carry_where_they_come_from_and_when() -> None:
    words = tuple(
        UtteranceWord(span(10 + at, 11 + at), text, 0.9) for at, text in enumerate(["Welcome", "to", "Berlin"])
    )
    inputs = outcomes(
        scope(selected()),
        (scene(0, 20),),
        texts=(TextRegion("City Council", Place(0, 0, 1, 1), 0.95, span(0, 4)),),
        said=((1, Utterance(span(10, 13), "Welcome to Berlin", 0.9, "en", words)),),
    )

    found = keywords_of(inputs).keywords

    assert {(keyword.keyword, keyword.category, keyword.appearances) for keyword in found} == {
        ("City Council", "TEXT", (between(0, 4),)),
        ("Berlin", "SPEECH", (between(12, 13),)),
    }
    assert [keyword.confidence for keyword in found] == sorted((word.confidence for word in found), reverse=True)


def test_uncertain_texts_have_no_keywords() -> None:
    place = Place(0, 0, 1, 1)
    texts = (
        TextRegion("City Council", place, 0.79, span(0, 4)),
        TextRegion("Town Hall", place, 0.81, span(4, 8)),
        TextRegion("Grand Hotel", place, 0.94, span(8, 8.5)),
        TextRegion("Old Bridge", place, 0.96, span(9, 9.5)),
    )

    found = keywords_of(outcomes(scope(selected()), (scene(0, 20),), texts=texts)).keywords

    assert {keyword.keyword for keyword in found} == {"Town Hall", "Old Bridge"}


def test_nothing_shown_and_said_has_no_keywords() -> None:
    assert keywords_of(outcomes(scope(selected()), (scene(0, 20),))).keywords == ()
