from __future__ import annotations

import msgspec

from scenedex.analysis.stages.moments import Moment, Span
from scenedex.analysis.stages.terms import FoundKeyword, SaidText, SaidWord, ShownText, find_terms


def span(start: int, end: int) -> Span:
    return Span(Moment(start, 1), Moment(end, 1))


def test_keywords_carry_where_they_come_from_and_when() -> None:
    words = tuple(SaidWord(text, span(10 + at, 11 + at)) for at, text in enumerate(["Welcome", "to", "Berlin"]))

    found = find_terms(
        [ShownText("City Council", 0.95, span(0, 4))], [SaidText("Welcome to Berlin", words, 0.9, span(10, 13))]
    )

    assert {(keyword.keyword, keyword.category, keyword.appearances) for keyword in found} == {
        ("City Council", "TEXT", (span(0, 4),)),
        ("Berlin", "SPEECH", (span(12, 13),)),
    }
    assert [keyword.confidence for keyword in found] == sorted((word.confidence for word in found), reverse=True)


def test_keywords_can_be_stored_and_read_again() -> None:
    found = find_terms([ShownText("City Council", 0.95, span(0, 4))], [])

    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[FoundKeyword, ...]) == found


def test_nothing_shown_and_said_has_no_keywords() -> None:
    assert find_terms([], []) == ()
